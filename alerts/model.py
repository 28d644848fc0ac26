"""What the config tells the alerts: who reads what, how mail leaves, and the moment all of it is decided at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from storage.records import Source

Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One group of readers and what they asked for; the keys are those of ``[[subscription]]``.

    ``sources`` and ``kinds`` empty mean all; a kind may be a pattern such as ``page.*``.
    ``immediately`` names the kinds that are told at once, seminars only while they are not past.
    """

    name: str
    to: tuple[str, ...]
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    minor: bool = True
    tell: Literal["steps", "net"] = "steps"
    schedule: str = "0 7 * * mon"
    when_empty: Literal["monthly", "always", "never"] = "monthly"
    immediately: tuple[str, ...] = ("seminar.new", "seminar.changed", "notice.posted", "notice.changed")
    language: Language = "de"

    def is_immediate(self, kind: str) -> bool:
        """Whether changes of a kind are told at once, if they concern these readers."""
        return any(fnmatchcase(kind, pattern) for pattern in self.immediately)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpUrl:
    """The mail server: ``smtp+starttls`` and ``smtps`` encrypt, ``smtp`` does not."""

    scheme: Literal["smtp", "smtps", "smtp+starttls"]
    host: str
    port: int
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves; the keys are those of ``[mail]``.

    ``sender`` is a whole From value ("Amtsblick <amtsblick@example.org>"). ``envelope_from`` "" means the
    sender's address. ``unsubscribe`` is a mailto: or https: URI, or "" for a mail to ``reply_to`` or the sender.
    ``smtp`` None means that mail is written to ``outbox`` as files. ``message_id_domain`` "" means the sender's domain.
    """

    sender: str
    outbox: Path
    reply_to: str = ""
    envelope_from: str = ""
    unsubscribe: str = ""
    smtp: SmtpUrl | None = None
    password: str = field(default="", repr=False)
    allow_plain: bool = False
    ca_file: Path | None = None
    message_id_domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where the web view can be reached; ``base_url`` "" means that there is none to link to."""

    base_url: str = ""
    hosts: tuple[str, ...] = ()
    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The moment and the surroundings in which a digest is made.

    ``now`` is an aware time; ``zone`` is the zone whose days readers live by. ``sources`` are
    all enabled sources, in the order of the config. ``contact`` is the operator's
    address or page for questions, "" if none is set.
    """

    now: datetime
    zone: ZoneInfo
    mail: MailSettings
    web: WebSettings = field(default_factory=WebSettings)
    sources: tuple[Source, ...] = ()
    contact: str = ""

    @property
    def today(self) -> date:
        """The day it is where the readers are."""
        return self.now.astimezone(self.zone).date()
