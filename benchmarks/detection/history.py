"""An archive with a history: crawls stored by the archive's own writer, of pages whose state is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from alerts.detection import detect_missing
from benchmarks.detection.site import HEAD, NOTICE, REQUEST, START, Reader, State, body, uri
from extractors import address
from extractors.drift import AROUND_TEXT
from storage.archive import Archive
from storage.records import Change, Crawl, Detection, Held, NewCapture, Source, change_id

FIRST = datetime(2012, 1, 2, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SOURCE = Source(name="amt", start=(START,), scope=(START,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one detection took: seconds on the clock and of the processor, and how many changes it told."""

    clock: float
    processor: float
    changes: int


@dataclass(slots=True)
class History:
    """One archive, and the state its pages were last seen in."""

    path: Path
    reader: Reader
    states: list[State] = field(default_factory=list)
    crawls: int = 0

    @property
    def now(self) -> datetime:
        """When the next crawl begins."""
        return FIRST + self.crawls * WEEK

    def begin(self) -> None:
        """The first crawl, which gives the baseline."""
        self.states = [State(number) for number in range(self.reader.pages)]
        self._crawl(dict(enumerate(self.states)), new=True)
        with Archive.open(self.path) as archive:
            self._detect(archive)

    def pass_by(self, crawls: int, *, changing: int, looks: int, tell: Callable[[int], None]) -> None:
        """Let crawls pass: each looks at ``looks`` pages, of which ``changing`` show new text, the others a 304.

        What was told of them is put down as it would have been, without working it out: it is no part of what is
        measured, and would take most of the time.
        """
        pages = self.reader.pages
        with Archive.open(self.path) as archive:
            while self.crawls < crawls:
                asked = [(self.crawls * looks + n) % pages for n in range(looks)]
                changed = set(asked[:: max(1, looks // changing)][:changing])
                wanted = {
                    n: replace(self.states[n], edition=self.crawls) if n in changed else self.states[n] for n in asked
                }
                crawl = self.store(archive, wanted, new=False)
                archive.commit_detection(crawl, self._settled(archive, crawl, sorted(changed)))
                tell(self.crawls)

    def look(self, wanted: Callable[[State], State]) -> Cost:
        """One crawl over all pages, and what its detection costs in an archive that was opened for it."""
        self._crawl({state.number: wanted(state) for state in self.states}, new=False)
        with Archive.open(self.path) as archive:
            clock, processor = perf_counter(), process_time()
            told = self._detect(archive)
            return Cost(clock=perf_counter() - clock, processor=process_time() - processor, changes=len(told))

    def _detect(self, archive: Archive) -> tuple[Change, ...]:
        return detect_missing(archive, {SOURCE.name: SOURCE}, lambda _first, _changes: (), self.now)

    def _crawl(self, wanted: dict[int, State], *, new: bool) -> None:
        with Archive.open(self.path, create=True) as archive:
            self.store(archive, wanted, new=new)

    def store(self, archive: Archive, wanted: dict[int, State], *, new: bool = False) -> Crawl:
        """One crawl over some pages: what shows its last state again is answered by a 304."""
        crawl = archive.start_crawl(SOURCE, self.now)
        with archive.transaction():
            for number, state in sorted(wanted.items()):
                self._look_at(archive, crawl, state, same=not new and state == self.states[number])
                self.states[number] = state
        self.crawls += 1
        return archive.end_crawl(crawl.id, self.now - WEEK / 2, exhausted=True, reason="finished")

    def _look_at(self, archive: Archive, crawl: Crawl, state: State, *, same: bool) -> None:
        capture = NewCapture(
            uri=uri(state.number), captured_at=self.now, request=REQUEST, peer="192.0.2.1", elapsed_ms=20,
            head=b"HTTP/1.1 304 Not Modified\r\n\r\n" if same else HEAD % state.edition,
            payload=b"" if same else body(state, self.reader.pages), status=304 if same else 200,
        )  # fmt: skip
        archive.add_capture(crawl.id, capture, None if same else self.reader.reading(state))

    def _settled(self, archive: Archive, crawl: Crawl, changed: list[int]) -> Detection:
        """What a detection of one crawl leaves behind: a change a page, and one that was held back."""
        at = crawl.started_at
        return Detection(
            changes=tuple(
                Change(
                    id=change_id(SOURCE.name, "page.changed", address.key(uri(n)), "", str(crawl.id)),
                    kind="page.changed", source=SOURCE.name, subject=address.key(uri(n)), uri=uri(n), uris=(uri(n),),
                    title=f"Seite {n}", summary="Eine Frist wurde verlängert.", minor=False,
                    before={"title": "", "text": NOTICE}, after={"title": "", "text": NOTICE}, facts={},
                    detected_at=at, observed_at=at, crawl_id=crawl.id, source_ids=(SOURCE.name,),
                )
                for n in changed
            ),
            held=tuple(
                Held(crawl_id=crawl.id, source=SOURCE.name, uri=uri(n), rule=f"{AROUND_TEXT}-came", detail=NOTICE)
                for n in changed
            ),
            source=archive.source_state(SOURCE.name),
            watches=(), notices=(), seminars=(),
        )  # fmt: skip


def middle(costs: Iterable[Cost]) -> Cost:
    """The medians of several detections."""
    found = list(costs)
    return Cost(
        clock=median(cost.clock for cost in found),
        processor=median(cost.processor for cost in found),
        changes=round(median(cost.changes for cost in found)),
    )
