"""The tables of the config file, one model each: their keys, their defaults, and what makes a value wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.model import SmtpUrl, Subscription
from crawler import slots, values
from extractors.model import Hints, Page
from storage.records import Source

_DEFAULT_SENDER = "Amtsblick <amtsblick@localhost>"  # for previews and .eml files; sending asks for a real one

KINDS = (
    "seminar.new", "seminar.changed", "notice.posted", "notice.changed", "notice.lifted", "press.new",
    "page.added", "page.changed", "page.moved", "page.removed", "page.returned", "page.noisy",
    "document.added", "document.changed", "document.removed", "source.blind", "source.seeing",
)  # fmt: skip

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Address = Annotated[str, values.checked(values.address)]
Mailbox = Annotated[str, values.checked(values.mailbox)]
Url = Annotated[str, values.checked(values.url)]
Line = Annotated[str, values.checked(values.line)]
Selector = Annotated[str, values.checked(values.selector)]
Kind = Annotated[str, values.checked(lambda text: values.kind(text, KINDS))]
Schedule = Annotated[str, values.checked(values.schedule)]
Duration = Annotated[timedelta, values.checked(values.duration)]
Size = Annotated[int, values.checked(values.size)]


class Table(BaseModel):
    """A table of the config: frozen, without room for unknown keys, and without lenient conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _arrays(cls, value: object) -> object:
        """TOML arrays arrive as lists; frozen models hold tuples."""
        return tuple(value) if isinstance(value, list) else value


class ArchiveTable(Table):
    """``[archive]``: where everything is kept."""

    path: Line = "amtsblick.db"
    keep: Annotated[str, values.checked(values.retention)] = "all"
    least_free: Size = 200 * 1024**2
    organization: Line = ""

    @property
    def rule(self) -> tuple[str, ...]:
        """The words of the rule of retention; none when everything is kept."""
        return () if self.keep == "all" else tuple(self.keep.split(", "))


class SourceConfig(Table):
    """``[[source]]``: one section of a site to watch."""

    name: Name
    start: tuple[Url, ...] = Field(min_length=1)
    scope: tuple[Url, ...] = ()
    documents: bool = True
    extractor: Annotated[str, values.checked(values.extractor)] = "auto"
    register_: Literal["", "seminars"] = Field(default="", alias="register")
    press: bool = False
    match: tuple[Line, ...] = ()
    main: tuple[Selector, ...] = ()
    notice: tuple[Selector, ...] = ()
    ignore: tuple[Selector, ...] = ()
    assets: bool = False
    schedule: Schedule = "30 5 * * *"
    delay: float = Field(default=1.0, ge=0, le=3600, allow_inf_nan=False)
    confirm_after: Duration = timedelta(hours=48)
    max_pages: int = Field(default=5000, ge=1)
    max_depth: int = Field(default=20, ge=0)
    max_bytes: Size = 32 * 1024**2
    timeout: Duration = timedelta(seconds=30)
    deadline: Duration = timedelta(hours=2)
    allow_private: bool = False
    enabled: bool = True

    @model_validator(mode="before")
    @classmethod
    def _scope_is_start(cls, table: Any) -> Any:
        """Without a scope a source watches below its start pages."""
        if isinstance(table, dict) and not table.get("scope") and isinstance(table.get("start"), list):
            return {**table, "scope": table["start"]}
        return table

    @field_validator("timeout", "deadline")
    @classmethod
    def _not_zero(cls, value: timedelta) -> timedelta:
        if not value:
            raise ValueError("must be longer than 0s")
        return value

    def as_source(self) -> Source:
        """What archive and detection need to know of it."""
        return Source(
            name=self.name,
            start=self.start,
            scope=self.scope,
            documents=self.documents,
            register=self.register_,
            press=self.press,
            match=self.match,
            confirm_after=self.confirm_after,
            assets=self.assets,
        )

    def hints(self, previous: Page | None = None) -> Hints:
        """What its readers may know besides the bytes; ``previous`` is the last good page of the address."""
        return Hints(
            extractor=self.extractor,
            main=self.main,
            notice=self.notice,
            ignore=self.ignore,
            previous=previous,
            start_uris=self.start,
            assets=self.assets,
        )

    @property
    def cron(self) -> slots.Cron:
        """Its parsed schedule."""
        return slots.parse(self.schedule)


