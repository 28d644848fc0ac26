"""How pages go to a reader process and come back: as their values alone."""

from __future__ import annotations

import copy
import pickle
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from extractors.model import (
    Attachment,
    Block,
    BlockKind,
    FileInfo,
    Hints,
    Link,
    Notice,
    Outcome,
    Page,
    PageKind,
    Part,
    Reading,
    Shown,
    StatedDate,
)

_LINK = Link(uri="https://amt.example/a", text="Amt")
_BLOCK = Block(
    kind=BlockKind.ITEM,
    text="Das Amt ist geschlossen.",
    links=(_LINK, Link(uri="https://amt.example/b", text="w" * 500)),
    level=2,
    sheet=3,
    rule="main",
    contacts=(Link(uri="tel:030", text="030"),),
)
_PAGE = Page(
    uri="https://amt.example/",
    title="Amt",
    kind=PageKind.PRESS,
    language="de",
    blocks=(_BLOCK, _BLOCK),
    notices=(Notice(title="Hinweis", blocks=(_BLOCK,), certain=True),),
    attachments=(Attachment(uri="https://amt.example/a.pdf", label="A", size="1 kB", format="PDF", note="Stand 2024"),),
    frame=(_BLOCK,),
    links=(_LINK,),
    feeds=("https://amt.example/rss",),
    breadcrumb=("Start", "Amt"),
    dates=(StatedDate(day=date(2024, 5, 3), role="press", quote="vom 3.5.2024"),),
    canonical="https://amt.example/c",
    identity="7",
    extractor="generic",
    extractor_version="3",
    file=FileInfo(title="A", sheets=2),
    choice="x main 1",
)
_SHOWN = Shown(part=Part.TEXT, rule="main", kind=BlockKind.ROW, text="A | B")


@pytest.mark.parametrize(
    "whole",
    [
        Reading(outcome=Outcome.OK, rule="read", detail="x", page=_PAGE, shown=(_SHOWN,), assets=("a.css",)),
        Reading(outcome=Outcome.FAILED, rule="reader-error"),
        Hints(extractor="auto", main=("main",), ignore=("footer",), previous=_PAGE, pdf_engines=("pypdf",)),
        Hints(),
    ],
    ids=lambda whole: type(whole).__name__,
)
def test_what_goes_to_a_reader_comes_back_the_same(whole: object) -> None:
    back = pickle.loads(pickle.dumps(whole))
    assert type(back) is type(whole)
    assert back == whole
    assert repr(back) == repr(whole)
    assert copy.deepcopy(whole) == whole


@pytest.mark.parametrize("kind", [Block, Notice, Attachment, Page, Hints, Reading])
def test_what_is_packed_has_no_value_beside_its_fields(kind: type[Any]) -> None:
    assert kind.__slots__ == tuple(one.name for one in fields(kind))


def test_links_that_pages_share_are_one_object() -> None:
    one, other = (pickle.loads(pickle.dumps(_PAGE)) for _ in range(2))
    assert one.links[0] is other.links[0]
