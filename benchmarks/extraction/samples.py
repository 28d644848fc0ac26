"""The pages whose reading is timed: real ones where they are here, else the bundled replay in both of its layouts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extraction import corpus, gold
from crawler.replay import paths
from crawler.replay.site import respond, standing
from crawler.replay.weeks import WEEKS, Doing, Trouble

_HOST = "https://www.berlin.de"

# A page of the time before landmarks: one table, nothing says which cell holds the main text.
_PLAIN = """\
<html><head><title>Gemeinde Musterau</title></head><body><table><tr>
<td><a href="/">Start</a><br><a href="/rat">Rat</a><br><a href="/amt">Ämter</a></td>
<td><font size="5">Sperrung der Mühlenbrücke</font>
<p>Die Mühlenbrücke bleibt wegen Schäden am Geländer vom 3. bis zum 14. Mai für alle Fahrzeuge gesperrt.</p>
<p>Wer zu Fuß unterwegs ist, erreicht das andere Ufer über den Steg am Sportplatz, auch mit Kinderwagen.</p>
<p>Fragen beantwortet das Bauamt im Rathaus, Zimmer 12, dienstags von 9 bis 12 Uhr und nach Vereinbarung.</p>
</td></tr></table><div class="footer">Besuche heute: {visits}</div></body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page to read; ``site`` as in the gold."""

    name: str
    uri: str
    body: bytes
    site: str


def real(folders: Iterable[Path]) -> list[Sample]:
    """The pages of the open set that are on this machine."""
    golds = [each for each in gold.load() if each.set == gold.OPEN]
    here = corpus.bodies(folders, golds)
    return [
        Sample(name=each.name, uri=each.uri, body=here[each.page_sha256], site=each.site)
        for each in golds
        if each.page_sha256 in here
    ]


def replayed() -> list[Sample]:
    """All pages of the replayed section in its first week, and in the first good week of the new layout."""
    return [sample for week in (1, _first_new()) for sample in _week(week)]


def plain(visits: int) -> Sample:
    """A page without landmarks whose last line counts its visitors; the text above it stays the same."""
    return Sample(
        name="page without landmarks",
        uri="https://www.gemeinde-musterau.example/bruecke.htm",
        body=_PLAIN.format(visits=visits).encode(),
        site="elsewhere",
    )


def _first_new() -> int:
    for week in range(1, len(WEEKS) + 1):
        standing_well = WEEKS[week - 1].trouble not in (Trouble.OUTAGE, Trouble.MAINTENANCE)
        if standing_well and Doing.NEW_TEMPLATE in standing(week).done and paths.SECTION in standing(week).pages:
            return week
    raise LookupError("the replay shows no week of the new layout")


def _week(week: int) -> list[Sample]:
    found = []
    for path in standing(week).pages:
        answer = respond(week, path, {"host": "www.berlin.de"}, count=0)
        if answer.status == 200:
            found.append(Sample(name=f"week {week} {path}", uri=_HOST + path, body=answer.body, site=gold.BERLIN))
    return found
