"""The log: one line a record, for people or for machines, on stderr or in a file for its owner alone."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

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


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def start(config: Config) -> None:
    """Send the log where the config says; a file is opened again when it was rotated away.

    Raises:
        ConfigError: when the log file cannot be written.
    """
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if config.log_file is not None:
        try:
            config.log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(config.log_file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
            handler = WatchedFileHandler(config.log_file, encoding="utf-8")
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
