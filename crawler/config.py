"""The config file: searched, read, checked key by key, and turned into what each package wants to know.

The keys are those of docs/configuration.md. Every mistake is one :class:`ConfigError` that names the
file, the line, the key and the nearest right one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from platformdirs import site_config_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from alerts.model import Context, MailSettings, SmtpUrl, Subscription, WebSettings
from crawler import slots, values
from crawler.tomlfile import ConfigError, explain, guard, nearest, parse, read
from storage.records import Source

__all__ = ["Config", "ConfigError", "SourceConfig", "SubscriptionConfig", "find", "from_environment", "load", "shipped"]

APP = "amtsblick"
FILE_NAME = "amtsblick.toml"
CONFIG_VARIABLE = "AMTSBLICK_CONFIG"
DEFAULTS_VARIABLE = "AMTSBLICK_DEFAULTS"
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


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _arrays(cls, value: object) -> object:
        """TOML arrays arrive as lists; frozen models hold tuples."""
        return tuple(value) if isinstance(value, list) else value


class ArchiveTable(_Table):
    """``[archive]``: where everything is kept."""

    path: Line = "amtsblick.db"
    keep: Literal["all"] = "all"


class SourceConfig(_Table):
    """``[[source]]``: one section of a site to watch."""

    name: Name
    start: tuple[Url, ...] = Field(min_length=1)
    scope: tuple[Url, ...] = ()
    documents: bool = True
    extractor: Literal["auto", "berlin.de", "generic"] = "auto"
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
        )

    @property
    def cron(self) -> slots.Cron:
        """Its parsed schedule."""
        return slots.parse(self.schedule)


class SubscriptionConfig(_Table):
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


class MailTable(_Table):
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


class OperatorTable(_Table):
    """``[operator]``: whom to tell when something is not well."""

    to: tuple[Address, ...] = ()
    heartbeat: Annotated[str, values.checked(values.optional(values.url))] = ""


class CrawlerTable(_Table):
    """``[crawler]``: who we are to webmasters, and the way out of an office network."""

    contact: Line = ""
    proxy: Annotated[str, values.checked(values.optional(values.url))] = ""
    no_proxy: tuple[Line, ...] = ()
    ca_file: Line = ""


class WebTable(_Table):
    """``[web]``: where the web view can be reached."""

    base_url: Annotated[str, values.checked(values.optional(values.url))] = ""
    hosts: tuple[Line, ...] = ()
    imprint: Line = ""
    privacy: Line = ""
    accessibility: Line = ""


class FeedsTable(_Table):
    """``[feeds]``: where feed files are written."""

    dir: Line = ""


class ScheduleTable(_Table):
    """``[schedule]``: the zone that schedules and bare days are meant in."""

    time_zone: Annotated[str, values.checked(values.time_zone)] = "Europe/Berlin"


class LogTable(_Table):
    """``[log]``: where the log goes, for people or for machines."""

    file: Line = ""
    format: Literal["text", "json"] = "text"


class Config(_Table):
    """Everything the config file says; ``file`` is None for the shipped defaults."""

    archive: ArchiveTable = ArchiveTable()
    source: tuple[SourceConfig, ...] = ()
    subscription: tuple[SubscriptionConfig, ...] = ()
    mail: MailTable = MailTable()
    operator: OperatorTable = OperatorTable()
    crawler: CrawlerTable = CrawlerTable()
    web: WebTable = WebTable()
    feeds: FeedsTable = FeedsTable()
    schedule: ScheduleTable = ScheduleTable()
    log: LogTable = LogTable()

    _file: Path | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _names(self) -> Config:
        for table in ("source", "subscription"):
            seen: set[str] = set()
            for index, entry in enumerate(getattr(self, table)):
                # Names become addresses and file names, and some file systems do not tell case apart.
                if entry.name.lower() in seen:
                    raise ValueError(f"{table}.{index}.name: “{entry.name}” is used twice; every {table} needs its own")
                seen.add(entry.name.lower())
        names = [source.name for source in self.source]
        for index, subscription in enumerate(self.subscription):
            for name in subscription.sources:
                if name not in names:
                    hint = nearest(name, names)
                    raise ValueError(f"subscription.{index}.sources: there is no source “{name}”{hint}")
        return self

    @property
    def file(self) -> Path | None:
        """The file it was read from; None for the shipped defaults."""
        return self._file

    @property
    def folder(self) -> Path:
        """What relative paths count from: the file's folder, or the user's data folder for the shipped defaults."""
        return self._file.parent if self._file else user_data_path(APP)

    def resolve(self, path: str) -> Path:
        """A path of the config as an absolute one; ``~`` is the home folder."""
        return self.folder / Path(path).expanduser()

    @property
    def archive_path(self) -> Path:
        """The archive file."""
        return self.resolve(self.archive.path)

    @property
    def outbox_path(self) -> Path:
        """The folder for mail when no server is set."""
        return self.archive_path.parent / "outbox"

    @property
    def ca_file(self) -> Path | None:
        """Certificates of an authority of one's own, or None."""
        return self.resolve(self.crawler.ca_file) if self.crawler.ca_file else None

    @property
    def log_file(self) -> Path | None:
        """The log file, or None for standard error."""
        return self.resolve(self.log.file) if self.log.file else None

    @property
    def feeds_dir(self) -> Path | None:
        """The folder for feed files, or None."""
        return self.resolve(self.feeds.dir) if self.feeds.dir else None

    @property
    def zone(self) -> ZoneInfo:
        """The zone that schedules and bare days are meant in."""
        return ZoneInfo(self.schedule.time_zone)

    @property
    def enabled(self) -> tuple[SourceConfig, ...]:
        """The sources that are watched."""
        return tuple(source for source in self.source if source.enabled)

    @property
    def sources(self) -> Mapping[str, Source]:
        """All sources by name, in the order of the file, paused ones included, as archive and detection know them."""
        return {source.name: source.as_source() for source in self.source}

    def source_named(self, name: str) -> SourceConfig | None:
        """The source of that name, or None."""
        return next((source for source in self.source if source.name == name), None)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """All subscriptions, in the order of the file."""
        return tuple(entry.as_subscription() for entry in self.subscription)

    def mail_settings(self, environ: Mapping[str, str], *, secrets: bool = True) -> MailSettings:
        """How mail leaves. ``secrets=False`` leaves the password out, for previews.

        Raises:
            ConfigError: for a password that is not there, or in a file that others can read.
        """
        server = self.mail.server
        return MailSettings(
            sender=self.mail.from_,
            outbox=self.outbox_path,
            reply_to=self.mail.reply_to,
            envelope_from=self.mail.envelope_from,
            unsubscribe=self.mail.unsubscribe,
            smtp=server,
            password=self._password(environ) if secrets and server and server.user else "",
            allow_plain=self.mail.allow_plain,
            ca_file=self.ca_file,
        )

    def _password(self, environ: Mapping[str, str]) -> str:
        if self.mail.password_file:
            path = self.resolve(self.mail.password_file)
            guard(path, "mail.password_file", private=True)
            return path.read_text("utf-8").rstrip("\r\n")
        password = environ.get(self.mail.password_env, "")
        if not password:
            raise ConfigError(
                f"no password for {self.mail.smtp}: set the environment variable {self.mail.password_env}, "
                "or name a file that only you can read in mail.password_file",
                file=self._file,
                key="mail.smtp",
            )
        return password

    def context(self, now: datetime, environ: Mapping[str, str] | None = None) -> Context:
        """The moment and the surroundings for digests; without ``environ`` it holds no password (for previews)."""
        return Context(
            now=now,
            zone=self.zone,
            mail=self.mail_settings(environ or {}, secrets=environ is not None),
            web=WebSettings(
                base_url=self.web.base_url,
                hosts=self.web.hosts,
                imprint=self.web.imprint,
                privacy=self.web.privacy,
                accessibility=self.web.accessibility,
            ),
            sources=tuple(source.as_source() for source in self.enabled),
            contact=self.crawler.contact,
        )


