"""F34 on pages: a hundred hostile texts, in every place of an archive that a website fills, on every page of the view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from alerts.digest import close_window
from alerts.model import Subscription, WebSettings
from extractors import address
from extractors.html import Element
from extractors.model import Attachment, Block, BlockKind, Link, Notice, Outcome, Page, PageKind, Reading
from storage.archive import Archive
from storage.records import Change, Mention, NoticeRow, SeminarRow
from tests.alerts import letters
from tests.injection import TEXTS, mark
from tests.storage.makers import MONDAY, SOURCE, Watching, changed, concluded
from tests.web.view import Reply, View, running
from web.settings import Settings

pytestmark = pytest.mark.slow

HOST = "https://example.org"
ZONE = ZoneInfo("Europe/Berlin")
PER_PAGE = 5
PAGES = len(TEXTS) // PER_PAGE
DAY = timedelta(days=1)
HEAD = b"HTTP/1.1 200 OK\r\nX-Hostile: </title><script>alert(1)</script>\r\nContent-Type: %s\r\n\r\n"
TEAM = Subscription(name="team", to=("lea@example.org",))

_TAGS = """
html head meta title link body a abbr address article aside b bdi blockquote br button caption cite code col colgroup dd del details div dl
dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr i iframe input ins label legend li main mark nav ol option p pre q
s section select small span strong sub summary sup table tbody td tfoot th thead time tr u ul wbr
"""
_ATTRIBUTES = """
id class lang dir title href hreflang rel type name content charset media role scope colspan rowspan headers for value action method
placeholder datetime tabindex open selected checked disabled required min max maxlength size inputmode referrerpolicy reversed autocomplete
spellcheck src sandbox loading width height start cite download
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())


def text(number: int) -> str:
    """A hostile text with its mark."""
    return f"{mark(number)} {TEXTS[number]}"


def numbers(page: int) -> range:
    """The texts that one page holds."""
    return range(page * PER_PAGE, (page + 1) * PER_PAGE)


def uri(page: int) -> str:
    return f"{HOST}/a/{page}"


def page_of(page: int, edition: int) -> Page:
    """A page as a reader of pages would give it; the second edition says the same in another order."""
    found = [text(number) for number in numbers(page)]
    first, *rest = found if edition else reversed(found)
    links = (Link(uri=f"{HOST}/a/{(page + 1) % PAGES}", text=first), Link(uri="javascript:alert(1)", text=first))
    return Page(
        uri=uri(page),
        title=first,
        blocks=tuple(
            Block(kind=kind, text=f"{each} {edition if number else ''}", links=links if number == 1 else ())
            for number, (kind, each) in enumerate(zip((*BlockKind, *BlockKind), [first, *rest], strict=False))
        ),
        notices=(Notice(title=rest[0], blocks=(Block(kind=BlockKind.PARAGRAPH, text=rest[0]),), certain=True),),
        attachments=(
            Attachment(label=rest[1], uri=f"{HOST}/a/{page}.pdf", size=rest[2]),
            Attachment(label=rest[1], uri="javascript:alert(1)", size=""),
        ),
        extractor="generic",
        extractor_version="1",
    )


def body(page: int, edition: int) -> bytes:
    """The page's bytes, as hostile as they can be: nothing is escaped."""
    inside = "\n".join(f"<p title='{text(number)}'>{text(number)}</p>" for number in numbers(page))
    return f"<!DOCTYPE html><title>{text(page)}</title><body>{edition}{inside}".encode()


def fill(path: Path) -> datetime:
    """Two crawls of twenty pages with five texts each; every page and document changed, every register is full."""
    with Archive.open(path, create=True, fleeting=True) as archive:
        archive.record_subscriptions([TEAM.name], MONDAY)
        watching = Watching(archive)
        for edition in range(2):
            watching.now = MONDAY + edition * DAY
            watching.begin()
            for page in range(PAGES):
                read = Reading(outcome=Outcome.OK, rule="text", page=page_of(page, edition))
                watching.see(uri(page), read, body(page, edition), head=HEAD % b"text/html; charset=utf-8")
                document = Page(
                    uri=f"{uri(page)}.pdf", title=text(page), extractor="pdf", extractor_version="1", kind=PageKind.DOCUMENT,
                    blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=f"{text(n)} {edition}") for n in numbers(page)),
                )  # fmt: skip
                watching.see(
                    f"{uri(page)}.pdf", Reading(outcome=Outcome.OK, rule="text", page=document), b"%PDF-1.4 " + bytes([edition]),
                    is_document=True, label=text(page), head=HEAD % b"application/pdf",
                )  # fmt: skip
            crawl = watching.end()
            told = tuple(_changes(archive, crawl)) if edition else ()
            registers = {"notices": tuple(_notices(watching.now)), "seminars": tuple(_seminars(watching.now))}
            archive.commit_detection(crawl, concluded(archive, crawl, *told, **registers))
        around = letters.context()
        close_window(archive, TEAM, replace(around, now=watching.now, sources=(SOURCE,)))
        return watching.now


