"""A program that fills an archive and writes down, durably, each thing it was told is stored; tests kill it.

``python -m tests.storage.writer ARCHIVE WITNESS ROUNDS``: heals what a killed one left, then runs that many rounds
of crawl, detection, digest and delivery. Each line of the witness file is a JSON list; stdout gets the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from storage.archive import Archive
from storage.records import Change, Crawl, DeliveryState, NewDigest
from tests.storage.makers import HOUR, MONDAY, SOURCE, changed, concluded, digest, fetched, ok

PAGES = 4


class Writer:
    weight = 0  # bytes of noise in each payload, for tests in which a disk has to fill up

    def __init__(self, archive: Archive, witness: Path) -> None:
        self.archive = archive
        self.fd = os.open(witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.now = (archive.newest_time() or MONDAY) + HOUR

    def acknowledge(self, *facts: object) -> None:
        """Only what this has written down may be asked for afterwards."""
        line = json.dumps(facts) + "\n"
        os.write(self.fd, line.encode())
        os.fsync(self.fd)
        sys.stdout.write(line)
        sys.stdout.flush()

    def heal(self) -> None:
        for crawl in self.archive.abandoned_crawls():
            self.archive.end_crawl(crawl.id, self.now, exhausted=False, reason="crashed")
        for capture in self.archive.unread_captures():
            self.archive.judge_capture(capture.id, ok(capture.uri, f"read late {capture.payload_digest}"))
        for crawl in self.archive.undetected():
            self.detect(crawl)
        self.deliver()

    def round(self) -> None:
        self.now += HOUR
        crawl = self.archive.start_crawl(SOURCE, self.now)
        self.acknowledge("crawl", crawl.id)
        for number in range(PAGES):
            self.capture(crawl, number)
        crawl = self.archive.end_crawl(crawl.id, self.now, exhausted=True, reason="finished")
        self.acknowledge("ended", crawl.id)
        self.detect(crawl)
        self.tell()
        self.deliver()
        self.archive.pause_recipient("team", "person9@example.org", self.now + HOUR, self.now)

    def capture(self, crawl: Crawl, number: int) -> None:
        self.now += timedelta(seconds=1)
        uri = f"https://example.org/a/{number}"
        text = f"round {crawl.id // (number + 1)}"
        at_once = number % 2 == 0
        new = fetched(uri, self.now, f"{text} noise {crawl.id // 2}".encode() + os.urandom(self.weight))
        stored = self.archive.add_capture(crawl.id, new, ok(uri, text) if at_once else None)
        self.acknowledge("capture", stored.capture_id, stored.payload_digest)
        if not at_once:
            self.archive.judge_capture(stored.capture_id, ok(uri, text))
        self.acknowledge("judged", stored.capture_id)

    def detect(self, crawl: Crawl) -> None:
        self.archive.state_before(crawl, SOURCE)
        view = self.archive.crawl_view(crawl)
        changes = [changed(crawl, look.capture.uri) for look in view.looks.values()]
        told = self.archive.commit_detection(crawl, concluded(self.archive, crawl, *changes), self.owed)
        self.acknowledge("detected", crawl.id, [change.id for change in told])

    def owed(self, first: int, changes: Sequence[Change]) -> list[NewDigest]:
        ids = tuple(change.id for change in changes)
        return [digest(first, 0, changes[-1].seq, self.now, kind="immediate", change_ids=ids)] if changes else []

    def tell(self) -> None:
        subscription = self.archive.subscription("team")
        assert subscription is not None
        after, through = subscription.told_through, self.archive.last_seq()
        if self.archive.claim_slot("digest", self.now, self.now):
            self.acknowledge("slot", self.now.isoformat())
        ids = tuple(change.id for change in self.archive.changes_between(after, through))
        row = self.archive.commit_digest(lambda number: digest(number, after, through, self.now, change_ids=ids))
        self.acknowledge("digest", row.number, row.change_ids)

    def deliver(self) -> None:
        for delivery in self.archive.due_deliveries(self.now, everything=True):
            claimed = self.archive.claim_delivery(delivery.id, self.now)
            assert claimed is not None
            self.acknowledge("claimed", claimed.id, claimed.message_id, claimed.attempts)
            self.archive.close_delivery(claimed.id, DeliveryState.SENT, "250 ok", None, self.now)
            self.acknowledge("sent", claimed.id)


def main(path: str, witness: str, rounds: str) -> None:
    with Archive.open(path, create=True) as archive:
        writer = Writer(archive, Path(witness))
        writer.acknowledge("open", archive.installation_id)
        archive.record_subscriptions(["team"], writer.now)
        writer.heal()
        for _ in range(int(rounds)):
            writer.round()
    writer.acknowledge("closed")


if __name__ == "__main__":
    main(*sys.argv[1:])
