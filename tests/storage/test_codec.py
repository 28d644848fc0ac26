"""Times, digests, pages and rows come back as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Attachment, Block, Link, Notice, Page, StatedDate
from storage import seals
from storage.archive import Archive
from storage.codec import RowCodec, dump_page, frame_digest, load_page, moment, plain, stamp, unwritten, written
from storage.records import Change, SeminarRow, Watch
from storage.seals import seal
from tests.storage.makers import SOURCE, Watching, concluded, page

CELLS = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.binary(), st.text(st.characters(exclude_categories=["Cs"]))
)
EARLY = datetime(2, 1, 1)  # noqa: DTZ001 - hypothesis wants it without a zone
TIMES = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]), min_value=EARLY)
for kind in (Link, Block, Notice, Attachment, StatedDate):
    st.register_type_strategy(kind, st.builds(kind))
PAGES = st.builds(Page)


@given(TIMES, TIMES)
def test_stamps_sort_like_times(one: datetime, other: datetime) -> None:
    assert moment(stamp(one)) == one
    assert (stamp(one) < stamp(other)) == (one < other)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself


@given(st.binary(min_size=32, max_size=32))
def test_digests_come_back(digest: bytes) -> None:
    assert unwritten(written(digest)) == digest


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:00", "md5:" + "0" * 64, "sha256:" + "z" * 64])
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"SHA-256|hexadecimal"):
        unwritten(text)


@given(PAGES)
def test_pages_come_back(page: Page) -> None:
    assert load_page(dump_page(page)) == page
    assert dump_page(load_page(dump_page(page))) == dump_page(page)
    assert len(frame_digest(page)) == 32


def test_a_page_is_short_and_keeps_its_digest_when_fields_are_added() -> None:
    page = Page(
        uri="https://example.org/", title="Tür", dates=(StatedDate(day=date(2026, 1, 5), role="press", quote="x"),)
    )
    dates = '[{"day":"2026-01-05","role":"press","quote":"x"}]'
    assert dump_page(page).decode() == f'{{"uri":"https://example.org/","title":"Tür","dates":{dates}}}'


@given(st.text(max_size=20))
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_lone_surrogates_are_replaced_one_by_one() -> None:
    assert plain("a\ud83db\udc00\udc00😀") == "a\ufffdb\ufffd\ufffd😀"
    page = replace(Page(uri="u", title="\ud800"), blocks=())
    assert load_page(dump_page(page)).title == "\ufffd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
SAFE = st.text()


@pytest.mark.parametrize("kind", [Watch, SeminarRow, Change])
def test_rows_come_back(kind: type[Any]) -> None:
    codec: RowCodec[Any] = RowCodec(kind)
    st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC), min_value=EARLY))
    json_fields = {"before": JSON, "after": JSON, "facts": st.dictionaries(SAFE, JSON)} if kind is Change else {}

    @given(st.builds(kind, **json_fields))
    def comes_back(value: Any) -> None:
        row = codec.row(value)
        assert all(cell is None or isinstance(cell, str | int | float | bytes) for cell in row.values())
        row["seal"] = seal(row)  # type: ignore[assignment]
        assert codec.value(row) == value  # type: ignore[arg-type]  # a row is read by its names only

    comes_back()


def test_pages_share_the_links_that_they_have_in_common() -> None:
    """A section of five thousand pages with the same menu on each is held in memory at once."""
    links = (Link(uri="https://example.org/a/", text="Weiter"), Link(uri="https://example.org/b/"))
    one, other = (load_page(dump_page(page(f"https://example.org/{name}", name, links=links))) for name in "xy")
    assert one.links == links
    assert all(mine is theirs for mine, theirs in zip(one.links, other.links, strict=True))


def test_lists_of_addresses_share_the_addresses(archive: Archive, watching: Watching) -> None:
    watching.begin()
    linking = [f"https://example.org/a/{name}" for name in "pq"]
    for name in linking:
        watching.see(name, "text")
    crawl = watching.end()
    detection = concluded(archive, crawl)
    asked = tuple(replace(each, linked_from=("example.org/a/p", "example.org/a/q")) for each in detection.watches)
    archive.commit_detection(crawl, replace(detection, watches=asked))
    one, other = archive.state_before(crawl, SOURCE).watches.values()
    assert one.linked_from == ("example.org/a/p", "example.org/a/q")
    assert all(mine is theirs for mine, theirs in zip(one.linked_from, other.linked_from, strict=True))


@given(st.lists(CELLS, min_size=1), st.integers(0, 5))
def test_the_seal_of_a_row_with_long_cells_is_that_of_any_other(cells: list[object], long: int) -> None:
    row = {f"{number:03}": cell for number, cell in enumerate(cells)}
    whole = seal(row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seals, "_LONG", max(long, 1))
        assert seal(row) == whole
