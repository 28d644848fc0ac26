"""``reextract``: the whole archive in today's words, stopped at any moment and taken up again, and nobody hears of it."""

from __future__ import annotations

import os
import pty
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from tests.acceptance.harness import COMMAND, Site, serving
from tests.acceptance.test_upgrade import Office, config
from tests.acceptance.upgrade import Upgraded

LOOKS = 3


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def kept(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the extractor of today: other bytes at each of three looks, and one caption that changed."""
    folder = tmp_path_factory.mktemp("kept")
    desk, office = Upgraded(folder, config(site)), Office(site)
    for day in range(1, LOOKS + 1):
        office.show(noise=True)
        if day > 1:
            page = site.pages["/amt/schule"]
            assert isinstance(page.body, str)
            site.pages["/amt/schule"] = type(page)(page.body.replace("Bild zum", "Foto vom"))
        desk.json("crawl", now=f"2026-03-0{day}T05:30:00Z")
    (caption,) = desk.json("changes")
    assert caption["uri"] == f"{site.base}/amt/schule"
    return folder


@pytest.fixture
def desk(kept: Path, site: Site, tmp_path: Path) -> Upgraded:
    """A copy of it, on the day after the upgrade."""
    folder = tmp_path / "copy"
    shutil.copytree(kept, folder)
    made = Upgraded(folder, config(site))
    made.upgrade()
    return made


def start(desk: Upgraded, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(COMMAND), "--config", str(desk.config), "reextract", "--json"],
        env=desk.environment | environment, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def state(desk: Upgraded) -> dict[str, Any]:
    """All that the archive shows of its pages, and what was told of them."""
    with Archive.open(desk.folder / "amtsblick.db", readonly=True) as archive:
        assert archive.broken_links() == ()
        uris = sorted({known.uri for known in archive.frontier("amt")})
        looks = {uri: [(each.outcome, each.text_digest) for each in archive.captures_of(uri)] for uri in uris}
        texts = {uri: [version.text_digest for version in archive.versions_of(uri)] for uri in uris}
        pages = [archive.page_of(each.id) for uri in uris for each in archive.captures_of(uri)]
        assert {page.extractor_version for page in pages if page} == {"next"}
        rows = archive.notices()
        return {
            "looks": looks,
            "versions": texts,
            "notices": [(row.text, row.uris, row.first_seen, row.lifted_at) for row in rows],
            "seminars": archive.seminars(),
            "changes": archive.changes(),
        }


def test_it_reads_everything_again_and_tells_nothing(desk: Upgraded, site: Site) -> None:
    """Two versions that differ only by what the new extractor drops say the same; what was told of them stays told."""
    changes = desk.run("changes", "--json").out
    (row,) = desk.json("reextract")
    assert row["looks"] == LOOKS * 7
    assert row["read"] == row["changed"] == LOOKS * 6 + 1  # the document never changed its bytes
    assert (row["kept"], row["extractor_version"]) == (0, "next")
    assert desk.run("changes", "--json").out == changes
    found = state(desk)
    first, second = found["versions"][f"{site.base}/amt/schule"]
    assert first == second
    assert len(set(found["looks"][f"{site.base}/amt/schule"])) == 1
    at = ("--at", "2026-03-01T12:00:00Z")
    assert desk.run("snapshot", f"{site.base}/amt/schule", *at).out.startswith("SCHULE")
    assert "Bild zum" in desk.run("snapshot", f"{site.base}/amt/schule", *at, "--as", "html").out
    (again,) = desk.json("reextract")
    assert (again["looks"], again["read"]) == (0, 0)
    assert state(desk) == found
    desk.catch_up()
    assert desk.crawl("2026-03-09T05:30:00Z") == []


@pytest.mark.slow
def test_it_goes_on_after_a_kill_at_any_point(desk: Upgraded, site: Site, tmp_path: Path) -> None:
    """Killed in every transaction, begun, written and stored, it ends where it ends when nobody kills it."""
    shutil.copytree(desk.folder, tmp_path / "whole")
    whole = Upgraded(tmp_path / "whole", config(site))
    whole.upgrade()
    whole.json("reextract")
    kills = 0
    for place in ("transaction.written:1", "transaction.stored:1", "detection.written:1", "detection.stored:1"):
        with start(desk, AMTSBLICK_FAILPOINT=place) as child:
            _, err = child.communicate(timeout=110)
        kills += child.returncode == -signal.SIGKILL
        assert "Traceback" not in err
    assert kills == 4
    desk.json("reextract")
    assert state(desk) == state(whole)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_can_be_stopped_and_goes_on(desk: Upgraded, site: Site, tmp_path: Path, number: signal.Signals) -> None:
    for attempt in range(5):  # on a busy machine it may have come to its end before the signal arrives
        shutil.copytree(desk.folder, tmp_path / f"{attempt}")
        stopped = Upgraded(tmp_path / f"{attempt}", config(site))
        stopped.upgrade()
        with start(stopped) as child:
            assert child.stderr is not None
            assert "reading again" in child.stderr.readline()
            assert "of 21" in child.stderr.readline()  # what the next crawl is compared with is done, the past is not
            child.send_signal(number)
            out, err = child.communicate(timeout=60)
        assert "Traceback" not in err
        if child.returncode != 0:
            break
    assert (child.returncode, out) == (130, "")
    assert "stopped" in err
    (row,) = stopped.json("reextract")
    assert row["looks"] > 0
    assert set(map(len, state(stopped)["looks"].values())) == {LOOKS, 0}  # 0: what only the new extractor finds linked


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_told_to_stop_a_hundred_times_it_stops_within_seconds(desk: Upgraded, site: Site, tmp_path: Path) -> None:
    """An exception in the middle of filling the readers' queue kept it from ending, in 3 of 150 times."""
    chance = random.Random(100)
    for attempt in range(100):
        shutil.copytree(desk.folder, tmp_path / "stopped")
        stopped = Upgraded(tmp_path / "stopped", config(site))
        stopped.upgrade()
        with start(stopped) as child:
            assert child.stderr is not None
            assert "reading again" in child.stderr.readline()
            time.sleep(chance.choice([0, 0.02, 0.1]) * chance.random())
            child.send_signal(signal.SIGTERM)
            _, err = child.communicate(timeout=20)
        assert "Traceback" not in err
        assert child.returncode in (130, 0, -signal.SIGTERM), attempt  # it may have ended before, or be about to
        shutil.rmtree(stopped.folder)


def test_on_a_terminal_it_shows_a_bar_and_in_a_pipe_lines(desk: Upgraded) -> None:
    ours, theirs = pty.openpty()
    line = [str(COMMAND), "--config", str(desk.config), "reextract", "--source", "amt"]
    env = desk.environment | {"TERM": "xterm"}
    with subprocess.Popen(line, env=env, cwd=desk.folder, stdout=subprocess.DEVNULL, stderr=theirs) as child:
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the terminal is gone with the process
                break
            if not chunk:
                break
            shown += chunk
    os.close(ours)
    assert child.returncode == 0
    assert b"reading again" in shown
    assert f"{LOOKS * 7 + 1}/".encode() not in shown  # never more than there was to do
    assert desk.run("reextract").out == "everything was read by today's extractor already\n"


def test_without_an_archive_or_with_a_wrong_source_it_says_so(tmp_path: Path, site: Site, desk: Upgraded) -> None:
    empty = Upgraded(tmp_path, config(site))
    result = empty.run("reextract", expect=None)
    assert result.code != 0
    assert "no archive yet" in result.err
    assert "there is no source" in desk.run("reextract", "--source", "amz", expect=2).err
