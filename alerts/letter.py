"""What one message says, as data: everything the templates need, so that it renders the same again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import TypeAdapter

from alerts.model import Language


class Section(StrEnum):
    """The parts of a message, in the order readers meet them."""

    CORRECTIONS = "corrections"  # of what was told and proved wrong
    SEMINARS = "seminars"
    NOTICES = "notices"
    PRESS = "press"
    DOCUMENTS = "documents"
    PAGES = "pages"
    SMALL = "small"
    CHECKS = "checks"  # source.*: a line of "what was checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message ready to be put into an envelope: ``text`` is complete without ``html``."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text; a "gap" stands for unchanged text that was left out."""

    op: Literal["same", "del", "ins", "gap"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One changed place of a page or document.

    ``sheet`` is the document's page, 0 where there is none. ``targets`` are links that lead
    elsewhere now: (label, former address, new address).
    """

    op: Literal["changed", "added", "removed", "moved"]
    runs: tuple[Run, ...]
    sheet: int = 0
    targets: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Sources that disagree: ``values`` are (value ready to read, address of the page that says so)."""

    field: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeminarFacts:
    """What is known about a seminar, ready to read; ``quote`` is the sentence the date was read from."""

    title: str
    uri: str
    when: str = ""
    city: str = ""
    state: str = ""
    substitute: str = ""
    quote: str = ""
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A labelled address of an item: the old one of a move, a page that links a document."""

    label: str
    uri: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change as it is told. ``broken`` means that it could not be prepared: only its id is told."""

    id: str
    kind: str
    section: Section
    subject: str
    headline: str
    sentence: str = ""
    teaser: str = ""  # the first words of a new page
    uri: str = ""
    gone: bool = False  # the live page no longer shows it
    archived: str = ""
    comparison: str = ""
    observed_at: datetime | None = None
    seminar: SeminarFacts | None = None
    passages: tuple[Passage, ...] = ()
    places: tuple[Place, ...] = ()
    told_at: datetime | None = None
    steps: int = 1  # how many steps it stands for, where a letter tells the net change
    importance: int = 0
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A notice that stands on the site today; ``pages`` is the largest number of pages seen with it."""

    text: str
    host: str
    uri: str
    since: datetime
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page that could not be checked, and why, in plain words."""

    uri: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How far one source was checked; ``at`` None means that it never was.

    ``documents`` says whether documents are among the addresses counted. ``stale`` means that no
    check fell into the time the message covers.
    """

    source: str
    at: datetime | None = None
    judged: int = 0
    known: int = 0
    documents: bool = False
    failures: tuple[Failure, ...] = ()
    oldest: datetime | None = None
    stale: bool = False

    @property
    def complete(self) -> bool:
        """True when every known address was checked, and lately."""
        return self.at is not None and not self.stale and self.judged >= self.known > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message's content. ``since`` None means the first message of a subscription.

    ``standing`` is false for mails sent at once, which carry neither the checks nor "Stand heute". ``newcomer`` is
    true in the form for somebody who has had no message before: it begins with "Stand heute", whatever its kind.
    """

    language: Language
    zone: str
    subscription: str
    kind: str
    until: datetime
    since: datetime | None = None
    items: tuple[Item, ...] = ()
    standing: bool = True
    coming: tuple[SeminarFacts, ...] = ()
    in_force: tuple[InForce, ...] = ()
    checks: tuple[Check, ...] = ()
    held: tuple[str, ...] = ()  # what was seen and is not told, and why; sentences ready to read
    newcomer: bool = False
    net: bool = False  # tells what changed on the whole, not each step
    undone: tuple[str, ...] = ()  # headlines of what was changed and changed back meanwhile; told by a net letter only
    web: str = ""  # address of the web view
    reply_to: str = ""
    head: str = ""  # of the archive's chain: who keeps this message can prove later what stood in the archive by then

    @property
    def first(self) -> bool:
        """Whether its readers have had no message before."""
        return self.newcomer or (self.standing and self.since is None)

    def of(self, section: Section) -> tuple[Item, ...]:
        """The items of one section."""
        return tuple(item for item in self.items if item.section == section)


_LETTER = TypeAdapter(Letter)


def to_json(letter: Letter) -> str:
    """Write a letter down for :func:`from_json`."""
    return _LETTER.dump_json(letter, exclude_defaults=True).decode()


def from_json(text: str) -> Letter:
    """Read a letter; raises ValueError (pydantic) when it is none."""
    return _LETTER.validate_json(text)
