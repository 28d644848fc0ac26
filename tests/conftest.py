"""What every test leans on: no network beyond loopback, the real material where it is present, tools named when they lack."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.demo import Demo, ran

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
os.umask(0o022)  # configs that others can write are refused; a developer's umask must not decide about the tests
ALL = bool(os.environ.get("AMTSBLICK_TEST_ALL"))  # CI sets it: what lacks is a failure there, not a skip

settings.register_profile("amtsblick", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("amtsblick")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a quarter of the time goes into waiting for what was started or stopped."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out what needs a tool that is not here, and names the one command that adds it."""
    witnesses = all((ROOT / ".witness" / name / ".holds").exists() for name in ("pywb", "wacz"))
    present = {
        "chromium": shutil.which("chromium") and find_library("atomic"),  # Playwright's own node wants that library
        "postfix": shutil.which("postfix", path="/usr/sbin"),
        "strace": shutil.which("strace"),
        "witness": witnesses,
    }
    for tool in [name for name, place in present.items() if not (ALL or place)]:
        skip = pytest.mark.skip(reason=f"needs {tool.capitalize()}: `make test-setup` adds it")
        for item in items:
            if item.get_closest_marker(f"needs_{tool}"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real pages and texts; they are not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("the real pages (shared/) are not here")
    return SHARED


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """What the demo leaves, to be looked at; takes half a minute for whoever comes first."""
    base = tmp_path_factory.getbasetemp()
    return ran(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a module: as long as Playwright is there, this thread can have no other event loop."""
    with chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test reached for {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in list(os.environ):
        if name.startswith("AMTSBLICK_") and name != "AMTSBLICK_TEST_ALL":
            monkeypatch.delenv(name)
