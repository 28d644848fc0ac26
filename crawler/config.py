"""The config file: searched, read, checked key by key, and turned into what each package wants to know.

The keys are those of docs/configuration.md. Every mistake is one :class:`ConfigError` that names the
file, the line, the key and the nearest right one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from platformdirs import site_config_path, user_config_path, user_data_path
from pydantic import PrivateAttr, ValidationError, model_validator

from alerts.model import Context, MailSettings, Subscription, WebSettings
from crawler.tables import (
    ArchiveTable,
    CrawlerTable,
    FeedsTable,
    LogTable,
    MailTable,
    OperatorTable,
    ScheduleTable,
    SourceConfig,
    SubscriptionConfig,
    Table,
    WebTable,
)
from crawler.tomlfile import ConfigError, explain, guard, nearest, parse, read
from storage.records import Source

__all__ = ["Config", "ConfigError", "SourceConfig", "SubscriptionConfig", "find", "from_environment", "load", "shipped"]

APP = "amtsblick"
FILE_NAME = "amtsblick.toml"
CONFIG_VARIABLE = "AMTSBLICK_CONFIG"
DEFAULTS_VARIABLE = "AMTSBLICK_DEFAULTS"


class Config(Table):
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

    @property
    def web_settings(self) -> WebSettings:
        """Where the web view can be reached, and what it must name."""
        return WebSettings(
            base_url=self.web.base_url,
            hosts=self.web.hosts,
            imprint=self.web.imprint,
            privacy=self.web.privacy,
            accessibility=self.web.accessibility,
        )

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
            web=self.web_settings,
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
