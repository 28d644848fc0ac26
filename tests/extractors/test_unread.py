"""What is told of an answer without reading it is what reading it gives; and what may be read is never passed over."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.case import CASE, load
from extractors import drift, unread
from extractors.model import Answer, Hints, Outcome
from extractors.noise import same_but_ticking
from extractors.read import read

URI = "https://amt.example.org/seminare/22/"
HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
FOLDERS = sorted(
    folder.parent for folder in (Path(__file__).resolve().parents[1] / "golden" / "pages").glob(f"*/{CASE}")
)
PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/+=%,~-"

PAGE = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>22. Seminar - Amt</title>{head}</head><body>
<nav><a href="/">Start</a></nav><main><h1>22. Seminar</h1><p>Das Seminar findet im Juni in Moskau statt.</p>{main}</main>
<footer><p>Amt, Turmstraße 21</p>{foot}</footer></body></html>"""


def page(head: str = "", main: str = "", foot: str = "") -> bytes:
    return PAGE.format(head=head, main=main, foot=foot).encode()


def answer(body: bytes, **changes: object) -> Answer:
    return replace(Answer(uri=URI, status=200, headers=HEADERS, body=body), **changes)  # type: ignore[arg-type]


def told(old: bytes, new: bytes, *, uri: str = URI) -> bool:
    """Whether the new body's reading is told; where it is, it has been compared with what reading gives."""
    shown = answer(old, uri=uri)
    first = read(shown, Hints())
    if first.page is None or not first.outcome.good:
        return False
    hints = Hints(previous=first.page)
    reading = unread.reading_of(answer(new, uri=uri), shown, hints)
    assert reading is None or reading == read(answer(new, uri=uri), hints), difference(old, new)
    return reading is not None


def difference(old: bytes, new: bytes) -> str:
    at = next((n for n, (one, other) in enumerate(zip(old, new, strict=True)) if one != other), 0)
    return f"{old[max(at - 80, 0) : at + 40]!r} became {new[max(at - 5, 0) : at + 40]!r}"


NOISE = {
    "token of a meta element": page(head='<meta name="csrf-token" content="{}">'),
    "hidden field": page(
        foot='<form action="/suche"><input type="hidden" name="form_build_id" value="form-{}"></form>'
    ),
    "address that a form is sent to": page(foot='<form action="/suche;jsessionid={}"><input name="q"></form>'),
    "number behind a style's address": page(head='<link rel="stylesheet" href="/amt.css?v={}">'),
    "number behind a script's address": page(foot='<script src="/amt.js?v={}"></script>'),
    "nonce": page(foot='<script nonce="{}">var a = 1;</script>'),
    "number behind a picture's address": page(main='<p>Das Haus:</p><img alt="Haus" src="/haus.jpg?itok={}">'),
    "setting in a script": page(foot='<script>if (a < b) {{ amt = {{"nonce": "{}"}}; }}</script>'),
    "comment": page(foot="<!-- erzeugt in {} ms -->"),
    "style": page(head="<style>.m{} > a {{ color: red }}</style>"),
}
LINES = {
    "moment of making": ("<p>Seite erstellt am 28.11.2026 10:30:12, Version 7.45.123 | Besucher: 123456</p>", "3"),
    "visitors": ('<div class="zaehler">Besucher: 123456</div>', "6"),
    "stamp with an entity": ("<p>Generiert&nbsp;in 0.123 s</p>", "3"),
}


@pytest.mark.parametrize("name", NOISE)
def test_what_no_rule_looks_at_is_told(name: str) -> None:
    old, new = (NOISE[name].decode().format(token).encode() for token in ("0a1b2c3d4e5f6071", "9f8e7d6c5b4a3021"))
    assert told(old, new)


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_is_left_out_may_tick(name: str) -> None:
    line, digit = LINES[name]
    assert told(page(foot=line), page(foot=line.replace(digit, "7")))


