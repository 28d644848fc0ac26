"""Keeps the files beside the mail up to date: an Atom feed of all changes, one per source, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alerts.calendar import calendar
from alerts.feed import About, feed
from alerts.languages import wording
from alerts.model import WebSettings
from crawler.logs import logger
from crawler.session import Session
from storage.archive import Archive
from storage.files import write_whole

FEED, CALENDAR = "feed.atom", "seminars.ics"  # as the web view calls them (design §7)
_WINDOW = 2000  # commits behind the newest: a source that speaks seldom keeps its entries beside one that often does
_PUBLIC = 0o644  # a web server of another user hands them out; they hold nobody's address


def publish(run: Session, archive: Archive) -> None:
    """Write the files whose content changed; a folder that cannot be written is logged and spoils nothing else."""
    folder = run.config.feeds_dir
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files(run, archive):
            if not _holds(folder / name, content):
                write_whole(folder / name, content, _PUBLIC)
    except OSError as error:
        logger.error("%s: feed and calendar cannot be written: %s", folder, error.strerror or error)


def files(run: Session, archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Every file by its name."""
    words = wording("de", run.zone)
    web: WebSettings = run.context().web
    base = web.base_url.rstrip("/")
    changes = archive.newest_changes(_WINDOW)
    since = archive.first_time() or run.now()
    installation = archive.installation_id
    everything = About(installation=installation, since=since, link=base, itself=f"{base}/{FEED}" if base else "")
    yield FEED, feed(changes, everything, words, web)
    for source in run.config.source:
        about = About(installation=installation, since=since, source=source.name, link=source.start[0])
        yield f"feed-{source.name}.atom", feed(changes, about, words, web)
    told = [each for each in archive.changes(kind="seminar.*") if not each.imported]
    yield CALENDAR, calendar(archive.seminars(), told, words).encode()


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
