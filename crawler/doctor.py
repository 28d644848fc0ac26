"""Whether everything is set up right: one finding per check, each with what to do."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from alerts import selftest
from alerts.mail import address_of
from alerts.readers import listening
from alerts.smtp import SmtpTransport, Timeouts
from crawler import canary, tell
from crawler.config import Config
from crawler.health import PLAIN_MAIL
from crawler.room import existing, free
from crawler.session import Session
from crawler.tomlfile import ConfigError
from extractors import address
from extractors.heads import fields
from storage.archive import Archive
from storage.errors import ArchiveError, ArchiveMissing
from web.settings import lacking, public
from web.written import moment

_CONFIG, _IO, _LATER = 78, 74, 75
_DRIFT = timedelta(minutes=5)  # what Kerberos and many mail filters tolerate
_RELEASED = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right is behind this
# A person waits for the answer: not the five minutes of RFC 5321 §4.5.3.2.
_IMPATIENT = Timeouts(greeting=15, command=15, data=15, block=15, final=60, goodbye=2)
_EXAMPLE = re.compile(r"(^|\.)example(\.(org|com|net))?$")  # RFC 2606
_SQLITE_FIXED = (3, 51, 3)  # https://sqlite.org/wal.html#walresetbug
_OLDEST = {"lxml": (6, 1), "scrapy": (2, 14, 2), "brotli": (1, 2)}  # older ones have holes that are known


class State(StrEnum):
    """How a check went; a warning does not change the exit code."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found, and what to do about it; ``exit_code`` counts where it failed."""

    check: str
    state: State
    detail: str
    remedy: str = ""
    exit_code: int = 0


def examine(run: Session) -> Iterator[Finding]:
    """All checks, as they are made. Without a config that can be read there is nothing else to check."""
    try:
        config = run.config
    except ConfigError as error:
        yield _fault("config", str(error), "see docs/configuration.md", _CONFIG)
        return
    yield from _config(run, config)
    yield from _archive(config)
    yield _disk(config)
    yield from _readers(run, config)
    yield from _sender(config)
    yield from _mail(run, config)
    yield from _web(config)
    yield from _clock(run, config)
    yield from _programs(run)


def _ok(check: str, detail: str) -> Finding:
    return Finding(check=check, state=State.OK, detail=detail)


def _warning(check: str, detail: str, remedy: str) -> Finding:
    return Finding(check=check, state=State.WARNING, detail=detail, remedy=remedy)


def _fault(check: str, detail: str, remedy: str, exit_code: int) -> Finding:
    return Finding(check=check, state=State.FAILED, detail=detail, remedy=remedy, exit_code=exit_code)


def _config(run: Session, config: Config) -> Iterator[Finding]:
    if run.config_file is None:
        yield _warning("config", "there is no amtsblick.toml; the shipped defaults hold", "write one, or name it")
    else:
        sources = tell.count(len(config.source), "source", "sources")
        subscriptions = tell.count(len(config.subscription), "subscription", "subscriptions")
        yield _ok("config", f"{config.file}: {sources}, {subscriptions}")
    if config.ca_file is not None and not config.ca_file.is_file():
        yield _fault("ca_file", f"there is no file {config.ca_file}", "correct crawler.ca_file", _CONFIG)


def _archive(config: Config) -> Iterator[Finding]:
    path = config.archive_path
    try:
        with Archive.open(path, readonly=True) as archive:
            newest = archive.newest_time()
            told = f"last record {moment(newest)}" if newest else "nothing recorded yet"
    except ArchiveMissing:
        folder = existing(path.parent)
        if os.access(folder, os.W_OK | os.X_OK):
            yield _warning("archive", f"{path}: not there yet", "the first `amtsblick crawl` makes it")
        else:
            remedy = "give the folder to this user, or change archive.path"
            yield _fault("archive", f"{path}: cannot be made, {folder} is not writable", remedy, _IO)
        return
    except ArchiveError as error:
        yield _fault("archive", str(error), "see the line itself", error.exit_code)
        return
    if not os.access(path, os.W_OK):
        yield _fault("archive", f"{path} cannot be written", "give it to the user that runs this", _IO)
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield _warning("archive", f"{path} can be read by others; it holds addresses", f"chmod 600 {path}")
    else:
        yield _ok("archive", f"{path}: {told}")


