"""The rows of the archive and the views that the other packages ask of it.

Every type is frozen; times are aware UTC datetimes; digests are written ``sha256:<hex>``.
An *address* is the normal form of a URI (:func:`extractors.address.key`); a *uri* is a spelling of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from extractors.find import Passage
from extractors.model import Link, Outcome, Page
from storage.pages import StoredPage

Json = Any  # what json.loads gives; only a change's typed facts hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is watched, as far as archive and detection need to know; the config makes it."""

    name: str
    start: tuple[str, ...]
    scope: tuple[str, ...]
    documents: bool = True
    register: str = ""
    press: bool = False
    match: tuple[str, ...] = ()
    confirm_after: timedelta = timedelta(hours=48)
    assets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One run over a source. ``exhausted``: the frontier ran empty; otherwise ``reason`` says why not."""

    id: int
    source: str
    started_at: datetime
    ended_at: datetime | None = None
    exhausted: bool = False
    reason: str = ""  # "finished", "max_pages", "deadline", "shutdown", "crashed", "robots", …
    detected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCapture:
    """One fetch of one address as the crawler hands it over; each redirect hop is one.

    ``request`` and ``head`` are the bytes on the wire (head: status line to the empty line);
    ``payload`` is the body with transfer coding undone and content coding left in place, None if
    there was no answer. ``hop_of`` is the id of the capture that redirected here.
    ``revisit_of`` names the capture whose payload a 304 confirmed.
    """

    uri: str
    captured_at: datetime
    request: bytes
    head: bytes
    payload: bytes | None
    status: int | None
    peer: str = ""
    elapsed_ms: int = 0
    location: str | None = None  # where a redirect leads, absolute
    hop_of: int | None = None
    probe: bool = False  # robots.txt, or a host's home page asked only to see whether the host is well
    linked_from: str | None = None
    depth: int = 0
    is_document: bool = False
    label: str = ""  # of the link that led to a document
    error: str = ""  # network failure in one line, when there is no answer
    revisit_of: int | None = None  # of a 304: Known.last_good of the validators sent; None: the address's last good


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One fetch as the archive keeps it.

    The payload digest and size of a 304 are those of the payload it confirms (that of ``revisit_of``).
    """

    id: int
    crawl_id: int
    address: str
    uri: str
    captured_at: datetime
    request: bytes
    head: bytes
    status: int | None
    payload_digest: str | None
    payload_size: int
    peer: str
    elapsed_ms: int
    location: str | None
    hop_of: int | None
    revisit_of: int | None
    probe: bool
    outcome: Outcome
    rule: str
    detail: str
    text_digest: str | None
    version_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the crawler learns when a capture is stored."""

    capture_id: int
    address: str
    payload_digest: str | None
    is_known: bool  # whether there was a good look at this address before
    # The last good capture of this address, when it has the same payload or a 304 confirms it.
    same_as_last_good: Capture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One stretch of time in which a page's text stayed the same."""

    id: int
    address: str
    uri: str
    text_digest: str
    since: datetime  # captured_at of the first capture that showed it
    first_capture: int
    page: StoredPage


class Role(StrEnum):
    """What an address is to a source."""

    PAGE = "page"
    DOCUMENT = "document"


MOST_LINKING = 1000  # more than any list shows that a person reads