def _changes(archive: Archive, crawl: object) -> Iterator[Change]:
    for page in range(PAGES):
        before, after = (each.id for each in archive.versions_of(uri(page)))
        yield changed(
            crawl, uri(page), title=text(page * PER_PAGE), summary=" ".join(text(each) for each in numbers(page)),  # type: ignore[arg-type]
            before={"title": text(page), "text": "x"}, after={"title": text(page), "text": text(page)},
            version_before=before, version_after=after, reason=text(page),
        )  # fmt: skip
    for number in range(len(TEXTS)):
        kind = ("notice.changed", "seminar.new", "document.changed", "press.new", "page.moved")[number % 5]
        facts = {
            "notice.changed": ({"text": text(number)}, {"text": f"{text(number)} neu"}),
            "seminar.new": (None, dict.fromkeys(("series", "title", "city", "state"), text(number)) | {"number": 1, "start": None, "end": None}),
            "document.changed": ({"label": text(number), "uri": "javascript:alert(1)", "size": text(number)},) * 2,
            "press.new": (None, {"title": text(number), "date": "2026-01-05", "text": text(number)}),
            "page.moved": (f"{HOST}/{quote(TEXTS[number], safe='')[:300]}", f"{HOST}/a/{number % PAGES}"),
        }[kind]  # fmt: skip
        subject = (
            f"seminar-{number}" if kind == "seminar.new" else f"n{number}" if kind.startswith("notice") else f"{number}"
        )
        yield changed(
            crawl, uri(number % PAGES), mark=f"{number}", kind=kind, subject=subject, title=text(number), summary=text(number),  # type: ignore[arg-type]
            before=facts[0], after=facts[1], facts={"label": text(number), "quote": text(number), "pages": text(number)}, minor=number % 2 == 0,
        )  # fmt: skip


def _notices(now: datetime) -> Iterator[NoticeRow]:
    for number in range(len(TEXTS)):
        yield NoticeRow(
            id=f"n{number}", host="example.org", text=f"{text(number)}\nzweite Zeile", text_digest="sha256:" + f"{number:064x}",
            uris=(uri(0), "javascript:alert(1)"), peak_pages=2, first_seen=MONDAY, last_seen=now, lifted_at=now if number % 2 else None,
        )  # fmt: skip