def _disk(config: Config) -> Finding:
    place = existing(config.archive_path.parent)
    left = free(place)
    said = f"{left / 1024**3:.1f} GB free at {place}"
    if left >= config.archive.least_free:
        return _ok("disk", said)
    return _fault("disk", said, "free some space: no look begins with less than archive.least_free", _LATER)


def _readers(run: Session, config: Config) -> Iterator[Finding]:
    if not config.subscriptions:
        yield _warning("readers", "nobody is told anything", "add a [[subscription]] block")
    try:
        with Archive.open(config.archive_path, readonly=True) as archive:
            for each in config.subscriptions:
                number = len(listening(archive, each, run.now()))
                if number:
                    yield _ok("readers", f"{each.name}: {number} written to")
                else:
                    remedy = "its window waits; `amtsblick recipients list` shows who pauses or was removed"
                    yield _warning("readers", f"{each.name}: nobody is written to at present", remedy)
    except ArchiveError:
        return  # said where the archive is checked
    finally:
        if not config.operator.to:
            yield _warning("operator", "nobody is told when something is not well", "set operator.to")


def _sender(config: Config) -> Iterator[Finding]:
    mail = config.mail_settings({}, secrets=False)
    sender, bounces = address_of(mail.sender), address_of(mail.envelope_from) or address_of(mail.sender)
    domain = sender.rpartition("@")[2].lower()
    if "from_" not in config.mail.model_fields_set or _EXAMPLE.search(domain):
        yield _warning("sender", f"mail comes from {sender}", "set mail.from to an address of your own domain")
        return
    others = [
        f"{name} is of {other}"
        for name, other in (
            ("envelope_from", bounces.rpartition("@")[2].lower()),
            ("the login", mail.smtp.user.rpartition("@")[2].lower() if mail.smtp and "@" in mail.smtp.user else domain),
        )
        if not _related(domain, other)
    ]
    if others:
        remedy = "filters want one domain (SPF and DMARC alignment); ask whoever runs the mail server"
        yield _warning("sender", f"mail comes from {sender}, but {' and '.join(others)}", remedy)
    else:
        yield _ok("sender", f"{sender}, bounces to {bounces}")
    if not mail.reply_to:
        yield _warning("reply_to", "answers of readers go to the sender's address", "set mail.reply_to to a person")


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _mail(run: Session, config: Config) -> Iterator[Finding]:
    try:
        mail = config.mail_settings(run.environ)
    except ConfigError as error:
        yield _fault("login", str(error), "see the line itself", _CONFIG)
        return
    if mail.smtp is None:
        yield _outbox(config.outbox_path)
        return
    if mail.allow_plain:  # every time
        yield _warning("allow_plain", *PLAIN_MAIL)
    where = f"{mail.smtp.host}:{mail.smtp.port}"
    found = SmtpTransport(mail, mail.smtp, _IMPATIENT).examine()
    if not found.reached:
        remedy = "check mail.smtp, the network, and whether the certificate is trusted (crawler.ca_file)"
        yield _fault("mail server", f"{where}: {found.server}", remedy, _LATER)
        return
    yield _ok("mail server", f"{where} answers")
    if found.encryption:
        remedy = "nothing is sent like this; check the certificate and its host name, or set crawler.ca_file"
        yield _fault("encryption", found.encryption, remedy, _LATER)
        return
    yield _ok("encryption", found.found or "none; the server is on this machine or allow_plain is set")
    if found.login:
        yield _fault("login", found.login, "check the user in mail.smtp and the password", _LATER)
    else:
        yield _ok("login", f"as {mail.smtp.user}" if mail.smtp.user else "none is configured")


def _outbox(folder: Path) -> Finding:
    place = existing(folder)
    if os.access(place, os.W_OK | os.X_OK):
        return _warning("mail server", f"none is set; mail is written to {folder}", "set mail.smtp to send it")
    return _fault("mail server", f"none is set, and {folder} cannot be written", "give the folder to this user", _IO)


