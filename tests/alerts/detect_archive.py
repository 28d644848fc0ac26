"""The same stories on a real archive: captures stored and judged, detections run and committed as in production."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from alerts.detection import detect_missing
from extractors.model import Outcome, Page, Reading
from storage.archive import Archive
from storage.records import Change, NewCapture
from tests.alerts.detect_support import WEEK, Answer, Doubtful, Moved, Same, Sim, uri

_STATUS = {Outcome.GONE: 404, Outcome.DENIED: 403}


class Archived(Sim):
    """Drives :class:`storage.archive.Archive` with the interface of :class:`Sim`."""

    archive: Archive

    @classmethod
    def on(cls, archive: Archive, **facts: Any) -> Archived:
        sim = cls(**facts)
        sim.archive = archive
        sim.bodies = {}
        return sim

    bodies: dict[str, bytes]

    def crawl(
        self,
        answers: Mapping[str, Answer],
        *,
        after: timedelta = WEEK,
        exhausted: bool = True,
        reason: str = "finished",
        home: Outcome = Outcome.OK,
        robots: Outcome = Outcome.OK,
    ) -> list[Change]:
        self.at += after
        self.crawls += 1
        crawl = self.archive.start_crawl(self.source, self.at)
        for path, answer in answers.items():
            self._fetch(crawl.id, path, answer)
        for path, outcome in (("/", home), ("/robots.txt", robots)):
            new = self._capture_of(path, b"probe", 200 if outcome is Outcome.OK else 404, probe=True)
            self.archive.add_capture(crawl.id, new, Reading(outcome=outcome, rule="test"))
        self.archive.end_crawl(crawl.id, self.at, exhausted, reason)
        changes = detect_missing(self.archive, {self.source.name: self.source}, lambda _first, _changes: (), self.at)
        assert self.archive.undetected() == ()
        self.told.extend(changes)
        self.held = list(self.archive.held())
        self.notices = {row.id: row for row in self.archive.notices()}
        self.seminars = {row.id: row for row in self.archive.seminars()}
        state = self.archive.state_before(crawl, self.source)
        self.watches, self.state = dict(state.watches), state.source
        return list(changes)

    def _fetch(self, crawl_id: int, path: str, answer: Answer) -> None:
        if isinstance(answer, Moved):
            new = self._capture_of(path, b"", answer.status, location=uri(answer.to))
            self.archive.add_capture(crawl_id, new, Reading(outcome=Outcome.MOVED, rule="test"))
            return
        if isinstance(answer, Same):
            self.archive.add_capture(crawl_id, self._capture_of(path, self.bodies[path], 200))
            return
        body = f"{answer!r} at {self.crawls}".encode()  # never the same bytes twice: every page carries some noise
        if isinstance(answer, Page):
            self.bodies[path] = body
            reading = Reading(outcome=Outcome.OK, rule="test", page=answer)
        elif isinstance(answer, Doubtful):
            reading = Reading(outcome=Outcome.SUSPECT, rule="test", page=answer.page)
        else:
            reading = Reading(outcome=answer, rule="test")
        status = 200 if not isinstance(answer, Outcome) else _STATUS.get(answer, 500)
        self.archive.add_capture(crawl_id, self._capture_of(path, body, status), reading)

    def _capture_of(self, path: str, body: bytes, status: int, **more: Any) -> NewCapture:
        facts: dict[str, Any] = {"is_document": path.endswith(".pdf"), **more}
        return NewCapture(
            uri=uri(path), captured_at=self.at, request=b"GET / HTTP/1.1\r\n\r\n",
            head=f"HTTP/1.1 {status} OK\r\n\r\n".encode(), payload=body, status=status, **facts,
        )  # fmt: skip