class SubscriptionConfig(Table):
    """``[[subscription]]``: a group of readers and what they are told."""

    name: Name
    to: tuple[Address, ...] = Field(min_length=1)
    sources: tuple[Name, ...] = ()
    kinds: tuple[Kind, ...] = ()
    minor: bool = True
    tell: Literal["steps", "net"] = "steps"
    schedule: Schedule = "0 7 * * mon"
    when_empty: Literal["monthly", "always", "never"] = "monthly"
    immediately: tuple[Kind, ...] = ("seminar.new", "seminar.changed", "notice.posted", "notice.changed")
    language: Literal["de", "en"] = "de"

    def as_subscription(self) -> Subscription:
        """What the alerts need to know of it."""
        return Subscription(
            name=self.name,
            to=self.to,
            sources=self.sources,
            kinds=self.kinds,
            minor=self.minor,
            tell=self.tell,
            schedule=self.schedule,
            when_empty=self.when_empty,
            immediately=self.immediately,
            language=self.language,
        )

    @property
    def cron(self) -> slots.Cron:
        """Its parsed schedule."""
        return slots.parse(self.schedule)


class MailTable(Table):
    """``[mail]``: how digests leave. Without ``smtp`` they are written to ``outbox/`` beside the archive."""

    from_: Mailbox = Field(default=_DEFAULT_SENDER, alias="from")
    reply_to: Annotated[str, values.checked(values.optional(values.mailbox))] = ""
    envelope_from: Annotated[str, values.checked(values.optional(values.address))] = ""
    unsubscribe: Annotated[str, values.checked(values.optional(values.unsubscribe))] = ""
    smtp: Annotated[str, values.checked(values.optional(values.smtp))] = ""
    password_env: Line = "AMTSBLICK_SMTP_PASSWORD"  # noqa: S105 - the name of a variable, not a password
    password_file: Line = ""
    allow_plain: bool = False

    @model_validator(mode="after")
    def _encrypted(self) -> MailTable:
        server = self.server
        if server and server.scheme == "smtp" and not self.allow_plain and not values.is_loopback(server.host):
            raise ValueError(
                f"smtp: “smtp://{server.host}” would send everything in the clear; "
                "write smtp+starttls:// or smtps://, or set allow_plain = true"
            )
        return self

    @property
    def server(self) -> SmtpUrl | None:
        """The mail server, None when mail is written to files."""
        return SmtpUrl(**values.smtp_parts(self.smtp)) if self.smtp else None


class OperatorTable(Table):
    """``[operator]``: whom to tell when something is not well."""

    to: tuple[Address, ...] = ()
    heartbeat: Annotated[str, values.checked(values.optional(values.heartbeat))] = ""
    language: Literal["de", "en"] = "de"


class CrawlerTable(Table):
    """``[crawler]``: who we are to webmasters, and the way out of an office network."""

    contact: Line = ""
    proxy: Annotated[str, values.checked(values.optional(values.url))] = ""
    no_proxy: tuple[Line, ...] = ()
    ca_file: Line = ""


class WebTable(Table):
    """``[web]``: where the web view can be reached."""

    base_url: Annotated[str, values.checked(values.optional(values.base_url))] = ""
    hosts: tuple[Annotated[str, values.checked(values.host_name)], ...] = ()
    imprint: Annotated[str, values.checked(values.optional(values.url))] = ""
    privacy: Annotated[str, values.checked(values.optional(values.url))] = ""
    accessibility: Annotated[str, values.checked(values.optional(values.url))] = ""


class FeedsTable(Table):
    """``[feeds]``: where feed files are written."""

    dir: Line = ""


class ScheduleTable(Table):
    """``[schedule]``: the zone that schedules and bare days are meant in."""

    time_zone: Annotated[str, values.checked(values.time_zone)] = "Europe/Berlin"


class LogTable(Table):
    """``[log]``: where the log goes, for people or for machines."""

    file: Line = ""
    format: Literal["text", "json"] = "text"
