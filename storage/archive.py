"""The archive: one file that keeps every capture, and the one door to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from extractors.find import wanted
from extractors.model import Page, Reading
from storage import (
    backup as backups,
)
from storage import (
    chain,
    crawling,
    deliveries,
    detecting,
    digests,
    erasing,
    holds,
    looks,
    mementos,
    opening,
    reading,
    recipients,
    rereading,
    retention,
    search,
)
from storage import (
    verify as verifying,
)
from storage.codec import written
from storage.connection import Connection
from storage.exports.holdings import Holdings
from storage.imports import keeping
from storage.imports.found import Found, Origin
from storage.imports.keeping import Judged, Past, Taken
from storage.records import (
    BackupMade,
    Capture,
    Change,
    ChangeHead,
    Citation,
    Coverage,
    Crawl,
    CrawlView,
    Delivery,
    DeliveryState,
    Detection,
    DetectionState,
    DigestHeads,
    DigestRow,
    Erased,
    ErasureOrder,
    GoodAnswer,
    Held,
    Hold,
    Known,
    KnownAsset,
    Life,
    Memento,
    Memory,
    MonthLooks,
    NewCapture,
    NewDelivery,
    NewDigest,
    NoticeRow,
    Owed,
    Proof,
    RecipientRow,
    Reread,
    Retained,
    Role,
    SearchHit,
    SearchKind,
    Selection,
    SeminarRow,
    SnapshotView,
    Source,
    SourceState,
    Stored,
    Stretch,
    SubscriptionRow,
    Tombstone,
    Version,
    Watch,
    Watched,
)


class Archive:
    """An open archive. Made by :meth:`open`; close it, or use it in a ``with`` statement.

    All times that go in and come out are aware UTC datetimes. Every method that writes is one
    durable transaction: when it returns, what it stored survives a power cut. Any method may raise
    the errors of :mod:`storage.errors`. An Archive belongs to the thread that opened it.
    """

    def __init__(self, opened: Connection) -> None:
        self._connection = opened
        self._outbox = deliveries.Outbox(opened)
        self._own: set[int] = set()  # crawls begun here and not ended

    @property
    def path(self) -> Path:
        """The archive's file, absolute."""
        return self._connection.path

    @property
    def readonly(self) -> bool:
        """Whether it was opened for reading only."""
        return self._connection.readonly

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        create: bool = False,
        readonly: bool = False,
        timeout: float = 10.0,
        fleeting: bool = False,
        longest: float | None = None,
    ) -> Archive:
        """Open the archive at ``path``; ``timeout`` is how many seconds a write waits for another writer.

        ``longest`` is how many seconds one reading of a reader may take before it ends as ArchiveSlow: while it lasts,
        the write-ahead log cannot be folded into the file.
        ``fleeting`` is for one that is thrown away after use: nothing of it has to survive a power cut.
        ``create`` makes a new one where there is none. ``readonly`` never makes or changes anything
        and works beside a writer. An archive of an older schema is migrated by the first writing open,
        after a copy of it was put beside it.
        """
        place = Path(path).resolve()  # SQLite resolves links too: one archive, one lock file
        if readonly:
            return cls(opening.reader(place, timeout=timeout, longest=longest))
        connection = opening.writer(place, create=create, timeout=timeout, fleeting=fleeting)
        try:
            recipients.heal(connection)
            erasing.heal(connection)
            search.catch_up(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    def share_words(self, other: Archive, stale: float) -> None:
        """Let two readers of one file keep the index of words for each other, each in a thread of its own.

        For ``stale`` seconds a search may lack what was stored meanwhile.
        """
        self._connection.shelf = other._connection.shelf
        self._connection.shelf.stale = stale

    def close(self) -> None:
        """Close the file and let go of all locks. Closing twice is fine."""
        self._connection.close()

    def release_section(self) -> None:
        """Let go of what is at hand of all pages of a section; those used last stay. See :meth:`forget_pages`."""
        self._connection.pages.release()

    def forget_pages(self) -> None:
        """Let go of the pages at hand, for the memory they take; who asks for one again gets it from the file."""
        self._connection.pages.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is one transaction, such as ``claim_slot`` with ``commit_digest``."""
        with self._connection.write("transaction") as db, search.gathering(db):
            yield

    @contextmanager
    def daemon_lock(self) -> Iterator[None]:
        """Held by ``run`` as long as it lives; ArchiveBusy with the other's pid if there is one already."""
        busy = f"{self.path}: `amtsblick run` is already running as {{holder}}; stop that one first"
        with self._connection.named_lock("daemon", busy).hold():
            yield

    # --- about the archive as a whole

    @property
    def installation_id(self) -> str:
        """32 hex digits drawn when the archive was made; the same for its whole life."""
        with self._connection.read() as db:
            return str(db.execute("SELECT installation_id FROM archive").fetchone()[0])

    def newest_time(self) -> datetime | None:
        """The newest time that anything in the archive was recorded at, None in an empty archive."""
        return reading.newest_time(self._connection)

    def first_time(self) -> datetime | None:
        """When the first crawl began, None before it: no clock that is right ever shows an earlier time again."""
        return reading.first_time(self._connection)

    def last_seq(self) -> int:
        """The commit number of the newest change, 0 if there is none."""
        return reading.last_seq(self._connection)

    def size_bytes(self) -> int:
        """Bytes on disk: the file and its write-ahead log."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def chain_head(self) -> str:
        """The head of the hash chain over all captures in order of arrival, as ``sha256:<hex>``."""
        with self._connection.read() as db:
            return written(chain.head(db)[1])

    def verify(self, head: str | None = None, step: Callable[[str, int, int], None] = lambda *_: None) -> Proof:
        """Look at everything that is stored, and name what is not what was written.

        ``head`` (``sha256:<hex>``, or its first bytes) asks up to where a head of the chain, known from elsewhere,
        proves the captures.
        ``step`` is told what is being looked at, how much of it is done, and how much there is.
        """
        return verifying.verify(self._connection, bytes.fromhex(head.removeprefix("sha256:")) if head else None, step)

    def citation(self, capture_id: int) -> Citation | None:
        """Where a capture stands in the chain; None if there is none."""
        return reading.citation(self._connection, capture_id)

    def backup(
        self, target: Path, config: str, now: datetime, step: Callable[[str, int, int], None], *, program: str
    ) -> BackupMade:
        """Copy the archive while it lives, prove the copy, and give it its name, in which the chain's head stands.

        ``target`` is a folder or a file; ``config`` goes along as it is; ``program`` names this version.
        """
        return backups.backup(self._connection, target, config, now, step, program=program)

    def hand_over(
        self, target: Path, config: str, now: datetime, step: Callable[[str, int, int], None], *, program: str
    ) -> BackupMade:
        """:meth:`backup`, after which this archive takes no more crawls and sends no more mail (ArchiveRetired)."""
        return backups.hand_over(self._connection, target, config, now, step, program=program)

    def require_service(self) -> None:
        """Raise ArchiveRetired if this archive was handed over: for those who are about to crawl or send."""
        with self._connection.errors():
            self._connection.require_service()

    def take_back(self) -> bool:
        """Put an archive that was handed over back into service. False if it was not."""
        return backups.take_back(self._connection)

    # --- erasing

    def erase(self, order: ErasureOrder, now: datetime, *, dry_run: bool = False) -> Erased:
        """Carry out an order to erase; ``dry_run`` only says what it would do.

        ArchiveHeld when a hold stands against it. ArchiveBusy when it is done and a reader keeps the log from being
        emptied; the next opening for writing does that.
        """
        return erasing.erase(self._connection, order, now, dry_run=dry_run)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Every erasure, by order or by rule, oldest first."""
        with self._connection.read() as db:
            return erasing.tombstones(db)

    def erasures_of(self, uri: str) -> Mapping[int, Tombstone]:
        """The captures of an address whose bytes were erased, with the erasure."""
        return reading.erasures_of(self._connection, uri)

    def retain(
        self, rule: Collection[str], zone: ZoneInfo, now: datetime, *, by: str, dry_run: bool = False
    ) -> Retained:
        """Let go what a rule (words of :class:`storage.records.Keep`) does not keep; months are those of ``zone``."""
        return retention.retain(self._connection, rule, zone, now, dry_run=dry_run, by=by)

    def holds(self) -> tuple[Hold, ...]:
        """Every hold there ever was, oldest first."""
        return holds.holds(self._connection)

    def add_hold(self, new: Hold) -> Hold:
        """Keep an address or a source from being erased; the id is given here."""
        return holds.add(self._connection, new)

    def lift_hold(self, hold_id: int, now: datetime) -> bool:
        """End a hold. False if there is none, or it has ended."""
        return holds.lift(self._connection, hold_id, now)

    # --- about the chain

    def broken_links(self) -> tuple[int, ...]:
        """Ids of captures whose columns of arrival no longer give their link of the hash chain."""
        with self._connection.read() as db:
            return chain.broken(db)

    @contextmanager
    def handover(self, selection: Selection) -> Iterator[Holdings]:
        """What is to be exported. All that is asked of the archive inside, by whatever method, sees one state of it."""
        with self._connection.read() as db:
            yield Holdings(db, selection)

    # --- crawling

    def start_crawl(self, source: Source, now: datetime) -> Crawl:
        """Begin a crawl and hold the source's lock until :meth:`end_crawl`, :meth:`close` or death.

        ArchiveBusy with the other's pid when somebody else crawls this source.
        """
        crawl = crawling.start_crawl(self._connection, source, now)
        self._own.add(crawl.id)
        return crawl

    def add_capture(
        self,
        crawl_id: int,
        new: NewCapture,
        reading: Reading | None = None,
        member: bool | None = None,
        *,
        read_as: int | None = None,
    ) -> Stored:
        """Store one fetch.

        When it shows the bytes of the last good look, or a 304 confirms them, it is judged ``unchanged`` at
        once and needs no reading; otherwise ``reading`` judges it, now or by :meth:`judge_capture`.

        ``member`` False keeps the capture but keeps it out of the crawl's view. None means: as at the source's last
        look at this address if it is unchanged, else True.

        ``read_as`` is a good capture of the same address whose page ``reading`` has: nothing of it is stored again.
        """
        return crawling.add_capture(self._connection, crawl_id, new, reading, member, read_as=read_as)

    def judge_capture(self, capture_id: int, reading: Reading, member: bool = True) -> None:
        """Store what a capture was judged to be, and a version if it is ok and its text is not the last good one's.

        A capture that already belongs to a version keeps its judgement (only ``member`` is taken over), and so does
        every capture of a crawl whose detection is done.
        """
        crawling.judge_capture(self._connection, capture_id, reading, member=member)

    def end_crawl(self, crawl_id: int, now: datetime, exhausted: bool, reason: str) -> Crawl:
        """Close a crawl; ``reason`` is "finished" or why not. A crawl that has ended stays as it ended."""
        self._own.discard(crawl_id)
        return crawling.end_crawl(self._connection, crawl_id, now, exhausted=exhausted, reason=reason)

    def unread_captures(self) -> tuple[Capture, ...]:
        """Captures stored but never judged (a kill between the two), of crawls still to be detected."""
        return crawling.unread_captures(self._connection)

    def count_captures(self, crawl_id: int) -> int:
        """How many captures a crawl has, probes and hops included."""
        return crawling.count_captures(self._connection, crawl_id)

    def abandoned_crawls(self) -> tuple[Crawl, ...]:
        """Crawls without an end that no living process is working on."""
        return crawling.abandoned_crawls(self._connection, frozenset(self._own))

    def frontier(self, source_name: str) -> tuple[Known, ...]:
        """Every address the source watches, with what a polite second request needs."""
        return crawling.frontier(self._connection, source_name)

    def last_good_page(self, address: str) -> Page | None:
        """The last good reading of an address."""
        return crawling.last_good_page(self._connection, address)

    def good_answer(self, capture_id: int, size: int) -> GoodAnswer | None:
        """What a good capture was answered with, if its body has ``size`` bytes; None also where it was erased."""
        return crawling.good_answer(self._connection, capture_id, size)

    def last_good_capture(self, address: str) -> Capture | None:
        """The last capture of an address that showed the page."""
        return crawling.last_good_capture(self._connection, address)

    def known_asset(self, address: str) -> KnownAsset | None:
        """What there is of a style, an image or a font, with what a polite second request needs."""
        return crawling.known_asset(self._connection, address)

    def kept_assets(self, source_name: str) -> bool:
        """Whether the source's last complete crawl kept styles, images and fonts."""
        return crawling.kept_assets(self._connection, source_name)

    def rebase(self, address: str, page: Page) -> None:
        """Replace the text of an address's newest version by what today's extractor reads from the same bytes.

        To be called before another extractor's reading of other bytes is judged, so that the two texts
        are comparable and a new extractor is no change. The old reading stays with its captures.
        """
        crawling.rebase(self._connection, address, page)

    # --- reading again

    def editions(self) -> tuple[str, ...]:
        """The versions of the extractor, as readings are marked with them, that the archive has readings of."""
        return rereading.editions(self._connection)

    def crawled_sources(self) -> tuple[str, ...]:
        """The names of all sources that were ever crawled, in the config or not."""
        return rereading.sources(self._connection)

    @contextmanager
    def source_lock(self, source: str) -> Iterator[None]:
        """Held by whoever crawls a source, or reads its pages again; ArchiveBusy with the other's pid."""
        with crawling.source_lock(self._connection, source).hold():
            yield

    def outdated(self, source: str, stale: Collection[str]) -> tuple[int, ...]:
        """The captures whose bytes have to be read again before a source is crawled, oldest first.

        Those are, of what the source's next crawl is compared with, the ones that an extractor in ``stale`` has read.
        """
        return rereading.outdated(self._connection, source, stale)

    def is_outdated(self, source: str, stale: Collection[str]) -> bool:
        """Whether :meth:`renew` and :meth:`remember` have anything to do for a source."""
        return rereading.is_due(self._connection, source, stale)

    def renew(self, capture_id: int, page: Page) -> None:
        """Put today's reading of an outdated capture's bytes in the place of its version's; repeat it at will."""
        rereading.renew(self._connection, capture_id, page)

    def remember(
        self,
        source: Source,
        stale: Collection[str],
        now: datetime,
        rework: Callable[[DetectionState, tuple[Reread, ...], Crawl], Memory],
    ) -> None:
        """Once nothing is outdated any more: put what detection remembers into the words of today's extractor."""
        rereading.remember(self._connection, source, stale, now, rework)

    def backlog(self, source: str, stale: Collection[str]) -> int:
        """How many good looks of a source were read by an extractor in ``stale``."""
        return rereading.backlog(self._connection, source, stale)

    def next_in_backlog(self, source: str, stale: Collection[str], after: int, limit: int) -> tuple[Capture, ...]:
        """The next ones behind a capture's id (0: from the oldest), one for each payload among ``limit`` of them."""
        return rereading.next_in_backlog(self._connection, source, stale, after, limit)

    def replace_readings(self, capture_id: int, stale: Collection[str], page: Page) -> int:
        """Give all good looks at a capture's bytes, and their versions, today's reading; how many looks there were."""
        return rereading.replace_readings(self._connection, capture_id, stale, page)

    def last_robots(self, host: str) -> Capture | None:
        """The newest capture of ``host``'s robots.txt whose answer settled the rules (2xx or 4xx but 429)."""
        return crawling.last_robots(self._connection, host)

    # --- taking in

    @contextmanager
    def import_lock(self) -> Iterator[None]:
        """Held by whoever takes something in; ArchiveBusy with the other's pid."""
        with keeping.lock(self._connection).hold():
            yield

    def take(self, source: Source, found: Found, now: datetime) -> Taken:
        """Keep one answer of another archive, unless it is here; its history is worked out by :meth:`commit_history`.

        A revisit whose original is not here waits for it, in this import or a later one.
        """
        return keeping.take(self._connection, source, found, now)

    def holds_record(self, origin: Origin) -> bool:
        """Whether this record of that archive was taken in before."""
        return keeping.known_record(self._connection, origin)

    def waiting_revisits(self) -> int:
        """How many imported revisits wait for their original."""
        return keeping.waiting(self._connection)

    def unworked(self) -> tuple[str, ...]:
        """The sources with imported captures whose history was not worked out yet."""
        return keeping.pending(self._connection)

    def past(self) -> tuple[Past, ...]:
        """Every imported capture without its bytes, in the order of time."""
        return keeping.past(self._connection)

    def first_watched(self, source: str) -> datetime | None:
        """When the crawl began from which on a source tells for itself what happens; None before there is one."""
        return keeping.first_watched(self._connection, source)

    def origins(self, capture_ids: Iterable[int]) -> Mapping[int, tuple[Origin, ...]]:
        """Where imported captures come from; of looks of ours nothing."""
        return keeping.origins(self._connection, capture_ids)

    def commit_history(self, source: str, judged: Iterable[Judged], changes: Sequence[Change]) -> tuple[int, int]:
        """Store the history of a source's imported captures in the place of what was before; versions and changes.

        Nothing that a crawl is compared with and nothing that readers were told is touched.
        """
        return keeping.commit(self._connection, source, judged, changes)

    # --- detection

    def undetected(self) -> tuple[Crawl, ...]:
        """Ended crawls whose detection is missing, oldest first; detect them in this order."""
        return detecting.undetected(self._connection)

    def source_state(self, name: str) -> SourceState:
        """What detection remembers about a source; with nothing but its name before the first detection."""
        with self._connection.read() as db:
            return detecting.source_state(db, name)

    def state_before(self, crawl: Crawl, source: Source) -> DetectionState:
        """What detection knew before this crawl.

        If the crawl is still to be detected, other processes wait to detect theirs until
        :meth:`commit_detection` or :meth:`close`.
        """
        return detecting.state_before(self._connection, crawl, source)

    def crawl_view(self, crawl: Crawl) -> CrawlView:
        """What the crawl saw: of each address the last capture, with the page it showed."""
        return looks.crawl_view(self._connection, crawl)

    def commit_detection(
        self,
        crawl: Crawl,
        detection: Detection,
        owed: Callable[[int, tuple[Change, ...]], Sequence[NewDigest]] | None = None,
    ) -> tuple[Change, ...]:
        """Store a detection, its state and everything owed because of it in one transaction; return its changes.

        ``owed`` is called inside the transaction with the first free digest number and the new changes (with ``seq``);
        its digests get that number and the following ones. A repeat stores nothing and returns what is stored.
        """
        return detecting.commit_detection(self._connection, crawl, detection, owed)

    # --- digests

    def record_subscriptions(self, names: Collection[str], now: datetime) -> None:
        """Make rows for new names. They are told what comes after now; in an archive that never had any, everything."""
        digests.record_subscriptions(self._connection, names, now)

    def subscription(self, name: str) -> SubscriptionRow | None:
        """Up to where a subscription was told."""
        return digests.subscription(self._connection, name)

    def add_change(self, change: Change) -> Change:
        """Store a change that somebody made and no crawl brought, with the next commit number; its id must be new."""
        return detecting.add_change(self._connection, change)

    def changes_between(self, after: int, through: int) -> tuple[Change, ...]:
        """The changes of the window (after, through], in the order of commit."""
        return reading.changes_between(self._connection, after, through)

    def commit_digest(self, build: Callable[[int], NewDigest]) -> DigestRow:
        """Store a digest with its deliveries in one transaction; ``build`` gets its number, inside the transaction.

        Kind "digest" closes the window: the subscription is told ``through`` it. ArchiveBusy when the window does not
        begin where the last one ended, because another process has closed it meanwhile.
        """
        return digests.commit_digest(self._connection, build)

    def digests(self, subscription: str | None = None) -> tuple[DigestRow, ...]:
        """All digests, oldest first."""
        return digests.digests(self._connection, subscription)

    def coming_number(self) -> int:
        """The number that the next digest gets, whoever stores one first."""
        return digests.coming_number(self._connection)

    def told(self, subscription: str) -> frozenset[str]:
        """The ids of all changes that a subscription was ever told."""
        return digests.told(self._connection, subscription)

    def told_at_once(self, subscription: str) -> Mapping[str, datetime]:
        """When the changes that wait for the next digest were told ahead of it, by id; told ones may be among them."""
        return digests.told_at_once(self._connection, subscription)

    def digest_heads(self, kinds: Collection[str], *, first: int = 0, number: int = 100) -> DigestHeads:
        """The ``first`` and following digests of some kinds without their texts, newest first, at most ``number``."""
        return digests.heads(self._connection, kinds, (first, number))

    def digest_neighbours(self, row: DigestRow) -> tuple[int | None, int | None]:
        """The digests of the same subscription right before and behind one, by number."""
        return digests.neighbours(self._connection, row)

    def digest(self, number: int) -> DigestRow | None:
        """One digest by its number."""
        return digests.digest(self._connection, number)

    def newest_digest(self, subscription: str) -> DigestRow | None:
        """The newest digest of a subscription."""
        return digests.newest_digest(self._connection, subscription)

    def claim_slot(self, job: str, slot: datetime, now: datetime) -> bool:
        """True for the one caller that may run ``job`` for ``slot``, False for everybody after."""
        return digests.claim_slot(self._connection, job, slot, now)

    def last_slot(self, job: str, until: datetime | None = None) -> datetime | None:
        """The newest slot that was claimed for a job, of those up to a moment: a clock may have been ahead of time."""
        return digests.last_slot(self._connection, job, until)

    def slots(self, job: str, until: datetime | None = None, limit: int = 2) -> tuple[datetime, ...]:
        """The newest slots that were claimed for a job up to a moment, newest first."""
        return digests.slots(self._connection, job, until, limit)

    # --- recipients

    def recipients(self) -> tuple[RecipientRow, ...]:
        """What the archive knows of readers beside the config: added, pausing, removed."""
        return recipients.rows(self._connection)

    def add_recipient(self, subscription: str, address: str, now: datetime) -> None:
        """Put an address on a list; it ends a pause or a removal of theirs there."""
        recipients.add(self._connection, subscription, address, now)

    def pause_recipient(self, subscription: str, address: str, until: datetime, now: datetime) -> None:
        """Write nothing to an address before ``until``; ``subscription`` "" means from any list."""
        recipients.pause(self._connection, subscription, address, until, now)

    def remove_recipient(self, subscription: str, address: str, now: datetime) -> int:
        """Take an address off a list ("" for all), whatever the config says; how many queued messages that stopped.

        A salted hash stays, also in a file beside the archive, so that the removal outlives the restoring of a backup.
        """
        return recipients.remove(self._connection, subscription, address, now)

    def forget_recipient(self, address: str, now: datetime) -> int:
        """Remove an address from all lists; erase it from the outbox with the messages to it, and say how many."""
        return recipients.forget(self._connection, address, now)

    def written_to(self, subscription: str, among: Collection[str]) -> frozenset[str]:
        """Those of some addresses, in lower case, that a list ever had a message for, not refused or dropped."""
        return recipients.written_to(self._connection, subscription, among)

    # --- deliveries

    def due_deliveries(self, now: datetime, everything: bool = False) -> tuple[Delivery, ...]:
        """What is to be sent now, oldest first; with ``everything`` regardless of the next attempt's time.

        A message whose sender died is due again at once, one whose sender lives is not. A clock that was set back
        keeps none waiting longer than a retry waits.
        """
        return self._outbox.due(now, everything=everything)

    def claim_delivery(self, delivery_id: int, now: datetime) -> Delivery | None:
        """Take a delivery for one attempt (``sending``, attempts + 1); None when it is done or in other hands."""
        return self._outbox.claim(delivery_id, now)

    def close_delivery(
        self,
        delivery_id: int,
        state: DeliveryState,
        answer: str,
        next_at: datetime | None,
        now: datetime,
        *,
        notice: NewDelivery | None = None,
    ) -> bool:
        """Record how an attempt ended. False when the delivery was no longer being sent.

        ``notice`` is what goes to the same recipient in the place of a message that the server would not take.
        """
        return self._outbox.close(delivery_id, state, answer, next_at, now, notice=notice)

    def unfinished_deliveries(self) -> tuple[Owed, ...]:
        """Every delivery that is queued, deferred or being sent, oldest first."""
        return self._outbox.unfinished()

    def undelivered(self, since: datetime) -> tuple[Owed, ...]:
        """What is held, and what servers refused at or after a moment, while it can be tried again."""
        return self._outbox.undelivered(since)

    def purge_messages(self, now: datetime) -> int:
        """Erase the bytes of messages 30 days after the last delivery of their digest ended; how many that were.

        Their hashes stay, and so does the digest, which renders the same again.
        """
        return self._outbox.purge(now)

    def outbox(self) -> tuple[Delivery, ...]:
        """Every delivery, oldest first."""
        return self._outbox.everything()

    def outbox_release(self, delivery_id: int, now: datetime) -> bool:
        """Queue a held delivery. False if it is not held."""
        return self._outbox.move(delivery_id, (DeliveryState.HELD,), DeliveryState.QUEUED, now)

    def outbox_retry(self, delivery_id: int, now: datetime) -> bool:
        """Queue a deferred, refused or dropped delivery again for now. False if it is in another state."""
        stopped = (DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.DROPPED)
        return self._outbox.move(delivery_id, stopped, DeliveryState.QUEUED, now)

    def outbox_drop(self, delivery_id: int, now: datetime) -> bool:
        """Give up a delivery that was not sent. False if it was, or is being sent."""
        unsent = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.HELD, DeliveryState.REFUSED)
        return self._outbox.move(delivery_id, unsent, DeliveryState.DROPPED, now)

    def queue_counts(self) -> Mapping[DeliveryState, int]:
        """How many deliveries are in each state; every state is a key."""
        return self._outbox.counts()

    # --- reading

    def known(self, uri: str) -> bool:
        """Whether the archive holds a capture of this address."""
        return reading.known(self._connection, uri)

    def looked_at(self, uri: str) -> bool:
        """Whether the archive holds a look of ours at this address, not only imported ones."""
        return reading.looked_at(self._connection, uri)

    def nearest_uris(self, uri: str) -> tuple[str, ...]:
        """Up to three URIs of the archive that look most like this one ("did you mean")."""
        return reading.nearest_uris(self._connection, uri)

    def captures_of(self, uri: str) -> tuple[Capture, ...]:
        """All captures of an address, oldest first, probes left out."""
        return reading.captures_of(self._connection, uri)

    def watches(self, source: str) -> tuple[Watch, ...]:
        """The addresses that a source watches, with where each stands, by address."""
        return reading.watches(self._connection, source)

    def watched(
        self, source: str, *, role: Role | None = None, words: Sequence[str] = (), first: int = 0, number: int = 100
    ) -> Watched:
        """The ``first`` and following addresses that a source watches, at most ``number``, by address.

        ``words``, in lower case, all have to stand in the address.
        """
        return reading.watched(self._connection, source, role, words, (first, number))

    def lives(self, addresses: Iterable[str]) -> Mapping[str, Life]:
        """How many versions some addresses (normal forms) have and since when, by address; none: it is left out."""
        return reading.lives(self._connection, addresses)

    def last_erasure(self) -> int:
        """A number that is another one once anything was erased, 0 before that."""
        return reading.last_erasure(self._connection)

    def sources(self) -> tuple[str, ...]:
        """The names of all sources that were ever looked at, also of those that left the config."""
        return reading.sources(self._connection)

    def capture(self, capture_id: int) -> Capture | None:
        """One capture by its id."""
        return reading.capture(self._connection, capture_id)

    def versions_of(self, uri: str) -> tuple[Version, ...]:
        """All versions of an address, oldest first."""
        return reading.versions_of(self._connection, uri)

    def version(self, version_id: int) -> Version | None:
        """One version by its id."""
        return reading.version(self._connection, version_id)

    def page_of(self, capture_id: int) -> Page | None:
        """What a capture was read as, None if nothing could be read."""
        return reading.page_of(self._connection, capture_id)

    def payload(self, digest: str) -> bytes:
        """The bytes of a payload (``sha256:<hex>``), checked against their digest. KeyError if there is none."""
        return reading.payload(self._connection, digest)

    def snapshot_at(self, uri: str, at: datetime) -> SnapshotView | None:
        """The last good state of an address at or before a moment, and the looks that failed between the two."""
        return reading.snapshot_at(self._connection, uri, at)

    def memento_at(self, uri: str, at: datetime) -> Memento | None:
        """The memento of an address at or before a moment, its first one if all are later; None if it has none."""
        return mementos.memento_at(self._connection, uri, at)

    def mementos(self, uri: str) -> tuple[Capture, ...]:
        """Every memento of an address, oldest first, without the bytes of request and head."""
        return mementos.mementos(self._connection, uri)

    def nearest(self, uri: str, at: datetime) -> Memento | None:
        """The memento of an address nearest to a moment, before or after, whose bytes were not erased."""
        return mementos.nearest(self._connection, uri, at)

    def held_bytes(self, uris: Iterable[str]) -> frozenset[str]:
        """Those of some URIs of which a memento's bytes are there."""
        return mementos.held(self._connection, uris)

    def months(self, uri: str) -> tuple[MonthLooks, ...]:
        """In which months of UTC an address was looked at, and how often, oldest first."""
        return mementos.months(self._connection, uri)

    def looks_between(self, uri: str, start: datetime, end: datetime) -> tuple[Capture, ...]:
        """The looks at an address from ``start`` until before ``end``, without the bytes of request and head."""
        return mementos.looks_between(self._connection, uri, start, end)

    def stretches(self, uri: str) -> tuple[Stretch, ...]:
        """The versions of an address without their pages, oldest first, with when each was last seen."""
        return mementos.stretches(self._connection, uri)

    def search(
        self,
        words: Sequence[str],
        *,
        source: str | None = None,
        kind: SearchKind | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 1000,
        going: Callable[[], bool] = lambda: True,
    ) -> tuple[SearchHit, ...]:
        """The pages one of whose versions has all ``words``, newest text first; at most ``limit`` pages.

        Each of ``words`` is a word, found inside longer ones too, or with a space in it a phrase (extractors.find);
        without a letter or digit in any of them nothing is found. ``since`` and ``until`` leave out texts that stood
        only before or only after; ``source`` those of addresses that the source has not watched. ``going`` is asked
        before each text that is read: once it says no, what was found by then is all.
        """
        filters = search.Filters(source, kind, since, until)
        with self._connection.read():
            return tuple(islice(search.search(self._connection, wanted(words), filters, going), limit))

    def rebuild_search(self) -> int:
        """Make the index of words anew from the texts, also where it is damaged; how many texts it has then."""
        return search.rebuild(self._connection)

    def changes(
        self, since: datetime | None = None, source: str | None = None, kind: str | None = None
    ) -> tuple[Change, ...]:
        """Changes in the order of commit; ``since`` (inclusive) by their detection, ``kind`` also as ``page.*``."""
        return reading.changes(self._connection, since, source, kind)

    def newest_changes(self, limit: int) -> tuple[Change, ...]:
        """The newest changes in the order of commit, without imported history."""
        return reading.newest_changes(self._connection, limit)

    def change_heads(self, after: int = 0) -> tuple[ChangeHead, ...]:
        """The heads of all changes behind a commit number, in the order of commit."""
        return reading.change_heads(self._connection, after)

    def changes_numbered(self, numbers: Iterable[int]) -> tuple[Change, ...]:
        """Changes by their commit numbers, in the order of commit; numbers without one are passed over."""
        return reading.changes_numbered(self._connection, numbers)

    def changes_named(self, ids: Iterable[str]) -> tuple[Change, ...]:
        """Changes by their ids, in the order of commit; ids without one are passed over."""
        return reading.changes_named(self._connection, ids)

    def change(self, change_id: str) -> Change | None:
        """One change by its id."""
        return reading.change(self._connection, change_id)

    def held(self, source: str | None = None, since: datetime | None = None) -> tuple[Held, ...]:
        """What detection held back or folded, in order of crawl; ``since`` (inclusive) by the crawl's start."""
        return reading.held(self._connection, source, since)

    def seminars(self) -> tuple[SeminarRow, ...]:
        """The register of seminars, by series and number or year."""
        with self._connection.read() as db:
            return detecting.seminars(db)

    def notices(self) -> tuple[NoticeRow, ...]:
        """All notices, in the order they were first seen."""
        with self._connection.read() as db:
            return detecting.notices(db)

    def coverage(self, source: str) -> Coverage | None:
        """How much of a source its last ended crawl could judge; None if it never had one."""
        return looks.coverage(self._connection, source)

    def coverages(self, source: str, since: datetime | None = None) -> tuple[Coverage, ...]:
        """How much of a source each of its ended crawls could judge, oldest first; ``since`` by the crawl's start."""
        return tuple(looks.coverages(self._connection, source, since))

    def crawls(self, source: str | None = None, limit: int = 100) -> tuple[Crawl, ...]:
        """The newest crawls, newest first."""
        return reading.crawls(self._connection, source, limit)
