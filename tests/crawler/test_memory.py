"""What was freed goes back to the system."""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
from pathlib import Path

import pytest

_FREED = """
import sys
from crawler import memory
held = [bytes(1000) for _ in range(100_000)]
last = bytes(1000)  # what is freed lies below it
del held
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])
before = resident()
memory.give_back()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps it, and has a way to say otherwise")
def test_what_was_freed_goes_back_to_the_system() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", _FREED], cwd=root, capture_output=True, text=True, check=True)
    assert int(done.stdout) * resource.getpagesize() > 50_000_000
