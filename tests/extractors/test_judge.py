"""Promises of extractors.judge: what stands in for a page never passes for it, and a page that only looks odd does."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.judge import judge
from extractors.model import Answer, Block, BlockKind, Hints, Outcome, Page, PageKind
from extractors.read import read
from tests.extractors import bad_pages

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
BAD = {
    Outcome.BLOCKED: bad_pages.BLOCKED,
    Outcome.MAINTENANCE: bad_pages.MAINTENANCE,
    Outcome.SOFT404: bad_pages.NOT_FOUND,
    Outcome.WALL: [*bad_pages.LOGIN, *bad_pages.CONSENT, *bad_pages.SCRIPT],
    Outcome.EMPTY: bad_pages.EMPTY,
    Outcome.TRUNCATED: bad_pages.TRUNCATED,
    Outcome.CHARSET: bad_pages.MOJIBAKE,
    Outcome.FAILED: bad_pages.BROKEN,
}
CASES = [(outcome, body) for outcome, bodies in BAD.items() for body in bodies]
WHOLE = bad_pages.html("Städtepartnerschaft", f"<div><article>{bad_pages.GOOD_TEXT}</article></div>", frame=True)


def answer(body: str | bytes = WHOLE, status: int = 200, *, complete: bool = True, **headers: str) -> Answer:
    encoded = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Answer(
        uri="https://h.example/a/b", status=status, headers=tuple(fields.items()), body=encoded, complete=complete
    )


def page(*texts: str, title: str = "Titel", kind: PageKind = PageKind.ARTICLE) -> Page:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)
    return Page(uri="https://h.example/a/b", title=title, blocks=blocks, kind=kind)


def good_page(body: str = WHOLE) -> Page:
    reading = read(answer(body), Hints())
    assert reading.outcome is Outcome.OK
    assert reading.page is not None
    return reading.page


def test_there_are_sixty_bad_pages() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize(("outcome", "body"), CASES)
def test_a_stand_in_with_status_200_is_seen(outcome: Outcome, body: str) -> None:
    assert read(answer(body), Hints()).outcome is outcome


@pytest.mark.parametrize("body", [body for outcome, body in CASES if outcome is not Outcome.TRUNCATED])
def test_a_stand_in_is_seen_beside_the_last_good_page_too(body: str) -> None:
    assert not read(answer(body), Hints(previous=good_page())).outcome.good


@pytest.mark.parametrize("body", bad_pages.GOOD)
def test_a_good_page_that_looks_like_one_is_read(body: str) -> None:
    assert read(answer(body, Content_Length=str(len(body.encode()))), Hints()).outcome is Outcome.OK


WHOLE_PAGES = sorted(
    path for path in (SHARED / "berlin_de" / "html").glob("*.html") if not path.name.endswith(".partial.html")
)


@pytest.mark.skipif(not (SHARED / "berlin_de" / "html").is_dir(), reason="the collection of real pages is not here")
@pytest.mark.parametrize("path", WHOLE_PAGES, ids=lambda path: path.name)
def test_real_pages_are_good_and_their_cuts_are_not(path: Path) -> None:
    body = path.read_bytes()
    whole = read(answer(body), Hints())
    assert whole.outcome is Outcome.OK, (whole.rule, whole.detail)
    for part in (0.15, 0.35, 0.55, 0.75):
        assert read(answer(body[: int(len(body) * part)]), Hints(previous=whole.page)).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (304, {}, "", Outcome.UNCHANGED),
        (301, {"Location": "/neu/"}, "", Outcome.MOVED),
        (308, {"Location": "https://h.example/a/b/"}, WHOLE, Outcome.MOVED),
        (302, {}, "", Outcome.FAILED),
        (404, {}, WHOLE, Outcome.GONE),
        (410, {}, "", Outcome.GONE),
        (401, {}, "", Outcome.DENIED),
        (403, {}, "<title>403 Forbidden</title><h1>Forbidden</h1>", Outcome.DENIED),
        (403, {}, bad_pages.BLOCKED[0], Outcome.BLOCKED),
        (451, {}, "", Outcome.DENIED),
        (400, {}, "", Outcome.FAILED),
        (408, {}, "", Outcome.FAILED),
        (429, {}, "<title>429 Too Many Requests</title>", Outcome.FAILED),
        (429, {"Retry-After": "3600"}, "", Outcome.FAILED),
        (500, {}, bad_pages.MAINTENANCE[0], Outcome.FAILED),
        (502, {}, "", Outcome.FAILED),
        (503, {}, "", Outcome.FAILED),
        (503, {"Retry-After": "3600"}, "", Outcome.MAINTENANCE),
        (503, {}, bad_pages.MAINTENANCE[0], Outcome.MAINTENANCE),
        (503, {}, bad_pages.BLOCKED[0], Outcome.BLOCKED),
        (403, {"cf-mitigated": "challenge"}, "", Outcome.BLOCKED),
        (200, {"cf-mitigated": "challenge"}, WHOLE, Outcome.BLOCKED),
        (202, {"x-amzn-waf-action": "challenge"}, "", Outcome.BLOCKED),
        (200, {"Rimon": "RWC_BLOCK"}, WHOLE, Outcome.BLOCKED),
        (200, {"Retry-After": "600"}, bad_pages.html("Amt", "<p>Bitte versuchen Sie es später wieder.</p>"), Outcome.MAINTENANCE),
        (204, {}, "", Outcome.EMPTY),
        (206, {"Content-Range": "bytes 0-9/20"}, WHOLE, Outcome.TRUNCATED),
        (100, {}, "", Outcome.FAILED),
        (999, {}, "", Outcome.FAILED),
    ],
)  # fmt: skip
def test_the_status_and_head_are_heard_first(status: int, headers: dict[str, str], body: str, outcome: Outcome) -> None:
    reading = read(answer(body, status, **headers), Hints())
    assert reading.outcome is outcome
    assert reading.rule


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 403])
def test_a_server_in_trouble_never_makes_a_page_gone(status: int) -> None:
    for body in ("", bad_pages.NOT_FOUND[0], bad_pages.MAINTENANCE[0]):
        assert read(answer(body, status), Hints()).outcome not in (Outcome.GONE, Outcome.SOFT404, Outcome.OK)


def test_a_transfer_that_ended_early_is_cut_whatever_it_shows() -> None:
    assert read(answer(complete=False), Hints()).outcome is Outcome.TRUNCATED
    assert read(answer(b"", complete=False), Hints()).outcome is Outcome.TRUNCATED


@pytest.mark.parametrize("percent", range(4, 98, 5))
def test_a_cut_that_the_transfer_hid_is_seen(percent: int) -> None:
    """The upstream stated the length of what it had: only the document itself tells."""
    body = WHOLE.encode()[: len(WHOLE.encode()) * percent // 100]
    cut = answer(body, Content_Length=str(len(body)))
    assert read(cut, Hints(previous=good_page())).outcome not in (Outcome.OK, Outcome.SUSPECT)


@pytest.mark.parametrize(
    "tail", ["</html>", "</HTML>\n<!-- Cache: 2025-11-14 23:30:25 -->", "</body>", "</html><script>count()</script>"]
)
def test_a_whole_page_of_unstated_length_is_read(tail: str) -> None:
    body = WHOLE.replace("</body></html>", tail)
    assert read(answer(body), Hints()).outcome is Outcome.OK


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (PDF, Outcome.OK),
        (PDF + b"\n" * 500, Outcome.OK),
        (PDF[:-7], Outcome.TRUNCATED),
        (PDF.replace(b"\n9\n", b"\n90000\n"), Outcome.TRUNCATED),
        (PDF + b"2 0 obj<</Length 9000>>stream\n" + b"x" * 4000, Outcome.TRUNCATED),
    ],
)
def test_a_document_must_reach_its_end(body: bytes, outcome: Outcome) -> None:
    document = page("Text", kind=PageKind.DOCUMENT)
    assert judge(answer(body, Content_Type="application/pdf"), document, Hints()).outcome is outcome


LONG = tuple(
    f"Absatz {n}: Das Landesamt informiert über Teilhabe, Kooperation und Verwaltung, Kapitel {n}." for n in range(12)
)
OTHER = tuple(f"Lieferbar sofort: Turnschuhe, Rabatte und Versandkosten gratis, Artikel {n}." for n in range(12))
_FINE = "<html><body><p>fein</p></body></html>"


@pytest.mark.parametrize(
    ("now", "before", "outcome"),
    [
        (page(*LONG[:2]), page(*LONG), Outcome.SUSPECT),
        (page(*LONG[:5]), page(*LONG), Outcome.OK),
        (page(*OTHER, title="Sonderangebote"), page(*LONG, title="Städtepartnerschaft"), Outcome.SUSPECT),
        (page(*OTHER), page(*LONG), Outcome.OK),
        (page(*OTHER, title="22. Sozialseminar in Moskau"), page(*LONG, title="22. Sozialseminar in Berlin"), Outcome.OK),
        (page(*LONG, *OTHER, title="Neu"), page(*LONG, title="Alt"), Outcome.OK),
        (page(*LONG, title="22. Seminar"), page("Der Termin folgt in Kürze."), Outcome.OK),
        (page("Kurz."), page("Der Termin folgt in Kürze, sagt das Amt."), Outcome.OK),
        (page(*LONG[:1]), None, Outcome.OK),
        (page(*LONG[:1], kind=PageKind.FEED), page(*LONG, kind=PageKind.FEED), Outcome.TRUNCATED),
    ],
)  # fmt: skip
def test_only_against_the_last_good_look_is_a_page_suspect(now: Page, before: Page | None, outcome: Outcome) -> None:
    assert judge(answer(_FINE), now, Hints(previous=before)).outcome is outcome


def test_a_known_page_with_a_banner_put_on_it_stays_the_page() -> None:
    banner = "Diese Website wird derzeit gewartet. Bitte versuchen Sie es später."
    before = page("Das Landesamt pflegt den Austausch mit Fachleuten.", "Gäste melden sich schriftlich an.")
    now = page(banner, *(block.text for block in before.blocks))
    assert judge(answer(_FINE), now, Hints(previous=before)).outcome is Outcome.OK
    assert judge(answer(_FINE), page(banner), Hints(previous=before)).outcome is Outcome.MAINTENANCE


def test_a_text_that_says_such_a_thing_in_passing_is_the_page() -> None:
    """The telling sentences must make up a good part of a short text."""
    said = "Diese Website benötigt JavaScript."
    assert judge(answer(_FINE), page(*LONG[:3], said), Hints()).outcome is Outcome.OK
    assert judge(answer(_FINE), page(said), Hints()).outcome is Outcome.WALL
    cookies = "Diese Website nutzt Cookies."
    assert judge(answer(_FINE), page(cookies), Hints()).outcome is Outcome.OK, "nobody is asked to agree"


def test_damage_that_was_there_before_is_the_page() -> None:
    worn = page("F\ufffdr B\ufffdrger in M\ufffdnchen", title="Alt")
    body = _FINE.replace("fein", worn.text)
    assert judge(answer(body), worn, Hints(previous=worn)).outcome is Outcome.OK
    assert judge(answer(body), worn, Hints(previous=page("Für Bürger in München"))).outcome is Outcome.CHARSET
    assert judge(answer(body), worn, Hints()).outcome is Outcome.CHARSET


def test_a_page_that_no_reader_understood_is_failed() -> None:
    assert judge(answer(_FINE), None, Hints()).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "piece", ["<script>", "<!--", "<a ", "<title>", "<h1>", "Diese Seite ", "bestätigen ", "<p>kein Roboter"]
)
def test_hostile_markup_is_judged_without_search_running_wild(piece: str) -> None:
    judge(answer(piece * 30_000), page(piece * 200), Hints())
