"""The log: one line a record, for people or for machines, on stderr or in a file for its owner alone."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from typing import TextIO

from crawler.config import Config
from crawler.output import json_line, one_line
from crawler.tomlfile import ConfigError

logger = logging.getLogger("amtsblick")

_LONGEST = 2000  # characters of one message; a trace from a parser can hold a whole page


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return f"{_time(record)} {record.levelname.lower()}: {one_line(record.getMessage())[:_LONGEST]}"


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        row = {"time": _time(record), "level": record.levelname.lower(), "message": record.getMessage()[:_LONGEST]}
        if record.exc_info:
            row["trace"] = self.formatException(record.exc_info)
        return json_line(row)


class _Stream(logging.StreamHandler[TextIO]):
    """Standard error. Where nothing can be written to it nobody can be told."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Go on without this line."""


class _File(WatchedFileHandler):
    """A log file. Where it cannot be written the work goes on, and standard error is told once."""

    _told = False

    def emit(self, record: logging.LogRecord) -> None:
        """One line, into the file of this name as it is now."""
        try:
            super().emit(record)
        except OSError:  # the file was rotated away, and cannot be made anew
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's name
        """Say it once; the lines that follow may find room again."""
        if self._told:
            return
        self._told = True
        reason = sys.exc_info()[1]
        with contextlib.suppress(OSError):
            print(f"amtsblick: {self.baseFilename}: the log cannot be written: {reason}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Close it; what found no room is lost."""
        with contextlib.suppress(OSError):
            super().close()


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def start(config: Config) -> None:
    """Send the log where the config says; a file is opened again when it was rotated away.

    Raises:
        ConfigError: when the log file cannot be written.
    """
    handler: logging.Handler = _Stream(sys.stderr)
    if config.log_file is not None:
        try:
            config.log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(config.log_file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
            handler = _File(config.log_file, encoding="utf-8")
        except OSError as error:
            problem = f"{config.log_file} cannot be written: {error.strerror}"
            raise ConfigError(problem, file=config.file, key="log.file") from None
    handler.setFormatter(_Json() if config.log.format == "json" else _Text())
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
    others = logging.getLogger()  # libraries speak up only when something is wrong
    others.handlers = [handler]
    others.setLevel(logging.WARNING)
