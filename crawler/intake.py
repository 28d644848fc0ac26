"""Takes in what other archives hold: each record goes to the source whose scope it lies in, the rest is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import BinaryIO

from crawler.config import SourceConfig
from crawler.history import reaches
from extractors import address, coding
from extractors.heads import fields
from storage.archive import Archive
from storage.imports import wacz, warcfile
from storage.imports.found import LOST, Found, Left, Skipped
from storage.imports.keeping import Taken
from storage.imports.warcfile import Broken, NotAnArchive

# So much is stored in one transaction: a commit costs as much as reading some pages, and a kill loses that much.
_BATCH_BYTES = 16 << 20
_BATCH = 64
# Where a page's markup names an address; only to know which documents are linked, pages are read by the extractors.
_HREF = re.compile(rb"""\b(?:href|src)\s*=\s*("[^"]{1,2048}"|'[^']{1,2048}'|[^\s"'>]{1,2048})""", re.IGNORECASE)
_LINKS = 20_000  # of one page
_OK = 200


_Answer = Found | Skipped | Broken


@dataclass(slots=True)
class Intake:
    """What an import has come to so far."""

    records: int = 0
    taken: int = 0
    known: int = 0
    waiting: int = 0
    left: Counter[tuple[Left, str]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)  # one line each: what could not be read, and where
    unusable: int = 0  # files of which nothing could be read
    later: int = 0  # the exit code where an archive could not be asked to the end

    @property
    def incomplete(self) -> bool:
        """Whether something was lost that should have come in."""
        return bool(self.problems) or any(why in LOST for why, _ in self.left)

    def skip(self, skipped: Skipped) -> None:
        """Count a record that is left out."""
        self.records += 1
        if skipped.why is Left.KNOWN:
            self.known += 1
            return
        self.left[skipped.why, skipped.what] += 1


