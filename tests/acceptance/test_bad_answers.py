"""What stands in for a page is never taken for it: driven through the command, as its user would see it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no stubs
import pytest

from tests.acceptance.harness import Answer, Desk, Site, serving

pytestmark = pytest.mark.slow

DAY = "2026-03-{:02d}T06:00:00Z"
COUNT = 24
WORDS = [
    "Abwasser",
    "Bäder",
    "Chöre",
    "Denkmal",
    "Energie",
    "Friedhof",
    "Grünfläche",
    "Hafen",
    "Imkerei",
    "Jugend",
    "Kultur",
    "Lärm",
]
PATHS = tuple(f"/amt/thema-{number}" for number in range(COUNT))


def framed(title: str, inner: str) -> str:
    """A page between the navigation and the footer of its site."""
    nav = "".join(f'<li><a href="/bereich-{n}">Bereich {n}</a></li>' for n in range(9))
    return (
        f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title} | Kreis Talau</title></head><body>'
        f'<header><a href="/">Kreis Talau</a><nav><ul>{nav}</ul></nav></header><main>{inner}</main>'
        '<footer><a href="/impressum">Impressum</a> Kreis Talau, Markt 1</footer></body></html>'
    )


def bare(title: str, inner: str) -> str:
    """A page that a program in front of the site made."""
    return f"<html><head><title>{title}</title></head><body>{inner}</body></html>"


def text_of(number: int) -> str:
    word = WORDS[number % 12]
    return " ".join(
        f"Zum Thema {word} gibt der Fachdienst {number} Auskunft, Teil {part}, und nimmt Anträge für {word} entgegen."
        for part in range(1 + number % 4)
    )


def good(number: int) -> str:
    title = f"{WORDS[number % 12]} im Ortsteil {number}"
    return framed(title, f"<article><h1>{title}</h1><p>{text_of(number)}</p></article>")


def start() -> Answer:
    items = "".join(f'<li><a href="{path}">Seite {path}</a></li>' for path in PATHS)
    return Answer(framed("Fachdienste", f"<h1>Fachdienste</h1><p>Alle Seiten der Fachdienste.</p><ul>{items}</ul>"))


def fill(site: Site) -> None:
    site.pages = {path: Answer(good(number)) for number, path in enumerate(PATHS)}
    site.pages["/"] = Answer(framed("Kreis Talau", "<h1>Willkommen</h1><p>Der Kreis Talau begrüßt seine Gäste.</p>"))
    site.pages["/amt"] = start()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Site, Desk]]:
    with serving() as site:
        fill(site)
        config = f'[[source]]\nname = "a"\nstart = ["{site.base}/amt"]\ndelay = 0\nallow_private = true\n'
        yield site, Desk(tmp_path, config)


def cut(coding: str, body: str) -> Answer:
    """A body that ends inside its compression, of a length that the head states truly."""
    squeeze = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]
    packed = squeeze(body.encode())
    return Answer(packed[: len(packed) * 2 // 3], headers={"Content-Encoding": coding})


BAD = {
    "blocked": Answer(bare("Sicherheitskontrolle", "<p>Wir müssen kurz prüfen, ob Ihr Browser echt ist.</p><p>Vorgangs-ID: 77ab-41c</p><p>Ihr Browser wird überprüft.</p>")),
    "blocked firewall": Answer(framed("Hinweis", "<h1>Hinweis</h1><p>Ihre Anfrage wurde von unserem Schutzsystem abgewiesen.</p>")),
    "maintenance": Answer(bare("Kreis Talau", "<p>Liebe Gäste, unsere Webseite wird soeben umgestellt. Wir sind am Abend wieder für Sie da.</p>")),
    "soft404": Answer(framed("Hoppla", "<h1>Hoppla</h1><p>Die gewünschte Unterseite ist bei uns leider nicht mehr vorhanden.</p>")),
    "wall consent": Answer(bare("Ihre Wahl", "<p>Wir und unsere 31 Partner verwenden Cookies für Werbung.</p><button>Alle akzeptieren</button>")),
    "wall login": Answer(bare("Anmelden", '<form><label>Kennung <input name="u"></label><input type="password" name="p"></form><p>Bitte melden Sie sich mit Kennung und Kennwort an.</p>')),
    "wall script": Answer('<html><head><title>Portal</title><link rel="alternate" type="application/rss+xml" href="/neues.rss"></head><body><div id="root"></div><noscript>Ohne JavaScript geht es hier nicht weiter.</noscript><script src="/x.js"></script></body></html>'),
    "empty": Answer(framed("Kreis Talau", "")),
    "failed": Answer(bare("", "<b>Warning</b>: require(/srv/www/inc/kopf.php): failed to open stream in <b>/srv/www/index.php</b> on line <b>3</b>")),
    "failed host": Answer(bare("talau.example", "<h1>Diese Domain ist geparkt</h1><p>Die Domain talau.example steht zum Verkauf.</p>")),
    "truncated gzip": cut("gzip", good(10)),
    "truncated deflate": cut("deflate", good(11)),
}  # fmt: skip


def test_no_bad_answer_becomes_a_version_or_a_change(watched: tuple[Site, Desk]) -> None:
    """Twelve bad pages of all kinds, three looks long: nothing told, the last good text shown, the rule named."""
    site, desk = watched
    assert desk.crawl(DAY.format(1)) == []
    for path, answer in zip(PATHS, BAD.values(), strict=False):
        site.pages[path] = answer
    for day in (2, 5):
        changes = desk.crawl(DAY.format(day), expect=None)
        # An address that says for 48 hours that it has no page is gone: that is no change made of its words.
        assert [(c["kind"], c["uri"]) for c in changes if c["kind"] != "page.removed"] == []
        assert {c["uri"] for c in changes} <= {site.base + PATHS[3]}
    rows = {path: desk.json("snapshots", site.base + path) for path in PATHS[: len(BAD)]}
    script = rows[PATHS[6]][-1]
    assert f"Feed: {site.base}/neues.rss" in script["detail"]
    for number, (kind, path) in enumerate(zip(BAD, PATHS, strict=False)):
        first, *others = rows[path]
        assert first["outcome"] == "ok"
        assert {look["outcome"] for look in others} == {kind.split()[0]}, (kind, others)
        assert all(look["rule"] not in {"", "read"} for look in others)
        if number in (2, 10):
            shown = desk.run("snapshot", site.base + path, "--as", "text")
            assert text_of(number) in shown.out
            assert "without seeing the page" in shown.err


STRANGE = "Das geht gerade nicht. Drücken Sie auf den blauen Knopf und warten Sie auf den Ton."


def test_one_text_on_every_address_is_no_change_of_any(watched: tuple[Site, Desk]) -> None:
    """In words that no list knows, with a number of its own or quoting the address; the home page shows it too."""
    site, desk = watched
    assert desk.crawl(DAY.format(1)) == []
    numbered = "{strange} Kennzeichen {number}a7-{number}f31c, {number}:15:0{number} Uhr."
    looks = ((2, "{strange}"), (5, "{strange}"), (6, numbered), (9, "{strange} Sie wollten zu {path}."))
    for day, words in looks:
        for number, path in enumerate(["/", "/amt", *PATHS]):
            said = words.format(strange=STRANGE, number=number % 10, path=path)
            site.pages[path] = Answer(framed("Ein Knopf", f"<h1>Ein Knopf</h1><p>{said}</p>"))
        desk.json("crawl", now=DAY.format(day), expect=None)
    fill(site)
    desk.json("crawl", now=DAY.format(11))
    assert [change["kind"] for change in desk.json("changes")] == ["source.blind", "source.seeing"]
    looks_there = desk.json("snapshots", site.base + PATHS[0])
    assert [row["outcome"] for row in looks_there][:5] == ["ok", *["suspect"] * 4]
    assert looks_there[1]["rule"] == "common-page"


def test_a_text_on_some_addresses_is_no_change_of_any(watched: tuple[Site, Desk]) -> None:
    site, desk = watched
    assert desk.crawl(DAY.format(1)) == []
    for path in PATHS[:5]:
        site.pages[path] = Answer(framed("Ein Knopf", f"<h1>Ein Knopf</h1><p>{STRANGE}</p>"))
    for day in (2, 5):
        desk.json("crawl", now=DAY.format(day), expect=None)
    fill(site)
    desk.json("crawl", now=DAY.format(11))
    assert desk.json("changes") == []


def test_another_encoding_of_the_same_page_is_nothing(watched: tuple[Site, Desk]) -> None:
    site, desk = watched
    assert desk.crawl(DAY.format(1)) == []
    for number, path in enumerate(PATHS):
        latin = good(number).replace('<meta charset="utf-8">', "")
        kinds = (
            Answer(latin.encode("cp1252"), type="text/html; charset=iso-8859-1"),
            Answer(latin.encode("cp1252"), type="text/html"),
            Answer(latin.encode("utf-16"), type="text/html"),
            Answer(b"\xef\xbb\xbf" + latin.encode(), type="text/html"),
            Answer(good(number).encode("cp1252")),  # declared as UTF-8
            Answer(latin.encode(), type="text/html; charset=iso-8859-1"),
            Answer(gzip.compress(good(number).encode()), headers={"Content-Encoding": "gzip"}),
            Answer(brotli.compress(good(number).encode()), headers={"Content-Encoding": "br"}),
        )
        site.pages[path] = kinds[number % len(kinds)]
    assert desk.crawl(DAY.format(2)) == []
    assert "Bäder" in desk.run("snapshot", site.base + PATHS[1], "--as", "text").out


def test_a_bad_answer_on_the_first_crawl_is_no_beginning(watched: tuple[Site, Desk]) -> None:
    """What stood there first is no version; the page that comes later is not told as a change of it."""
    site, desk = watched
    real = site.pages[PATHS[3]]
    site.pages[PATHS[3]] = BAD["maintenance"]
    (summary,) = desk.json("crawl", now=DAY.format(1), expect=3)
    assert summary["failed"]
    assert desk.json("changes") == []
    assert [row["outcome"] for row in desk.json("snapshots", site.base + PATHS[3])] == ["maintenance"]
    site.pages[PATHS[3]] = replace(real)
    told = desk.crawl(DAY.format(3))
    assert {change["kind"] for change in told} <= {"page.added"}
    assert all("umgestellt" not in change["summary"] for change in told)
