"""A page object of one's own, as the how-to shows it: found, used, and told in one line when it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.edition import EXTRACTOR_VERSION
from tests.acceptance.harness import Answer, Desk, Site, serving
from tests.crawler.plugged import example, install

pytestmark = pytest.mark.slow

DAY = "2026-03-{:02d}T06:00:00Z"
BROKEN = "def recognises(tree):\n    return True\n\ndef read(document):\n    return document.tree.find('.//h7').text\n"


def page(title: str, text: str, day: str = "", generator: str = "MusterCMS 4") -> Answer:
    stamp = f'<p class="meldung-datum">{day}</p>' if day else ""
    return Answer(
        f'<html lang="de"><head><title>{title}</title><meta name="generator" content="{generator}"></head><body>'
        f'<div class="stadt-info"><p>Das Rathaus bleibt am Freitag geschlossen.</p></div><div id="inhalt"><h1>{title}</h1>'
        f'{stamp}<p>{text}</p><p class="teilen">Das Blatt liegt auch im Rathaus aus.</p></div><div>Rathaus Musterstadt</div></body></html>'
    )


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, Desk, Path]]:
    code, points = example()
    folder = install(tmp_path / "plugins", code, points)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with serving() as site:
        site.pages["/"] = page(
            "Brunnenfest", "Am Sonntag wird der Brunnen geschmückt, dann spielt die Kapelle.", "3. Mai 2026"
        )
        yield (
            site,
            Desk(tmp_path, f'[[source]]\nname = "a"\nstart = ["{site.base}/"]\ndelay = 0\nallow_private = true\n'),
            folder,
        )


def test_the_example_of_the_how_to_reads_a_page(town: tuple[Site, Desk, Path]) -> None:
    """From the command line before it is watched, and by `crawl` and `extract` from the archive."""
    site, desk, _ = town
    (row,) = desk.json("extract", f"{site.base}/")
    assert (row["extractor"], row["kind"], row["title"]) == ("musterstadt", "press", "Brunnenfest")
    assert row["extractor_version"].startswith(f"{EXTRACTOR_VERSION}+musterstadt-1")
    assert row["dates"] == [{"day": "2026-05-03", "role": "press", "quote": "3. Mai 2026"}]
    assert row["notices"] == ["Das Rathaus bleibt am Freitag geschlossen."]
    assert "liegt auch" not in row["text"]
    assert desk.crawl(DAY.format(1)) == []
    (again,) = desk.json("extract", f"{site.base}/", "--explain")
    assert again["extractor"] == "musterstadt"
    assert {block["rule"] for block in again["blocks"] if block["part"] == "text"} == {"page-object"}


def test_the_example_is_short() -> None:
    code, _ = example()
    assert len(code.splitlines()) <= 40


def test_an_unknown_name_is_one_line_with_the_nearest(town: tuple[Site, Desk, Path]) -> None:
    site, desk, _ = town
    desk.write(desk.config.read_text() + 'extractor = "musterstad"\n')
    failed = desk.run("crawl", expect=78)
    (line,) = failed.err.splitlines()
    assert "extractor: there is no page object “musterstad”; did you mean “musterstadt”?" in line
    failed = desk.run("try", f"{site.base}/", "--extractor", "nirgends", expect=2)
    (line,) = failed.err.splitlines()
    assert "there is no page object “nirgends”; there is: auto, berlin.de, generic, musterstadt" in line


def test_one_that_breaks_is_one_line_and_no_change(town: tuple[Site, Desk, Path]) -> None:
    """The page changed and could not be read: nothing is told, nothing is read otherwise, and the line says what to do."""
    site, desk, folder = town
    assert desk.crawl(DAY.format(1)) == []
    install(folder, BROKEN)
    site.pages["/"] = page(
        "Brunnenfest", "Am Sonntag fällt das Fest wegen des Regens aus, die Kapelle spielt drinnen.", "4. Mai 2026"
    )
    failed = desk.run("crawl", now=DAY.format(4), expect=3)
    (line,) = [line for line in failed.out.splitlines() if "page-object" in line]
    for part in (
        f"{site.base}/",
        "„musterstadt“ (amtsblick-musterstadt 1)",
        "AttributeError",
        "musterstadt.py, Zeile 5",
        'extractor = "generic"',
    ):
        assert part in line
    assert [row["kind"] for row in desk.json("changes") if not row["kind"].startswith("source.")] == []
    code, points = example()
    install(folder, code, points)
    kinds = [change["kind"] for change in desk.crawl(DAY.format(8)) if not change["kind"].startswith("source.")]
    assert kinds == ["page.changed"]


def test_a_new_version_is_no_news(town: tuple[Site, Desk, Path]) -> None:
    """It reads another text from the same bytes; only what the page itself changed is told."""
    site, desk, folder = town
    assert desk.crawl(DAY.format(1)) == []
    code, points = example()
    install(folder, code.replace(".teilen, .meldung-datum", ".meldung-datum"), points, version="2")
    assert desk.crawl(DAY.format(4)) == []
    site.pages["/"] = page(
        "Brunnenfest", "Am Samstag wird der Brunnen geschmückt, dann spielt die Kapelle.", "3. Mai 2026"
    )
    (change,) = desk.crawl(DAY.format(8))
    assert change["kind"] == "page.changed"
    assert "liegt auch" not in change["summary"]
    (row,) = desk.json("extract", f"{site.base}/")
    assert "liegt auch" in row["text"]
    assert "+musterstadt-2" in row["extractor_version"]


def test_a_layout_that_it_does_not_know_waits_for_a_second_look(town: tuple[Site, Desk, Path]) -> None:
    """One page of three was built anew: doubtful once, with a line that says why, and told when it stands so again."""
    site, desk, _ = town
    text = "Am Sonntag wird der Brunnen geschmückt, dann spielt die Kapelle."
    site.pages["/"] = page("Aktuelles", 'Zum <a href="/fest">Fest</a> und zum <a href="/markt">Markt</a>.')
    site.pages |= {"/fest": page("Brunnenfest", text), "/markt": page("Markt", "Der Markt ist an jedem Mittwoch.")}
    assert desk.crawl(DAY.format(1)) == []
    site.pages["/fest"] = page("Brunnenfest", f"{text} Dazu gibt es Kuchen.", generator="NeuCMS")
    assert desk.crawl(DAY.format(4), expect=None) == []
    look = desk.json("snapshots", f"{site.base}/fest")[-1]
    assert (look["outcome"], look["rule"]) == ("suspect", "page-object")
    assert "erkennt die Seite nicht mehr" in look["detail"]
    (change,) = desk.crawl(DAY.format(8), expect=None)
    assert (change["kind"], change["uri"]) == ("page.changed", f"{site.base}/fest")


def test_an_error_page_in_the_sites_layout_is_judged_as_such(town: tuple[Site, Desk, Path]) -> None:
    """The page object fails at it; that the page is gone is known all the same."""
    site, desk, folder = town
    assert desk.crawl(DAY.format(1)) == []
    install(folder, BROKEN)
    site.pages["/"] = page("Seite nicht gefunden", "Die gewünschte Seite wurde leider nicht gefunden.")
    desk.run("crawl", now=DAY.format(4), expect=None)
    assert desk.json("snapshots", f"{site.base}/")[-1]["outcome"] == "soft404"
