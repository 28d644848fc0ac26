"""What every command needs: the config that holds, the clock, the archive, and one kind of refusal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.model import Context, Subscription
from crawler.clock import Clock
from crawler.config import Config, SourceConfig, find, load, shipped
from crawler.output import Output
from crawler.tomlfile import nearest
from storage.archive import Archive
from web import moments


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault of the program
    """The command cannot do what was asked; the message is one line with what to do (exit 2 by default)."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(kw_only=True)
class Session:
    """One run of the command line: its global options, and what follows from them, each worked out once."""

    config_option: Path | None = None
    now_option: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    output: Output = field(default_factory=Output)

    @cached_property
    def config_file(self) -> Path | None:
        """The config file that holds; None when there is none and the shipped defaults do."""
        return find(self.config_option, self.environ)

    @cached_property
    def config(self) -> Config:
        """The checked config."""
        return load(self.config_file) if self.config_file else shipped()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of bare days and of the times that people see."""
        return self.config.zone

    @cached_property
    def clock(self) -> Clock:
        """The wall clock, or the time of ``--now``, or the one a parent handed down."""
        if self.now_option is None:
            try:
                return Clock.from_environment(self.environ)
            except ValueError as error:
                raise Refusal(f"AMTSBLICK_NOW: {error}") from None
        try:
            return Clock(frozen_at=moments.parse(self.now_option, self.zone, Clock().now(), "start"))
        except moments.MomentError as error:
            raise Refusal(f"--now: {error}") from None

    @property
    def interactive(self) -> bool:
        """Whether a person can answer a question."""
        return sys.stdin.isatty()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.clock.now()

    def context(self, *, sending: bool = False) -> Context:
        """The surroundings of a digest; with ``sending`` it holds the mail server's password."""
        return self.config.context(self.now(), self.environ if sending else None)

    def moment(self, option: str, text: str | None, edge: moments.Edge) -> datetime | None:
        """The value of an option that takes a moment; None when it is not given."""
        if text is None:
            return None
        try:
            return moments.parse(text, self.zone, self.now(), edge)
        except moments.MomentError as error:
            raise Refusal(f"{option}: {error}") from None

    def local(self, moment: datetime | None) -> str:
        """A time as people here read it: ``2026-03-02 07:00``."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if moment else "–"

    def source(self, name: str) -> SourceConfig:
        """A source by its name; refused with the nearest one if there is none."""
        found = self.config.source_named(name)
        if found is None:
            known = [source.name for source in self.config.source]
            raise Refusal(f"there is no source “{name}”{nearest(name, known)}")
        return found

    def subscription(self, name: str | None) -> Subscription:
        """A subscription by its name; without one, the only one there is."""
        known = self.config.subscriptions
        if not known:
            raise Refusal(
                f"there is no subscription yet; add a [[subscription]] block to {self.config_file or 'amtsblick.toml'}"
            )
        if name is None:
            if len(known) > 1:
                names = ", ".join(each.name for each in known)
                raise Refusal(f"there are several subscriptions; say which with --subscription: {names}")
            return known[0]
        found = next((each for each in known if each.name == name), None)
        if found is None:
            raise Refusal(f"there is no subscription “{name}”{nearest(name, [each.name for each in known])}")
        return found

    @contextmanager
    def reader(self) -> Iterator[Archive]:
        """The archive for reading; it is never made and never changed."""
        with Archive.open(self.config.archive_path, readonly=True) as archive:
            self.check_clock(archive)
            yield archive

    def check_clock(self, archive: Archive) -> None:
        """Refuse a ``--now`` before the newest record: history is not written backwards."""
        if self.clock.frozen_at is None:
            return
        newest = archive.newest_time()
        if newest is not None and self.clock.frozen_at < newest:
            raise Refusal(
                f"--now is before the newest record of {archive.path}, {moments.written(newest)}; give a later time"
            )
