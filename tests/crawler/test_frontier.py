"""What is still to be asked, as far as it is decided without a request."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from crawler.frontier import Frontier
from extractors import address
from extractors.model import Link, Page
from storage import pages
from storage.records import Known, Role

HOME = "https://example.org/amt/"
NEW = "https://example.org/amt/neu/"


@dataclass(frozen=True)
class Section:
    start: tuple[str, ...] = (HOME,)
    scope: tuple[str, ...] = (HOME,)
    documents: bool = True
    max_pages: int = 10
    max_depth: int = 5


@pytest.mark.parametrize("canonical", [None, HOME, "https://example.org/amt/index.html"])
def test_an_unchanged_page_is_not_fetched_to_follow_what_may_be_new(canonical: str | None) -> None:
    lead = Link(uri=NEW, text="Neu")
    shown = Page(uri=HOME, title="Amt", canonical=canonical, links=(lead, Link(uri=HOME, text="Start")))
    stored = pages.stored(shown, lambda: pytest.fail("its text, title and links were fetched"))
    known = Known(
        uri=HOME, address=address.key(HOME), role=Role.PAGE, depth=0, label="", etag=None, last_modified=None,
        last_good=1, page=stored, leads=(lead,),
    )  # fmt: skip
    frontier = Frontier(Section(), [known])
    assert [one.uri for one in frontier.seeds()] == [HOME]
    assert [one.uri for one in frontier.links(stored, 0)] == [NEW]
    assert list(frontier.links(stored, 0)) == []


def test_the_address_that_a_page_names_as_its_own_is_asked() -> None:
    frontier = Frontier(Section())
    assert len(list(frontier.seeds())) == 1
    shown = Page(uri=f"{HOME}?sid=1", title="Neu", canonical=NEW)
    assert [one.uri for one in frontier.links(shown, 0)] == [NEW]
