"""A large cut that really happened is held once and told at the second look, whatever else is true of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from extractors.model import Answer, Hints, Outcome, Page
from extractors.read import read
from storage.archive import Archive
from tests.alerts.detect_archive import Archived
from tests.alerts.detect_support import Doubtful, kinds, page, source, uri
from tests.extractors.pairs import Pair, large_cuts

CUTS = tuple(large_cuts())


def shown(pair: Pair, number: int, before: Page | None = None) -> Page | Doubtful:
    body = (pair.after if before else pair.before).encode()
    answer = Answer(
        uri=uri(f"/cut-{number}.html"),
        status=200,
        headers=(("Content-Type", "text/html"), ("Content-Length", str(len(body)))),
        body=body,
    )
    reading = read(answer, Hints(previous=before))
    assert reading.page is not None
    return Doubtful(reading.page) if reading.outcome is Outcome.SUSPECT else reading.page


def test_twenty_large_cuts_are_told_at_the_second_look(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        sim = Archived.on(archive, source=source())
        others: Mapping[str, Page] = {
            f"/{n}.html": page(f"/{n}.html", f"Seite {n}", f"Ein Text für sich, Nummer {n}.") for n in range(30)
        }
        before = {f"/cut-{n}.html": shown(pair, n) for n, pair in enumerate(CUTS)}
        sim.crawl({**others, **before})
        after = {}
        for number, (path, was) in enumerate(before.items()):
            assert isinstance(was, Page)
            after[path] = shown(CUTS[number], number, was)
        assert all(isinstance(each, Doubtful) for each in after.values())
        assert sim.crawl({**others, **after}, after=timedelta(days=2)) == []
        told = sim.crawl({**others, **after}, after=timedelta(days=2))
        assert set(kinds(told)) <= {"page.changed"}
        assert {where for change in told for where in change.uris} == {uri(path) for path in after}