def _seminars(now: datetime) -> Iterator[SeminarRow]:
    for number in range(len(TEXTS)):
        said = text(number)
        mention = Mention(
            source=SOURCE.name, address=address.key(uri(0)), uri=uri(0), title=said, start=None, end=None, city=said, state="announced",
            quote=said, named_by_title=True, substitute=said, seen_at=MONDAY,
        )  # fmt: skip
        yield SeminarRow(
            id=f"seminar-{number}", series=said, number=number, year=2026, title=said, start=None, end=None, city=said, state="announced",
            substitute=said, quote=said, uri=uri(0), mentions=(mention,), conflicts=(), first_seen=MONDAY, last_seen=now,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """Every page that the view's own links lead to, German and once each."""

    view: View
    pages: dict[str, Reply]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """From the start page along all links, as a visitor would."""
    path = tmp_path_factory.mktemp("injection") / "amtsblick.db"
    now = fill(path)
    settings = Settings(
        archive=path,
        zone=ZONE,
        now=lambda: now + DAY,
        version="test",
        web=WebSettings(),
        sources=(SOURCE,),
        contact=text(0),
    )
    with running(settings) as view:
        found: dict[str, Reply] = {}
        words = (quote(TEXTS[number][:40]) for number in range(0, len(TEXTS), 9))
        waiting = ["/de/", *(f"/de/search?words={each}" for each in (*words, mark(7), "Marke"))]
        while waiting:
            path_ = waiting.pop()
            if path_ in found:
                continue
            found[path_] = reply = view.get(path_)
            if is_page(reply) and len(found) < 1500:
                links = [
                    urljoin(path_, each).partition("#")[0] for each in tree(reply).xpath("//a/@href | //iframe/@src")
                ]
                waiting += [each for each in links if each.startswith(("/de/", "/web/")) and each not in found]
        yield Walked(view=view, pages=found)


def is_page(reply: Reply) -> bool:
    """Whether a browser shows it as a page of ours."""
    policy = reply.headers.get("content-security-policy", "")
    return reply.headers.get("content-type", "").startswith("text/html") and "form-action 'self'" in policy


def tree(reply: Reply) -> Element:
    return html.document_fromstring(reply.body.decode())


def test_the_walk_sees_every_kind_of_page(walked: Walked) -> None:
    kinds = {urlsplit(path).path.split("/")[2] for path in walked.pages if path.startswith("/de/")}
    assert {
        "",
        "week",
        "change",
        "page",
        "web",
        "seminars",
        "notices",
        "documents",
        "search",
        "source",
        "digest",
    } <= kinds
    assert all(reply.status < 500 for reply in walked.pages.values())


def test_only_the_view_s_own_markup_is_on_its_pages(walked: Walked) -> None:
    for path, reply in walked.pages.items():
        if is_page(reply):
            for each in tree(reply).iter():
                assert each.tag in TAGS, (path, each.tag)
                extra = set(each.attrib) - ATTRIBUTES
                assert not {name for name in extra if not name.startswith(("aria-", "data-"))}, (path, extra)


def test_no_page_loads_anything_from_afar_or_leads_where_it_runs(walked: Walked) -> None:
    for path, reply in walked.pages.items():
        if not reply.headers.get("content-type", "").startswith("text/html"):
            continue
        policy = reply.headers["content-security-policy"]
        if not is_page(reply):  # an archived page: the browser is told to run and load nothing but what the archive has
            assert "sandbox" in policy, path
            assert "allow-scripts" not in policy, path
            continue
        found = tree(reply)
        for load in found.xpath("//@src | //link/@href | //@srcset | //@background | //@poster | //@data | //@action"):
            assert re.match(r"/(?!/)", load), (path, load)
        for link in found.xpath("//a/@href"):
            assert re.match(r"(/(?!/)|https?://|#|mailto:)", link), (path, link)
        assert not found.xpath("//style | //script | //@style | //meta[@http-equiv]"), path


def test_bytes_as_they_were_are_no_page_of_ours(walked: Walked) -> None:
    for page in range(3):
        for form in ("id_", "if_", "im_", "tx_"):
            reply = walked.view.get(f"/web/20260106235959{form}/{uri(page)}")
            if reply.status == 302:
                reply = walked.view.get(reply.headers["location"])
            if reply.status == 200:
                policy = reply.headers["content-security-policy"]
                plain = reply.headers["content-type"].startswith("text/plain")
                assert plain or ("sandbox" in policy and "allow-scripts" not in policy), form
                assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "kind", ["change/", "seminars", "notices", "page/", "web/", "search"], ids=lambda kind: str(kind).rstrip("/")
)
def test_all_hundred_are_still_shown(walked: Walked, kind: str) -> None:
    shown = {
        found
        for path, reply in walked.pages.items()
        if path.startswith(f"/de/{kind}") and is_page(reply)
        for found in re.findall(r"Marke\d{3}", " ".join(tree(reply).find("body").itertext()))
    }
    wanted = {mark(number) for number in range(len(TEXTS))}
    missing = sorted(wanted - shown)
    assert len(missing) <= (80 if kind in ("search", "page/") else 0), missing


def test_invisible_characters_are_named(walked: Walked) -> None:
    """What makes a text read as another is written out; what the JSON holds is the text as it was."""
    number = TEXTS.index("\u202etpircs\u202c")
    notices = walked.view.get("/de/notices")
    (said,) = re.findall(rf"{mark(number)} (\S+)", " ".join(tree(notices).find("body").itertext()))[:1]
    assert said == "[U+202E]tpircs[U+202C]"
    (row,) = [each for each in walked.view.get("/json/notices").json["notices"] if mark(number) in each["text"]]
    assert "\u202etpircs\u202c" in row["text"]
