"""Amtsblick's own ``crawl`` command on the site: everything extracted, stored and detected."""

from __future__ import annotations

import sys
from pathlib import Path

_CONFIG = """[archive]
path = "{archive}"

[[source]]
name = "site"
start = ["{home}"]
allow_private = true
delay = 0
max_pages = {most}
deadline = "12h"
"""


def config(folder: Path, home: str, pages: int) -> Path:
    """Write the config of a folder of its own; politeness is off."""
    file = folder / "amtsblick.toml"
    file.write_text(_CONFIG.format(archive=archive(folder), home=home, most=2 * pages + 100), encoding="utf-8")
    file.chmod(0o600)
    return file


def archive(folder: Path) -> Path:
    """Where the archive of a folder lies."""
    return folder / "amtsblick.db"


def command(file: Path) -> list[str]:
    """The command that crawls once."""
    return [sys.executable, "-m", "crawler", "--config", str(file), "crawl", "--json"]
