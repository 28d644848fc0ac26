"""The demo, run once for all tests that look at what it leaves."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AMTSBLICK = Path(sys.executable).parent / "amtsblick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What one demo left: nothing in its folder may be altered."""

    folder: Path
    weeks: list[dict[str, Any]]
    seconds: float

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return amtsblick("--config", str(self.folder / "amtsblick.toml"), *words)


def amtsblick(*words: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AMTSBLICK_")}
    return subprocess.run([AMTSBLICK, *words], capture_output=True, text=True, check=False, env=environ)


def ran(shared: Path) -> Demo:
    """The demo in a folder that all pytest workers share: the first one to come runs it."""
    folder, result = shared / "demo", shared / "demo.json"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            started = time.monotonic()
            done = amtsblick("demo", "--out", str(folder), "--json")
            seconds = time.monotonic() - started
            assert done.returncode == 0, done.stderr
            weeks = [json.loads(line) for line in done.stdout.splitlines()]
            result.write_text(json.dumps({"weeks": weeks, "seconds": seconds}), encoding="utf-8")
    return Demo(folder=folder, **json.loads(result.read_text(encoding="utf-8")))
