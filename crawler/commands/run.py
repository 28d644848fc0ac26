"""``run``: keeps the schedule until it is stopped."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, NoReturn

import typer

from crawler import logs, runner
from crawler.cli import new_app, session
from crawler.logs import logger
from crawler.session import Refusal, Session
from storage.archive import Archive
from storage.errors import ArchiveDamaged, ArchiveUnwritable, DiskFull, refused

app = new_app()

_NO_CONFIG = 78
_POLL = 0.2  # seconds between two looks at the stop signal and the clock


@app.command(epilog="Example: amtsblick --config /etc/amtsblick/amtsblick.toml run")
def run(
    ctx: typer.Context,
    *,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Without a config file: watch the shipped sources.")
    ] = False,
) -> None:
    """Look at the sources, close digests and send mail at their times, until SIGTERM or Ctrl-C."""
    state = session(ctx)
    if state.clock.frozen_at is not None:
        raise Refusal("run keeps real time and refuses --now")
    if state.config_file is None and not defaults:
        path = state.config.archive_path
        raise Refusal(
            f"there is no config file; --defaults watches the shipped sources and writes to {path}", _NO_CONFIG
        )
    if not state.config.enabled:
        raise Refusal(f"{state.config_file}: there is no source to watch; add a [[source]] block", _NO_CONFIG)
    logs.start(state.config)
    state.context(sending=True)  # a password that is not there is told now, not on Monday morning
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    # The lock comes first: a second scheduler has to give way at once, not after it has read the whole archive.
    with _held(state):
        from crawler.schedule import Schedule  # noqa: PLC0415 - a second scheduler gives way before this is loaded
        from crawler.writing import writer  # noqa: PLC0415

        with writer(state) as healed:
            healed.require_service()
            installation = healed.installation_id
        schedule = Schedule(state, installation)
        schedule.start()
        names = ", ".join(each.name for each in state.config.enabled)
        logger.info("keeping the schedule of %s; archive %s", names, state.config.archive_path)
        while not stop.asked:
            time.sleep(_POLL)
            schedule.watch_clock()
        logger.info("stopping")
        if not schedule.stop():
            # Not through the archive's close: what hangs may hold its lock, and would be waited for once more.
            logger.info("stopped, without waiting for the rest")
            logging.shutdown()
            _leave()
    logger.info("stopped")
    logging.shutdown()


@contextmanager
def _held(state: Session) -> Iterator[None]:
    """The archive's one place for a scheduler; an archive that cannot be opened is told to operators."""
    path = state.config.archive_path
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise refused(path.parent, "made", error) from None
    try:
        with Archive.open(path, create=True) as archive, archive.daemon_lock():
            yield
    except (ArchiveDamaged, ArchiveUnwritable, DiskFull) as error:
        from crawler import operators  # noqa: PLC0415 - see above

        operators.alarm(state, error)
        raise


class _Stop:
    """The first signal ends what is under way in order, the second one at once.

    Not a ``threading.Event``: its lock would never be had by a signal that came while the main thread held it.
    """

    asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.asked:
            _leave()
        self.asked = True


def _leave() -> NoReturn:
    runner.kill_all()
    os._exit(0)  # Python would wait for the threads; what they were writing is whole or not there at all