class Taker:
    """Sorts answers by scope and keeps them. ``sources`` in the order of the config: the first that fits has it."""

    def __init__(
        self,
        archive: Archive,
        sources: Sequence[SourceConfig],
        now: datetime,
        on_step: Callable[[str], None] = lambda _uri: None,
    ) -> None:
        self.intake = Intake()
        self._archive, self._sources, self._now, self._on_step = archive, tuple(sources), now, on_step
        self._hosts = {source.name: _hosts(source) for source in self._sources}
        self._linked: dict[str, str] = {}  # addresses and URIs that the pages taken in link on their own host
        self._remembers = False
        self._documents: Counter[str] = Counter()  # records of documents left out because no page linked them so far

    def files(self, paths: Sequence[Path]) -> Intake:
        """Take in files, one after the other; then the documents that turned out to be linked."""
        waited = self._archive.waiting_revisits()
        waiting = {}
        for path in paths:
            self._documents = Counter()
            self._file(path, self._wanted)
            waiting[path] = self._documents
        for path, documents in waiting.items():
            late = {found: count for found, count in documents.items() if self._is_linked(found)}
            if late:
                self._again(path, late)
        self._settle(waited)
        return self.intake

    def answers(self, answers: Iterable[_Answer], *, at_once: int = _BATCH) -> None:
        """Take in answers as they come, so many in one transaction."""
        for batch in _batches(answers, at_once):
            with self._archive.transaction():
                for each in batch:
                    self._take(each)

    def room(self, uri: str, media: str = "") -> int | Skipped:
        """How many bytes of an address are wanted, or why it is not."""
        return self._wanted(uri, media)

    def linked_uris(self) -> tuple[str, ...]:
        """What the pages taken in link that belongs to a source, by scope or as a document."""
        return tuple(uri for uri in self._linked.values() if uri and not isinstance(self._wanted(uri, ""), Skipped))

    # --- what is wanted

    def _wanted(self, uri: str, media: str) -> int | Skipped:
        if address.key(uri) == f"{address.host(uri)}/robots.txt":
            return Skipped(why=Left.ROBOTS, uri=uri)
        source = self._source_of(uri)
        if source is not None:
            return source.max_bytes
        host = address.host(uri)
        if not any(host in hosts for hosts in self._hosts.values()):
            return Skipped(why=Left.OTHER_HOST, what=host[:60], uri=uri)
        if not self._offers(uri, media):
            return Skipped(why=Left.OUT_OF_SCOPE, uri=uri)
        self._documents[address.key(uri)] += 1
        return Skipped(why=Left.UNLINKED, uri=uri)

    def _source_of(self, uri: str) -> SourceConfig | None:
        """The source an address comes in for: by scope, else as a document that one of its pages links."""
        inside = next((source for source in self._sources if reaches(source, uri)), None)
        if inside is not None or address.key(uri) not in self._linked:
            return inside
        return self._giver(uri)

    def _giver(self, uri: str) -> SourceConfig | None:
        host = address.host(uri)
        return next((one for one in self._sources if one.documents and host in self._hosts[one.name]), None)

    def _offers(self, uri: str, media: str) -> bool:
        """Whether an address outside the scope is a document that a page of a source may link."""
        document = address.is_document(uri) or media.lower().startswith("application/pdf")
        return document and self._giver(uri) is not None

    # --- files

    def _file(self, path: Path, wanted: warcfile.Wanted) -> None:
        try:
            with path.open("rb") as file:
                start = file.read(4)
                file.seek(0)
                if start in (b"PK\x03\x04", b"PK\x05\x06"):
                    self._package(path, wanted)
                else:
                    self._records(nullcontext(file), path.name, wanted)
        except NotAnArchive as error:
            self.intake.unusable += 1
            self.intake.problems.append(str(error))

    def _package(self, path: Path, wanted: warcfile.Wanted) -> None:
        with wacz.opened(path, path.name) as package:
            for member in package.members:
                if member.wrong:
                    self.intake.problems.append(
                        f"{path.name}: {member.path}: {member.wrong}; taken is what its own digest proves"
                    )
                name = f"{path.name}#{member.path}" if len(package.members) > 1 else path.name
                try:
                    self._records(package.member(member.path), name, wanted, proven=bool(member.wrong))
                except NotAnArchive as error:
                    self.intake.problems.append(str(error))

    def _records(
        self, opened: AbstractContextManager[BinaryIO], name: str, wanted: warcfile.Wanted, *, proven: bool = False
    ) -> None:
        with opened as file:
            self.answers(warcfile.records(file, name, wanted, self._now, proven=proven))

    def _settle(self, waited: int) -> None:
        """Count revisits whose original came later as taken; ``waited`` did so before."""
        resolved = self.intake.waiting + waited - self._archive.waiting_revisits()
        self.intake.taken += resolved
        self.intake.waiting = max(0, self.intake.waiting - resolved)

    def _again(self, path: Path, late: Mapping[str, int]) -> None:
        """Read a file once more for documents that pages behind them, or in other files, link.

        ``late`` says how many records of each were left out; all others of the file are counted already.
        """
        self._linked |= dict.fromkeys(late, "")
        first, self.intake = self.intake, Intake()
        self._file(path, lambda uri, media: self._wanted(uri, media) if address.key(uri) in late else _OTHERWISE)
        second, self.intake = self.intake, first
        lost = {reason: count for reason, count in second.left.items() if reason[0] in LOST}
        first.taken += second.taken
        first.waiting += second.waiting
        first.known += max(0, sum(late.values()) - second.taken - second.waiting - sum(lost.values()))
        first.left[Left.UNLINKED, ""] -= sum(late.values())
        first.left = +(first.left + Counter(lost))

    # --- one answer

    def _take(self, each: _Answer) -> None:
        intake = self.intake
        if isinstance(each, Broken):
            intake.problems.append(each.line)
            return
        if isinstance(each, Skipped):
            intake.skip(each)
            return
        intake.records += 1
        self._on_step(each.uri)
        source = self._source_of(each.uri)
        if source is None:
            raise AssertionError("an answer that was not wanted")
        match self._archive.take(source.as_source(), each, self._now):
            case Taken.NEW:
                intake.taken += 1
            case Taken.WAITING:
                intake.waiting += 1
            case Taken.KNOWN:
                intake.known += 1
        if source.documents and each.status == _OK and each.payload:
            self._linked.update(_links(each.uri, each.head, each.payload, source.max_bytes))

    def remember(self) -> None:
        """Learn what the pages link that came in earlier, and what documents we watch ourselves; once."""
        if self._remembers:
            return
        self._remembers = True
        for source in self._sources:
            if source.documents:
                self._linked.update((known.address, known.uri) for known in self._archive.frontier(source.name))
        pages = {one.payload_digest: one for one in self._archive.past() if one.status == _OK and one.payload_digest}
        for one in pages.values():
            giver = next((each for each in self._sources if reaches(each, one.uri)), None)
            kept = self._archive.capture(one.capture)
            if giver is not None and giver.documents and kept is not None and one.payload_digest:
                with suppress(KeyError):  # erased since
                    payload = self._archive.payload(one.payload_digest)
                    self._linked.update(_links(one.uri, kept.head, payload, giver.max_bytes))

    def _is_linked(self, where: str) -> bool:
        if where not in self._linked:
            self.remember()
        return where in self._linked


_OTHERWISE = Skipped(why=Left.OUT_OF_SCOPE)


def _hosts(source: SourceConfig) -> frozenset[str]:
    return frozenset(address.host(uri) for uri in (*source.start, *source.scope))


def _batches(answers: Iterable[_Answer], at_once: int) -> Iterator[list[_Answer]]:
    """As many as one transaction takes."""
    batch: list[_Answer] = []
    size = 0
    for each in answers:
        batch.append(each)
        size += len(each.payload or b"") if isinstance(each, Found) else 0
        if len(batch) >= at_once or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _links(uri: str, head: bytes, payload: bytes, limit: int) -> Iterator[tuple[str, str]]:
    """The addresses on its own host that a page's markup names."""
    headers = {name.lower(): value for name, value in fields(head)}
    if "html" not in headers.get("content-type", "").lower():
        return
    try:
        body = coding.decode(payload, headers.get("content-encoding", ""), limit).body
    except coding.CodingError:
        return
    host = address.host(uri)
    for count, match in enumerate(_HREF.finditer(body)):
        if count >= _LINKS:
            return
        href = unescape(match[1].decode("utf-8", "replace").strip("\"'"))
        target = address.clean(href, uri)
        if target is not None and address.host(target) == host:
            yield address.key(target), target
