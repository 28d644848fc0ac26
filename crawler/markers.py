"""Small files beside the archive that remember what is no part of it: alarms about itself, a self-test that fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from crawler.config import Config

_CANARY = "canary"


def folder(config: Config) -> Path:
    """Where they lie; it may not be there yet."""
    return config.archive_path.with_name(f"{config.archive_path.name}.d")


def canary_trouble(config: Config) -> tuple[datetime, str] | None:
    """Since when the self-test fails, and where on its way; None where it does not, or was never made."""
    marker = folder(config) / _CANARY
    try:
        told = json.loads(marker.read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["since"]), str(told["failed"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        return datetime.fromtimestamp(0, UTC), f"{marker}: {error}"


def keep_canary_trouble(config: Config, failed: str, now: datetime) -> None:
    """Remember how the self-test went; ``failed`` is "" where it went well. The first of several failures is kept."""
    marker = folder(config) / _CANARY
    if not failed:
        marker.unlink(missing_ok=True)
    elif not marker.exists():
        marker.parent.mkdir(mode=0o700, exist_ok=True)
        marker.write_text(json.dumps({"since": now.isoformat(), "failed": failed}), encoding="utf-8")
