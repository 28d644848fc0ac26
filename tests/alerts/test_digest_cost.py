"""The work of a digest grows with what changed, not with the crawls, the held entries and the digests of before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.digest import close_window, preview
from alerts.model import Context, MailSettings, Subscription
from benchmarks.detection.history import SOURCE, History
from benchmarks.detection.site import Reader
from storage.archive import Archive
from tests.alerts.counting import Work, counted

PAGES = 60
TEAM = Subscription(name="team", to=tuple(f"reader{n}@example.org" for n in range(5)), when_empty="always")


def _context(history: History) -> Context:
    mail = MailSettings(sender="Amtsblick <amtsblick@example.org>", outbox=history.path.parent / "outbox")
    return Context(now=history.now, zone=ZoneInfo("Europe/Berlin"), mail=mail, sources=(SOURCE,))


def _work(folder: Path, crawls: int, *, told_weekly: bool) -> tuple[Work, Work]:
    """Of a look at the next digest, and of closing it: 20 pages changed since the last."""
    history = History(folder / f"{crawls}.db", Reader(PAGES))
    history.begin()
    for number in range(2, crawls + 1) if told_weekly else (crawls,):
        history.pass_by(number, changing=5, looks=20, tell=lambda _done: None)
        with Archive.open(history.path, fleeting=True) as archive:
            assert close_window(archive, TEAM, _context(history)) is not None
    history.look(lambda state: replace(state, edition=9_999) if state.number % 3 == 0 else state)
    with Archive.open(history.path) as archive:
        with counted(archive, each=10) as seen:
            rendered = preview(archive, TEAM, _context(history))
        with counted(archive, each=10) as closed:
            row = close_window(archive, TEAM, _context(history))
        assert row is not None
        assert row.subject == rendered.subject
        assert (len(row.change_ids), row.number) == (20, len(archive.digests()))
    return seen, closed


@pytest.mark.parametrize("told_weekly", [True, False], ids=["many-digests", "one-digest"])
def test_it_does_the_same_after_5_and_after_60_crawls(tmp_path: Path, told_weekly: bool) -> None:
    few, many = (_work(tmp_path, crawls, told_weekly=told_weekly) for crawls in (5, 60))
    for less, more in zip(few, many, strict=True):
        assert more.statements <= less.statements, "statements"
        assert more.steps <= 1.05 * less.steps, "steps of the virtual machine"