def _web(config: Config) -> Iterator[Finding]:
    """The web view, if it is set up for others."""
    web = config.web_settings
    if not public(web):
        return
    missing = lacking(web, web.base_url)
    if missing:
        remedy = "set the addresses of these pages under [web]; docs/web.md says what each must hold"
        yield _warning("web", missing, remedy)
    if "*" in web.hosts:
        remedy = "name the hosts in web.hosts: else any page in a browser near it could ask it under a name of its own"
        yield _warning("web", "the view answers to any host name", remedy)
    if not missing and "*" not in web.hosts:
        yield _ok("web", f"{web.base_url}; imprint, privacy and accessibility are named")


def _clock(run: Session, config: Config) -> Iterator[Finding]:
    now = run.now()
    remedy = "set the clock, and keep it by NTP (timedatectl set-ntp true)"
    if now < _RELEASED:
        yield _fault("clock", f"it is {moment(now)} here, before this program was made", remedy, _LATER)
        return
    newest, drift = _records(config)
    if newest is not None and newest > now + _DRIFT:
        yield _fault("clock", f"it is {moment(now)} here, and the newest record is of {moment(newest)}", remedy, _LATER)
    elif drift is not None and abs(drift) > _DRIFT:
        minutes = round(drift.total_seconds() / 60)
        yield _warning("clock", f"{minutes:+d} minutes off a website's clock at the last look", remedy)
    else:
        local = now.astimezone(run.zone)
        compared = "" if drift is None else "; agrees with a website's at the last look"
        yield _ok("clock", f"{local:%Y-%m-%d %H:%M} {config.schedule.time_zone}{compared}")


def _records(config: Config) -> tuple[datetime | None, timedelta | None]:
    """The newest record's time, and how far our clock stood from that of a site when it was last asked."""
    try:
        with Archive.open(config.archive_path, readonly=True) as archive:
            newest = archive.newest_time()
            looks = (archive.last_good_capture(address.key(uri)) for each in config.source for uri in each.start)
            for look in filter(None, looks):
                sent = {name.lower(): value for name, value in fields(look.head)}.get("date", "")
                try:
                    theirs = parsedate_to_datetime(sent)
                except ValueError:
                    continue
                return newest, look.captured_at - theirs if theirs.tzinfo else None
            return newest, None
    except ArchiveError:
        return None, None


def _programs(run: Session) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    if not selftest.own_headers_hold(run.context()):
        yield _fault("headers", "a hostile title reached the headers of a test message", "report this fault", _CONFIG)
    elif selftest.python_injects():
        detail = f"hostile titles stay in their subject, although Python {python} alone lets them out (CVE-2024-6923)"
        yield _warning("headers", detail, "update Python; mail of this program is safe meanwhile")
    else:
        yield _ok("headers", f"hostile titles stay in their subject (Python {python})")
    if sqlite3.sqlite_version_info < _SQLITE_FIXED:
        detail = f"SQLite {sqlite3.sqlite_version} can damage a database with two writers"
        yield _warning("sqlite", detail, "all writes go through one lock here, which avoids it; update when you can")
    else:
        yield _ok("sqlite", f"SQLite {sqlite3.sqlite_version}")
    old = [
        f"{name} {found}" for name, oldest in _OLDEST.items() if (found := _installed(name)) and _older(found, oldest)
    ]
    if old:
        yield _warning("libraries", f"known holes in {', '.join(old)}", "install the program anew from its lock file")
    else:
        yield _ok("libraries", ", ".join(f"{name} {_installed(name)}" for name in _OLDEST))


def canary_flies(run: Session) -> Finding:
    """Whether a change of a page of our own becomes a mail; kept for ``status`` as the daily flight is."""
    failed = canary.run(run.config, run.now())
    if failed:
        return _fault("canary", failed, "see the line itself; if nothing there helps, report this fault", _IO)
    return _ok("canary", "a page of our own changed, and the change arrived in a mail")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _older(found: str, oldest: tuple[int, ...]) -> bool:
    numbers = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    return numbers < oldest