READ: dict[str, tuple[bytes, ...]] = {
    "digit of the text": (page(main="<p>Zimmer 12</p>"), page(main="<p>Zimmer 13</p>")),
    "letter of the text": (page(main="<p>am Montag</p>"), page(main="<p>am Montax</p>")),
    "line of the footer": (page(foot="<p>Zimmer 12</p>"), page(foot="<p>Zimmer 13</p>")),
    "row of figures": (
        page(main="<table><tr><th>Jahr</th><th>Besucher</th></tr><tr><td>A</td><td>120</td></tr></table>"),
        page(main="<table><tr><th>Jahr</th><th>Besucher</th></tr><tr><td>A</td><td>121</td></tr></table>"),
    ),
    "date that is kept": (page(foot="<p>Stand: 12.03.2026</p>"), page(foot="<p>Stand: 13.03.2026</p>")),
    "day that there is": (page(foot="<p>Stand: 30.02.2026</p>"), page(foot="<p>Stand: 20.02.2026</p>")),
    "number that becomes a year": (page(foot="<p>500 Besucher 1824</p>"), page(foot="<p>500 Besucher 1924</p>")),
    "another length": (page(foot="<p>Besucher: 999</p>"), page(foot="<p>Besucher: 1000</p>")),
    "link": (page(main='<a href="/bericht-1">Bericht</a>'), page(main='<a href="/bericht-2">Bericht</a>')),
    "name of an element": (page(main='<div class="a1">A</div>'), page(main='<div class="a2">A</div>')),
    "canonical address": (page(head='<link rel="canonical" href="/1">'), page(head='<link rel="canonical" href="/2">')),
    "feed": (
        page(head='<link rel="alternate" type="application/rss+xml" href="/1.xml">'),
        page(head='<link rel="alternate" type="application/rss+xml" href="/2.xml">'),
    ),
    "date of a meta element": (
        page(head='<meta name="dcterms.date" content="2026-03-12">'),
        page(head='<meta name="dcterms.date" content="2026-03-13">'),
    ),
    "encoding in a token": (
        page(head='<meta name="token" content="chars-t=x">'),
        page(head='<meta name="token" content="charset=x">'),
    ),
    "end of a script": (page(foot="<script>a</script>"), page(foot="<script>a</scripz>")),
    "end of a comment": (page(foot="<!-- a b- -->"), page(foot="<!-- a -- -->")),
    "text after a script in a text field": (
        page(foot="<textarea><script></textarea><p>Zimmer 12</p><textarea></script></textarea>"),
        page(foot="<textarea><script></textarea><p>Zimmer 13</p><textarea></script></textarea>"),
    ),
    "script that writes scripts": (
        page(foot="<script><!-- <script> </script> Zimmer 12 --></script>"),
        page(foot="<script><!-- <script> </script> Zimmer 13 --></script>"),
    ),
    "text behind a comment that ends early": (
        page(foot="<!--> <p>Zimmer 12</p> -->"),
        page(foot="<!--> <p>Zimmer 13</p> -->"),
    ),
    "tag with a stray quote": (page(foot='<p title=a"b>Besucher: 12</p>'), page(foot='<p title=a"b>Besucher: 13</p>')),
    "nothing at all": (page(), page()),
    "document that nothing says has an end": (
        b"<main><h1>Amt</h1><p>Das Amt ist offen.</p></main><!-- 1 -->",
        b"<main><h1>Amt</h1><p>Das Amt ist offen.</p></main><!-- 2 -->",
    ),
    "page that is one file": tuple(
        b'<html><main><h1>Plan</h1><p><a href="/plan.pdf">Plan (PDF)</a></p></main><!-- %d --></html>' % n
        for n in (1, 2)
    ),
    "page of a megabyte": tuple(page(foot=f"<!-- {'x' * unread.MAX_BYTES} {n} -->") for n in (1, 2)),
    "document without an end": (page(foot="<!-- 1 -->")[:-16], page(foot="<!-- 2 -->")[:-16]),
    "document that has no text": (b"<html><!-- 1 --></html>", b"<html><!-- 2 --></html>"),
}


@pytest.mark.parametrize("name", READ)
def test_what_a_rule_may_look_at_is_not_told(name: str) -> None:
    old, new = READ[name]
    assert not told(old, new)


