"""Opening the archive for a command that writes: made if need be, and healed first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crawler import detecting
from crawler.session import Refusal, Session
from storage.archive import Archive
from storage.errors import ArchiveError, ArchiveMissing
from storage.records import Crawl


@contextmanager
def writer(run: Session, *, create: bool = False) -> Iterator[Archive]:
    """The archive for writing, after what an earlier command was kept from is done."""
    path = run.config.archive_path
    if create:
        make_folder(path.parent)
    elif not path.exists():
        raise ArchiveMissing(f"{path}: no archive yet; `amtsblick crawl` makes it")
    try:
        with Archive.open(path, create=create) as archive:
            run.check_clock(archive)
            heal(run, archive)
            yield archive
    except ArchiveError as error:
        from crawler import operators  # noqa: PLC0415 - mails and their templates load slowly

        operators.alarm(run, error)
        raise


def heal(run: Session, archive: Archive) -> None:
    """Record the subscriptions, and finish what earlier commands did not live to finish: judge, end, detect."""
    now = run.now()
    archive.record_subscriptions([each.name for each in run.config.subscriptions], now)
    abandoned = archive.abandoned_crawls()
    if abandoned:
        _judge(run, archive, abandoned)
    for crawl in abandoned:
        archive.end_crawl(crawl.id, now, exhausted=False, reason="abandoned")
    detecting.detect(archive, run.config, run.clock)


def _judge(run: Session, archive: Archive, abandoned: Sequence[Crawl]) -> None:
    """Read what was stored in the instant before a crawl died."""
    from crawler.interrupts import run_async  # noqa: PLC0415 - only after a kill
    from crawler.readers import Readers  # noqa: PLC0415
    from crawler.recorder import Recorder  # noqa: PLC0415

    unread = {capture.crawl_id for capture in archive.unread_captures()}
    readers = Readers()
    try:
        for crawl in abandoned:
            source = run.config.source_named(crawl.source)
            if source is not None and crawl.id in unread:
                run_async(Recorder(archive, crawl, source=source, clock=run.clock, readers=readers).heal())
    finally:
        readers.stop()


def make_folder(folder: Path) -> None:
    """Make the folder of an archive, for its owner alone.

    Raises:
        Refusal: with exit 74 when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refusal(
            f"{folder}: cannot be made: {error.strerror}; choose another place with archive.path", 74
        ) from None