def load(file: Path) -> Config:
    """Read and check one config file.

    Raises:
        ConfigError: for a file that is missing, unreadable, writable by others, no TOML, or wrong in any key.
    """
    guard(file)
    text = read(file)
    return _build(parse(text, file), text, file.absolute())


def shipped() -> Config:
    """The embedded defaults: the shipped sources, with the archive in the user's data folder."""
    text = files("crawler").joinpath("defaults.toml").read_text("utf-8")
    return _build(parse(text, Path("defaults.toml")), text, None)


def _build(data: dict[str, Any], text: str, file: Path | None) -> Config:
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise explain(error, Config, text, file) from None
    config._file = file  # noqa: SLF001 - set once, here, where the object is made
    return config


def find(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The config file to use: ``--config``, ``$AMTSBLICK_CONFIG``, the working, the user's, the system's folder.

    None when there is none anywhere; a file that was named is returned even if it is missing.
    """
    if explicit is not None:
        return explicit
    if environ.get(CONFIG_VARIABLE):
        return Path(environ[CONFIG_VARIABLE])
    places = (Path(), user_config_path(APP), site_config_path(APP))
    return next((place / FILE_NAME for place in places if os.path.lexists(place / FILE_NAME)), None)


def from_environment(environ: Mapping[str, str]) -> Config:
    """The config for a child process or for ``scrapy crawl``: as told by the environment, else as searched.

    Raises:
        ConfigError: when there is no config and ``AMTSBLICK_DEFAULTS=1`` does not ask for the shipped one.
    """
    if environ.get(DEFAULTS_VARIABLE) == "1":
        return shipped()
    file = find(None, environ)
    if file is None:
        raise ConfigError(
            f"there is no {FILE_NAME} here; write one, or set {DEFAULTS_VARIABLE}=1 for the shipped sources"
        )
    return load(file)