OLD, NEW = (page(foot=f"<!-- {n} -->") for n in (1, 2))
OTHERWISE: dict[str, tuple[dict[str, object], dict[str, object], dict[str, object]]] = {
    "another status": ({"status": 203}, {}, {}),
    "cut off": ({"complete": False}, {}, {}),
    "another type": ({"headers": (("Content-Type", "text/html"),)}, {}, {}),
    "a coded body": ({"headers": (*HEADERS, ("Content-Encoding", "gzip"))}, {}, {}),
    "a challenge": ({"headers": (*HEADERS, ("cf-mitigated", "challenge"))}, {}, {}),
    "another address": ({"uri": URI + "x"}, {}, {}),
    "a coded body before": ({}, {"headers": (*HEADERS, ("Content-Encoding", "gzip"))}, {}),
    "an error before": ({}, {"status": 404}, {}),
    "selectors": ({}, {}, {"main": ("main",)}),
    "another extractor": ({}, {}, {"extractor": "generic"}),
    "styles and pictures kept": ({}, {}, {"assets": True}),
    "every block explained": ({}, {}, {"explain": True}),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_nothing_is_told_of_an_answer_or_a_source_of_another_kind(name: str) -> None:
    first = read(answer(OLD), Hints()).page
    now, before, hints = OTHERWISE[name]
    usual = Hints(previous=first)
    assert unread.reading_of(answer(NEW), answer(OLD), usual) is not None
    other = replace(usual, **hints)  # type: ignore[arg-type]
    assert unread.reading_of(answer(NEW, **now), answer(OLD, **before), other) is None


def test_nothing_is_told_of_a_page_that_was_read_by_other_rules() -> None:
    first = read(answer(OLD), Hints()).page
    assert first is not None
    for version in ("2", f"{first.extractor_version}~5f0c2a91"):
        hints = Hints(previous=replace(first, extractor_version=version))
        assert unread.reading_of(answer(NEW), answer(OLD), hints) is None
    assert unread.reading_of(answer(NEW), answer(OLD), Hints()) is None
    chosen = Hints(main=("main",))
    again = replace(chosen, previous=read(answer(OLD), chosen).page)
    assert unread.reading_of(answer(NEW), answer(OLD), again) is None


def test_a_number_that_becomes_a_year_is_no_digit_among_others() -> None:
    assert same_but_ticking("500 Besucher 1824", "501 Besucher 1825")
    assert not same_but_ticking("500 Besucher 1824", "500 Besucher 1924")
    assert not same_but_ticking("vor 9 Minuten", "vor 10 Minuten")


def test_what_is_told_is_that_nothing_moved() -> None:
    first = read(answer(OLD), Hints()).page
    reading = unread.reading_of(answer(NEW), answer(OLD), Hints(previous=first))
    assert reading is not None
    assert (reading.outcome, reading.rule, reading.page) == (Outcome.OK, drift.SAME_TEXT, first)


def _digits(rng: random.Random, body: bytearray) -> None:
    found = rng.choice([*re.finditer(rb"\d+", body)])
    for at in range(found.start(), found.end()):
        body[at] = rng.choice(b"0123456789")


def _letters(rng: random.Random, body: bytearray) -> None:
    start = rng.randrange(len(body))
    for at in range(start, min(start + rng.choice((1, 8)), len(body))):
        if body[at] in PLAIN:
            body[at] = rng.choice(PLAIN)


def _byte(rng: random.Random, body: bytearray) -> None:
    body[rng.randrange(len(body))] = rng.randrange(1, 128)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_edits_anywhere_in_a_page_are_told_as_they_are_read(folder: Path) -> None:
    """In each page 120 edits at random places; what is told is compared with what is read."""
    old, rng = load(folder).answer.body, random.Random(folder.name)
    for edit in (_digits, _letters, _byte) * 40:
        body = bytearray(old)
        edit(rng, body)
        told(old, bytes(body))


STAMPS = (
    "Stand: 28.11.2026 10:30:12", "Besucher: 123456", "Heute ist Samstag, 28.11.2026", "12:30 Uhr", "Seite 1 von 5",
    "© 2024 Amt", "Stand: 3.5.2024 | Drucken", "Online: 12 Gäste", "Termin am 12.03.2024 um 10:30:00", "500 Besucher 2024",
    "Letzte Änderung: 03.11.2026", "Wartung am 12.03.2024, 10:00:00", "1. Änderung vom 12.03.2024", "Build 20241128.4",
    "Turmstraße 21, 10559 Berlin, Stand: 28.11.2026 10:30:12", "Sie sind Besucher Nr. 12345", "17 Kommentare",
    "vor 12 Minuten aktualisiert", "Generated in 0.123 s", "Pressemitteilung Nr. 3 vom 14.09.2018", "3", "2024-11-28",
    "Seite erstellt am 28.11.2026 10:30:12, Version 7.45.123 | Besucher: 123456", "Öffnungszeiten ab 10:30",
)  # fmt: skip
BOXES = (
    "<p>{}</p>", "<div>{}</div>", "<ul><li>{}</li><li>x</li></ul>", '<div class="notice"><p>{}</p></div>',
    '<div class="sidebar"><p>{}</p></div>', "<table><tr><td><p>{}</p></td><td>3</td></tr></table>", "<dd>{}</dd>",
    "<aside><p>{}</p></aside>", "<footer><p>{}</p></footer>", "<header><p>{}</p></header>", "<nav><p>{}</p></nav>",
    "<a href=/q><div>{}</div></a>", '<div role="alert"><p>{}</p></div>', '<div class="pager"><p>{}</p><p>2</p></div>',
    "<form><p>{}</p></form>", '<div class="breadcrumb"><p>{}</p></div>', "<section><p>{}</p></section>", "<h1>{}</h1>",
)  # fmt: skip


@pytest.mark.parametrize("count", [1_000, pytest.param(30_000, marks=pytest.mark.long)])
def test_lines_that_tick_are_told_wherever_they_stand_as_they_are_read(count: int) -> None:
    """Stamps, counters, dates and numbers at random places of real layouts, each shown with other digits."""
    bodies = [load(folder).answer.body for folder in FOLDERS]
    rng, found = random.Random(22), Counter[bool]()
    for _ in range(count):
        body = rng.choice(bodies)
        places = [match.start() for match in re.finditer(rb"<(?:div|p|h2|ul|section|footer|main|table)\b", body)]
        place = rng.choice(places) if places else 0
        line = " ".join(rng.sample(STAMPS, rng.choice((1, 1, 2))))
        other = "".join(rng.choice("0123456789") if sign.isdigit() and rng.random() < 0.5 else sign for sign in line)
        box = rng.choice(BOXES)
        old, new = (body[:place] + box.format(text).encode() + body[place:] for text in (line, other))
        found[told(old, new)] += 1
    assert min(found[True], found[False]) > count // 10


@pytest.mark.parametrize(
    "odd",
    [
        "<a ",
        "<!--",
        "<script>",
        "<script><",
        "<p title='",
        '<p title="',
        "</",
        "<textarea>",
        "<!",
        "<a=",
        "<i x=1 y=2>",
    ],
)
def test_markup_that_never_ends_takes_no_longer_for_it(odd: str) -> None:
    """One pass over the bytes, whatever they are: the time-out is a hundred times what it takes."""
    body = b"<html><body><main><p>Das Amt ist offen.</p></main>" + odd.encode() * (600_000 // len(odd)) + b"%d</html>"
    old, new = (answer(body.replace(b"%d", digit)) for digit in (b"1", b"2"))
    read_before = read(answer(b"<html><body><main><p>Das Amt ist offen.</p></main></body></html>"), Hints()).page
    assert unread.reading_of(new, old, Hints(previous=read_before)) is None


def test_a_page_with_thousands_of_differences_is_one_to_be_read() -> None:
    old, new = (page(foot=f"<script>{(letter + 'x') * 1_001}</script>") for letter in "ab")
    assert not told(old, new)
    old, new = (page(foot=f"<script>{(letter + 'x') * 999}</script>") for letter in "ab")
    assert told(old, new)
