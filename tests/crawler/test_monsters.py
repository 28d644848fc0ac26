"""Hostile answers cost one page each: never the crawl, never another page, and hardly any memory of the crawl's own."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.records import Capture
from tests.acceptance.harness import COMMAND, Answer, Desk
from tests.acceptance.harness import serving as plain_site
from tests.monsters import MIB, MONSTERS, Monster, heads, other_text, page
from tests.server import LONG, Reply, Site, html, serving

GROWTH = 50 * MIB  # design: what hostile answers may cost the crawl's own processes
# Those that are made and dealt with within seconds.
SMALL: Mapping[str, Monster] = {
    name: monster for name, monster in MONSTERS.items() if not monster.long and name not in {"formen", "verweise"}
}
NORMAL = 100


def _peak(pid: int) -> int:
    """The most memory that a process ever had, in bytes; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _serve(site: Site, monsters: Mapping[str, Monster]) -> None:
    names = [f"/amt/seite{number}.html" for number in range(NORMAL)]
    for number, name in enumerate(names):
        site.pages[name] = html(f"Seite {number}", f"{LONG * 3} Nummer {number}.")
    links = list(names)
    for place, (name, monster) in enumerate(monsters.items()):
        path, body = f"/amt/{name}{monster.ending}", monster.make()
        coding = (("Content-Encoding", monster.coding),) if monster.coding else ()
        site.pages[path] = Reply(body, type=monster.type, headers=coding)
        if monster.padding:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n" % len(body)
            site.pages[path] = Reply(raw=b"".join([head, *heads(monster.padding), b"\r\n", body]))
        links.insert(place * 5, path)  # among the others, so that pages follow on each
    site.pages["/amt/"] = html("Start", LONG * 3, links=tuple(links))


def _crawl(folder: Path, monsters: Mapping[str, Monster]) -> tuple[Counter[str], dict[str, Capture]]:
    """Crawls a site with the command; the peaks of memory by process, and the last capture of each address."""
    folder.mkdir()
    config = folder / "amtsblick.toml"
    peaks: Counter[str] = Counter()
    with serving() as site, (folder / "out").open("w+", encoding="utf-8") as out:
        _serve(site, monsters)
        config.write_text(
            f'[[source]]\nname = "s"\nstart = ["{site.url("/amt/")}"]\nallow_private = true\ndelay = 0\n',
            encoding="utf-8",
        )
        config.chmod(0o600)
        command = subprocess.Popen(
            [str(COMMAND), "--config", str(config), "crawl", "--json"], stdout=out, stderr=out, cwd=folder
        )
        while command.poll() is None:
            peaks["command"] = max(peaks["command"], _peak(command.pid))
            for crawl in _children(command.pid):
                peaks["crawl"] = max(peaks["crawl"], _peak(crawl))
            try:
                command.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        out.seek(0)
        said = out.read()
    assert command.returncode in {0, 3}, said
    assert "Traceback" not in said, said
    summary = next(json.loads(line) for line in said.splitlines() if line.startswith("{"))
    assert summary["requests"] >= NORMAL + 1 + len(monsters)
    with Archive.open(folder / "amtsblick.db", readonly=True) as archive:
        seen = {where for crawl in archive.crawls() for where in archive.crawl_view(crawl).looks}
        return peaks, {where.partition("/amt")[2]: archive.captures_of(f"http://{where}")[-1] for where in seen}


def _check(captures: Mapping[str, Capture], monsters: Mapping[str, Monster]) -> None:
    normal = {name: capture for name, capture in captures.items() if name.startswith("/seite")}
    assert len(normal) == NORMAL
    assert {capture.outcome.value for capture in normal.values()} == {"ok"}
    for name, monster in monsters.items():
        capture = captures[f"/{name}{monster.ending}"]
        assert capture.rule in monster.rules, (name, capture.outcome, capture.rule, capture.detail)
        assert capture.rule == "read" or len(capture.detail) > 20, name
        assert capture.rule == "head-too-large" or capture.payload_size, name


def _check_memory(with_them: Counter[str], without: Counter[str]) -> None:
    for process in ("command", "crawl"):
        assert with_them[process] - without[process] <= GROWTH, (process, with_them, without)


@pytest.mark.slow
def test_small_monsters_cost_one_page_each(tmp_path: Path) -> None:
    without, _ = _crawl(tmp_path / "ohne", {})
    peaks, captures = _crawl(tmp_path / "mit", SMALL)
    _check(captures, SMALL)
    _check_memory(peaks, without)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_all_monsters_cost_one_page_each(tmp_path: Path) -> None:
    without, _ = _crawl(tmp_path / "ohne", {})
    peaks, captures = _crawl(tmp_path / "mit", MONSTERS)
    _check(captures, MONSTERS)
    _check_memory(peaks, without)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_large_texts_with_nothing_in_common_are_compared_within_bounds(tmp_path: Path) -> None:
    """The largest page that is compared at all, replaced as a whole: told once, in commands that end."""
    with plain_site() as site:
        start = f"{site.base}/amt/"
        site.pages["/amt/"] = Answer(page(f"<p>{LONG * 3}</p><a href='/amt/bombe'>Bombe</a>"))
        config = f'[[source]]\nname = "s"\nstart = ["{start}"]\nallow_private = true\ndelay = 0\nconfirm_after = "0s"\n'
        desk = Desk(tmp_path, f'{config}\n[[subscription]]\nname = "team"\nto = ["team@example.org"]\n')
        site.pages["/amt/bombe"] = Answer(other_text(1, 3_800_000))
        desk.json("crawl", now="2026-03-02T06:00:00Z")
        site.pages["/amt/bombe"] = Answer(other_text(2, 3_800_000))
        desk.json("crawl", now="2026-03-03T06:00:00Z")
        assert [row["kind"] for row in desk.json("changes")] == ["page.changed"]
        assert len(desk.run("digest", now="2026-03-09T06:00:00Z").out) < 10_000
        assert desk.run("diff", f"{start}bombe").out