class Standing(StrEnum):
    """Where a watched address stands, as far as readers were told."""

    LIVE = "live"
    MISSING = "missing"  # says it is gone, not yet confirmed
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The membership of one address in one source, with what detection remembers about it."""

    source: str
    address: str
    uri: str
    role: Role
    first_crawl: int
    standing: Standing = Standing.LIVE
    missing_since: datetime | None = (
        None  # first of the present run of equal looks that say "gone" or show a suspect text
    )
    doubt: str = ""  # what those looks agree on: an outcome, or the text digest of a suspect page
    moved_to: str | None = None
    changed_looks: int = 0  # looks in a row that each showed another text
    muted: bool = False
    label: str = ""
    linked_from: Sequence[str] = ()  # addresses of pages that linked it when last seen; of a page MOST_LINKING at most
    depth: int = 0
    told: bool = False  # a page.added, press.new, document.added … was told, or it belongs to a baseline
    held_version: int | None = None  # the version readers know, when later ones were stored while nothing could be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Some of the addresses that a source watches, of ``total`` that were meant.

    ``linking`` has the spelling (uri) of the pages in their ``linked_from``, by address, where the source watches them.
    """

    total: int
    watches: tuple[Watch, ...]
    linking: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What became of one address so far: how many versions, from when to when they began, bytes of the newest.

    ``bytes`` is 0 where they are no longer held.
    """

    versions: int
    first_since: datetime
    last_since: datetime
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """A passage that many pages share and that changes by itself: its words without numbers, hashed (``mark``).

    ``looks`` counts the looks in a row at which it changed on many pages.
    """

    mark: str
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What detection remembers about a source as a whole."""

    name: str
    start: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    baseline_crawl: int | None = None
    blind_since: datetime | None = None
    last_full_at: datetime | None = None  # end of the last crawl whose frontier was exhausted and that could see
    shared: tuple[str, ...] = ()  # lines that most pages are known to share round their text (alerts.detect.shared)
    ticking: tuple[Ticking, ...] = ()  # passages that a program writes (alerts.detect.ticking)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice of one host. It is in force while ``lifted_at`` and ``replaced_by`` are None."""

    id: str
    host: str
    text: str
    text_digest: str
    uris: tuple[str, ...]
    peak_pages: int
    first_seen: datetime
    last_seen: datetime
    lifted_at: datetime | None = None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One page's words about one seminar, as the register keeps them.

    ``version``, ``captured_at`` and ``crawl`` are those of the look that first showed these words; ``seen_at`` is when
    the page first spoke of the seminar. ``by_clock`` is true where no word says the state.
    """

    source: str
    address: str
    uri: str
    title: str
    start: str | None
    end: str | None
    city: str | None
    state: str
    quote: str
    named_by_title: bool
    substitute: str
    seen_at: datetime
    version: int | None = None
    captured_at: datetime | None = None
    crawl: int = 0
    by_clock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two or more pages that contradict each other: ``values`` are (value, uri) pairs."""

    field: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeminarRow:
    """One seminar of the register. ``start``/``end``/``city`` are None while the mentions conflict."""

    id: str
    series: str
    number: int | None
    year: int | None
    title: str
    start: str | None
    end: str | None
    city: str | None
    state: str
    substitute: str
    quote: str
    uri: str
    mentions: tuple[Mention, ...]
    conflicts: tuple[Conflict, ...]
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that happened in the world.

    ``subject`` is what it happened to (an address, a notice id, a seminar id, a source name); ``id``
    is :func:`change_id` of source, kind, subject and the two versions, so that detecting twice cannot double it.
    ``before``/``after`` are the typed facts of the contract (design §4, docs/json.md); ``facts`` holds what
    sentences and mails need besides. ``seq`` is the commit sequence number, given under the write lock.
    """

    id: str
    kind: str
    source: str
    subject: str
    uri: str
    uris: tuple[str, ...]
    title: str
    summary: str
    minor: bool
    before: Json
    after: Json
    facts: Mapping[str, Json]
    detected_at: datetime
    observed_at: datetime
    crawl_id: int
    importance: int = 0
    reason: str = ""
    version_before: int | None = None
    version_after: int | None = None
    source_ids: tuple[str, ...] = ()
    imported: bool = False
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHead:
    """What a list of changes is made from, without texts and facts. ``addresses`` are those of all pages concerned."""

    seq: int
    id: str
    kind: str
    sources: tuple[str, ...]
    subject: str
    addresses: tuple[str, ...]
    minor: bool
    imported: bool
    detected_at: datetime
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something detection saw and did not tell, and the rule that held or folded it."""

    crawl_id: int
    source: str
    uri: str
    rule: str
    detail: str
    into: str = ""  # id of the change it was folded into


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one crawl learned about one address: its last capture there, and the versions round it.

    ``before`` is the last good version before this crawl. ``page`` is what this crawl showed: the new
    reading for ok, the kept one for unchanged, the doubtful one for suspect, None otherwise.
    ``target`` is where a chain of redirects ended (an address), if it did. ``linked_from`` are the pages of this crawl
    that link it; of an address that readers know and that showed itself before nobody asks, and it is ().
    """

    capture: Capture
    role: Role
    before: Version | None
    page: StoredPage | None
    target: str | None = None
    target_uri: str | None = None
    linked_from: Sequence[str] = ()
    depth: int = 0
    label: str = ""
    shown: StoredPage | None = None  # of a good look: its own reading; that of ``page``, if unchanged, may be older
    last: StoredPage | None = None  # what the last good look before this crawl showed
    earlier: tuple[StoredPage, ...] = ()  # where what a page shows moved: what the good looks before this one showed


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlView:
    """All that one crawl saw: looks by address (pages and documents), probes apart."""

    crawl: Crawl
    looks: Mapping[str, Look]
    probes: tuple[Capture, ...]
    probed: Mapping[int, StoredPage] = field(
        default_factory=dict
    )  # what probes showed, by capture id, where it was read


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionState:
    """What detection knew before a crawl, and what it knows after.

    ``last_good`` gives, for every watched address of the source, the version that a change is told against:
    the one its watch names as ``held_version``, else the last good one before the crawl. Notices and
    seminars are those of the whole archive. ``other_baselines`` names hosts that another source with a
    baseline of its own already watches.
    """

    source: SourceState
    watches: Mapping[str, Watch]
    notices: tuple[NoticeRow, ...]
    seminars: tuple[SeminarRow, ...]
    last_good: Mapping[str, Version]
    other_baselines: frozenset[str] = frozenset()
    drifted: frozenset[tuple[str, str, str]] = frozenset()  # held since a page last changed: address, rule, detail
    late: frozenset[str] = frozenset()  # of imported history: addresses first archived now that may be older


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """A page that a source shows, read again by today's extractor; ``old`` is what was read from the same bytes."""

    capture: Capture
    old: StoredPage
    new: StoredPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What detection remembers, once it is put into the words of today's extractor."""

    source: SourceState
    watches: tuple[Watch, ...]
    notices: tuple[NoticeRow, ...]
    seminars: tuple[SeminarRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The result of applying the rules to one crawl: stored in one transaction."""

    changes: tuple[Change, ...]
    held: tuple[Held, ...]
    source: SourceState
    watches: tuple[Watch, ...]
    notices: tuple[NoticeRow, ...]
    seminars: tuple[SeminarRow, ...]
    settled: tuple[int, ...] = ()  # captures judged suspect whose text is now confirmed: each becomes a version
    doubted: tuple[int, ...] = ()  # captures judged ok whose text stands on many addresses: none is a version


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """What the archive keeps of a subscription: up to which commit it was told, and when."""

    name: str
    told_through: int
    last_digest_at: datetime | None
    last_slot: datetime | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """One digest: what one subscription is told for the closed window (``after``, ``through``] of commit numbers.

    ``kind`` is "digest" or "immediate"; ``body`` is the JSON of everything the templates need, so that
    it renders the same again; "" once something that it told was erased.
    """

    number: int
    subscription: str
    kind: str
    after: int
    through: int
    created_at: datetime
    change_ids: tuple[str, ...]
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestHead:
    """What a list of digests shows of one, without its text."""

    number: int
    subscription: str
    kind: str
    created_at: datetime
    subject: str
    change_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestHeads:
    """Some digests of ``total`` that were meant."""

    total: int
    heads: tuple[DigestHead, ...]


class DeliveryState(StrEnum):
    """Where one message to one recipient stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    HELD = "held"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message to one recipient, frozen before the first attempt."""

    recipient: str
    envelope_from: str
    message_id: str
    message: bytes
    html: bytes = b""  # the HTML part alone, for the outbox folder
    part: str = "message"  # "notice": the short one that goes out where a server would not take the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient: frozen bytes, attempts, the server's last answer.

    ``message`` and ``html`` are empty once the bytes were erased; what they were stays as hash in the archive.
    """

    id: int
    digest: int
    recipient: str
    part: str
    envelope_from: str
    message_id: str
    message: bytes
    html: bytes
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    last_answer: str
    sent_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """How a delivery stands that has not gone out, without its bytes: for those who only count and report."""

    id: int
    recipient: str
    state: DeliveryState
    created_at: datetime
    last_answer: str


class RecipientState(StrEnum):
    """How one person stands to one list: added to it, pausing on one that somebody else put them on, or removed."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """What the archive knows of one person and one list beside the config.

    ``subscription`` "" means all lists. ``address`` is "" once the person was removed: what is left is ``person``,
    HMAC-SHA256 of the address under ``salt``, drawn for this row, so that the removal holds and names nobody.
    """

    subscription: str
    salt: bytes
    person: bytes
    address: str
    state: RecipientState
    paused_until: datetime | None
    since: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a source one crawl could judge; ``failed`` lists (uri, outcome, rule)."""

    crawl: Crawl
    known: int
    judged: int
    pages: int
    documents: int
    failed: tuple[tuple[str, str, str], ...]
    failures: int = 0  # of those: 5xx, time-outs, cuts (exit 3); dead links and robots refusals are none
    drifted: int = 0  # good looks whose text moved round the main text, or whose main text shrank sharply
    same_text: int = 0  # good looks at other bytes that say the same


def change_id(source: str, kind: str, subject: str, before: str, after: str) -> str:
    """The id of a change: 24 hex digits of SHA-256 over its five parts.

    96 bits keep accidental collisions out of reach (one in 10^16 at a million changes) and an address short.
    """
    parts = f"{source}\x1f{kind}\x1f{subject}\x1f{before}\x1f{after}"
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDigest:
    """A digest ready to be stored, with one message per recipient frozen beside it."""

    subscription: str
    kind: str  # "digest" or "immediate"
    after: int
    through: int
    created_at: datetime
    slot: datetime | None
    change_ids: tuple[str, ...]
    subject: str
    body: str
    deliveries: tuple[NewDelivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodAnswer:
    """What an address was answered with when it showed its page: the head as received, the body as it is kept."""

    status: int
    head: bytes
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An address to ask again, with the server's own validators (sent back verbatim) and the links it showed last.

    ``page`` is its last good reading, whose links are followed when the answer is "unchanged": of them those in
    ``leads`` may be new, since they do not lead to an address that the source watches.
    """

    uri: str
    address: str
    role: Role
    depth: int
    label: str
    etag: str | None
    last_modified: str | None
    last_good: int | None  # capture id a 304 would confirm
    page: StoredPage | None
    leads: tuple[Link, ...] = ()


class SearchKind(StrEnum):
    """What is looked through: the pages without their notices, the texts of documents, or the notices alone."""

    PAGE = "page"
    DOCUMENT = "document"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A page that has, or had, all that was looked for.

    ``version_id`` is the newest version that has it; its text stood from ``since`` until ``until``, None if it is the
    page's newest. ``versions`` counts all that have it, the oldest of them from ``first_since``. ``kind`` is what the
    address is, never NOTICE.
    """

    uri: str
    address: str
    version_id: int
    kind: SearchKind
    title: str
    since: datetime
    until: datetime | None
    passages: tuple[Passage, ...]
    versions: int
    first_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAsset:
    """A style, an image or a font that was kept: when it was last asked for, and the server's own validators.

    ``capture`` is the one with the bytes, which a 304 would confirm.
    """

    asked_at: datetime
    etag: str | None
    last_modified: str | None
    capture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not what was written. ``part`` is file, schema, rows, bytes, texts, chain or references."""

    part: str
    item: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Up to where a head proves the captures: ``capture`` 0 is the archive before its first one."""

    capture: int
    captured_at: datetime | None
    whole: bool  # every link up to it fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What was erased, by whom and why. ``kind`` is uri, capture, passage or retention.

    ``subject`` names an address or a capture; of a passage it is a salted hash and the number of its words, which let
    the erasure be repeated on a backup and tell nobody what it was.
    """

    id: int
    name: str
    erased_at: datetime
    kind: str
    subject: str
    by: str
    reason: str
    basis: str
    payloads: int
    readings: int
    changes: int
    messages: int


class ErasureKind(StrEnum):
    """What an erasure is about."""

    URI = "uri"  # all that was ever seen at an address
    CAPTURE = "capture"  # the bytes that one capture shows, at its address
    PASSAGE = "passage"  # some words, wherever they stand
    RETENTION = "retention"  # what the rule of retention let go


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureOrder:
    """An order to erase. ``subject``: an address, the id of a capture, or :func:`storage.passages.subject`."""

    kind: ErasureKind
    subject: str
    by: str
    reason: str
    basis: str
    name: str  # unique over all copies of the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did, or would do: the tombstone, and what else a person has to know.

    ``contents`` counts everything whose bytes went; ``digests`` lost their text; ``shared`` are addresses that show
    bytes which stay for that reason.
    """

    tombstone: Tombstone
    captures: int
    contents: int
    uris: tuple[str, ...]
    digests: tuple[int, ...]
    shared: tuple[str, ...]


class Keep(StrEnum):
    """A word of a rule of retention: which looks at an address it keeps."""

    FIRST = "first"
    LAST = "last"
    MONTHLY = "monthly"  # the first of each month
    YEARLY = "yearly"  # the first of each year
    CITED = "cited"  # those that a change in a digest was told from


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What a rule of retention lets go: payloads, texts, bytes in the file, and of each address how many looks."""

    contents: int
    readings: int
    bytes: int
    addresses: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that was proven and bears its name."""

    path: Path
    head: str
    captures: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What bringing a backup back did.

    ``held`` messages wait for somebody to say whether they go out; ``repeated`` erasures were made after the backup;
    ``aside`` is where the archive went that stood there; ``config`` is the one the backup came with.
    """

    path: Path
    made_at: datetime
    head: str
    captures: int
    held: int
    repeated: tuple[Tombstone, ...]
    aside: Path | None
    config: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of looking at everything. ``proven`` None: no head was asked about, or it is not in the chain."""

    findings: tuple[Finding, ...]
    captures: int
    contents: int
    head: str
    proven: Proven | None
    tombstones: tuple[Tombstone, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What must not be erased while ``lifted_at`` is None. ``kind`` is uri or source."""

    id: int
    kind: str
    subject: str
    by: str
    reason: str
    since: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a capture stands in its archive: what somebody needs to cite it, and to have it proven.

    ``link`` is the capture's own link of the chain; ``head`` is the newest one.
    """

    installation: str
    capture: int
    link: str
    captures: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotView:
    """A page as it was at a moment: the last good capture at or before it, and the looks since that failed.

    ``erased``: why ``payload`` is empty; ``page`` is then what is left of the text. ``original``: of a state that a 304
    confirmed, the capture that has the bytes.
    """

    capture: Capture
    page: Page
    payload: bytes
    failed_since: tuple[Capture, ...]
    erased: Tombstone | None = None
    original: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """The state of an address at a moment, and the moments of its neighbours (:mod:`storage.mementos`).

    ``page`` is None of styles, images and fonts. ``payload`` is empty where ``erased`` says why; ``page`` is then what
    is left of the text. ``original``: of a state that a 304 confirmed, the capture that has the bytes.
    """

    capture: Capture
    page: Page | None
    payload: bytes
    erased: Tombstone | None
    original: Capture | None
    first: datetime
    previous: datetime | None
    next: datetime | None
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLooks:
    """How many looks at an address fall into one month of UTC."""

    year: int
    month: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A version without its page: since when its text stood, and the last look that showed it.

    ``versions`` are its own id and those of versions that only go on with it (imported ones that meet one of ours).
    """

    id: int
    uri: str
    text_digest: str
    since: datetime
    last_seen: datetime
    looks: int
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which captures are meant: of one source, between two moments (both inclusive), at one address or below it."""

    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    address: str | None = None
    below: bool = False  # also the addresses that begin with this one and go on with a segment or a query


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an export says of itself: who made it, with what, when, for whom."""

    software: str
    created: datetime
    title: str = ""
    organization: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One file of an export as it was written, with its digests in hex."""

    path: str
    bytes: int
    sha256: str
    sha512: str
    rows: int = 0  # of a table


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What an export came to: how many captures, how many records of each type, what could not be handed over."""

    captures: int = 0
    records: Mapping[str, int] = field(default_factory=dict)
    erased: int = 0  # captures that are a tombstone, since their bytes are no longer held
    carried: int = 0  # captures outside the selection that others lean on
    parts: tuple[PartRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportProof:
    """What came of comparing an export with its manifest. Without ``findings`` it is what was written."""

    path: Path
    format: str
    findings: tuple[Finding, ...]
    captures: int
    records: Mapping[str, int]
    head: str  # of the archive's chain when it was written, as the manifest says
    position: int
    beside: bool  # the manifest lies beside it and covers the file itself, not only what is in it
    proven: int | None  # the capture whose link is the head that was asked about
    chained: int  # captures whose links were worked out anew
    gaps: int  # between them; captures that the export leaves out, or that are gone
