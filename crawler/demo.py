"""The demo: crawls the bundled replay week by week with a simulated clock, through the code of a real run."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from crawler.clock import Clock
from crawler.closing import close_due
from crawler.commands.deliver import send
from crawler.config import Config, load
from crawler.replay import paths
from crawler.replay.server import PREFERRED_PORT, serving
from crawler.replay.site import BERLIN, moment
from crawler.replay.weeks import WEEKS, Doing, Week, monday_of
from crawler.runner import CrawlOutcome, CrawlProcess, CrawlSummary, Event
from crawler.session import Refusal, Session
from crawler.writing import make_folder, writer
from storage.archive import Archive
from storage.records import Change
from web import rows
from web.moments import written
from web.settings import PORT

DIGEST_AT: Final = time(7, 0)  # Monday, in Berlin: the schedule of the demo's subscription
MARK: Final = "# Made by `amtsblick demo`; the next demo in this folder replaces it."
SECTION_SOURCE: Final = "lageso-partnerschaft"
PRESS_SOURCE: Final = "lageso-presse"
VIEW: Final = f"http://127.0.0.1:{PORT}"  # where the links of its mails lead, once `serve` runs

_CONFIG: Final = """\
{mark}
# The addresses are those of the replay, which is only there while a demo runs; the archive can be read at any time.

[archive]
path = "amtsblick.db"

[[source]]
name = "{section_source}"
start = ["{base}{section}"]
register = "seminars"
assets = true
delay = 0
allow_private = true

[[source]]
name = "{press_source}"
start = ["{base}{press}"]
press = true
match = ["Moskau", "Städtepartnerschaft"]
delay = 0
allow_private = true

[[subscription]]
name = "team"
to = ["team@example.org"]
schedule = "0 7 * * mon"

[mail]
from = "Amtsblick <amtsblick@example.org>"

[web]
base_url = "{view}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWeek:
    """One week of the demo: what the replay did, what was told, and the mails (``.eml``) that were written."""

    week: Week
    base: str  # http://host:port of the replay
    reported: tuple[Change, ...]
    mails: tuple[Path, ...]
    summaries: tuple[CrawlSummary, ...]

    def as_json(self) -> dict[str, Any]:
        """The one object that ``demo --json`` prints for the week."""
        return {
            "week": self.week.number,
            "date": self.week.monday.isoformat(),
            "story": self.week.story,
            "happened": [
                {
                    "kind": each.kind,
                    "uri": self.base + each.path,
                    "uris": [self.base + path for path in each.paths or (each.path,)],
                    "minor": each.minor,
                    "note": each.note,
                }
                for each in self.week.happenings
            ],
            "reported": [rows.change(each) for each in self.reported],
            "mails": [str(path) for path in self.mails],
        }


def config_file(out: Path) -> Path:
    """Where the demo's config lies."""
    return out / "amtsblick.toml"


def run_demo(
    out: Path,
    on_event: Callable[[Week, Event], None] = lambda _week, _event: None,
    *,
    port: int = PREFERRED_PORT,
) -> Iterator[DemoWeek]:
    """Make the folder ready, and return the weeks: each is run as it is asked for.

    Every week: a crawl of both sources on Monday at 05:30, then what is owed at once; the digest at 07:00. ``port``
    is only preferred. ``on_event`` gets what the crawls report, in this thread.

    Raises:
        Refusal: when ``out`` holds something that is not an earlier demo, or cannot be written.
    """
    _clear(out)
    return _weeks(out, on_event, port)


def _weeks(out: Path, on_event: Callable[[Week, Event], None], port: int) -> Iterator[DemoWeek]:
    with serving(port) as server:
        config = _configured(out, server.base)
        names = [source.name for source in config.source]
        # One process for all weeks, since its start takes longer than a week.
        with CrawlProcess(config, names) as process:
            for week in WEEKS:
                server.week = week.number
                before, told = _mails(out), _last_seq(config.archive_path)
                at = Clock(frozen_at=moment(week.number))
                summaries = process.crawl(names, at, partial(on_event, week))
                _check(summaries)
                _deliver(out, at.now(), digest=False)
                _deliver(out, datetime.combine(week.monday, DIGEST_AT, BERLIN).astimezone(UTC), digest=True)
                with Archive.open(config.archive_path, readonly=True) as archive:
                    reported = archive.changes_between(told, archive.last_seq())
                mails = tuple(path for path in _mails(out) if path not in before)
                yield DemoWeek(week=week, base=server.base, reported=reported, mails=mails, summaries=summaries)


def next_steps(out: Path, base: str, program: str = "amtsblick") -> tuple[tuple[str, str], ...]:
    """Four things to try once the demo is over, each with a command that can be pasted as it stands.

    ``base`` is where the replay was served; ``program`` is how Amtsblick is called.
    """
    amtsblick = f"{program} --config {shlex.quote(str(config_file(out)))}"
    announced, moved = monday_of(Doing.SEMINAR_ANNOUNCED), monday_of(Doing.SEMINAR_MOVED)
    return (
        ("All seminars, although their pages are gone:", f"{amtsblick} seminars"),
        (
            "What changed on the page of the 23rd seminar when it was put off:",
            f"{amtsblick} diff {base}{paths.SEMINAR_23} --from {announced} --to {moved}",
        ),
        (
            "The front page of the section as it stood on 1 June 2021:",
            f"{amtsblick} snapshot {base}{paths.SECTION} --at 2021-06-01",
        ),
        (f"All of it in a browser, at {VIEW} (the links of the mails in outbox/ lead there):", f"{amtsblick} serve"),
    )


def _clear(out: Path) -> None:
    """Make the folder, or remove an earlier demo from it; nothing else is ever removed."""
    make_folder(out)
    found = {path.name for path in out.iterdir()}
    if not found:
        return
    config = config_file(out)
    if not config.is_file() or not config.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        raise Refusal(f"{out} is not empty and holds no earlier demo; choose another folder with --out")
    # The config goes last: as long as it is there, a demo that was stopped can be replaced.
    for path in (*out.glob("amtsblick.db*"), out / "outbox"):
        if path.is_dir() and not path.is_symlink():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)
    config.unlink()


def _configured(out: Path, base: str) -> Config:
    file = config_file(out)
    file.touch(
        mode=0o600
    )  # a config that others could write is refused, and some people's umask lets their group write
    file.write_text(
        _CONFIG.format(
            mark=MARK,
            view=VIEW,
            base=base,
            section=paths.SECTION,
            press=paths.PRESS,
            section_source=SECTION_SOURCE,
            press_source=PRESS_SOURCE,
        ),
        encoding="utf-8",
    )
    return load(file)


def _check(summaries: tuple[CrawlSummary, ...]) -> None:
    """A crawl that an outage cut short is part of the story; one that could not be run is not."""
    for summary in summaries:
        if summary.outcome not in {CrawlOutcome.COMPLETE, CrawlOutcome.INCOMPLETE, CrawlOutcome.BLIND}:
            raise Refusal(f"the demo cannot go on: {summary.outcome}, {summary.reason}", summary.exit_code)


def _last_seq(path: Path) -> int:
    if not path.exists():
        return 0
    with Archive.open(path, readonly=True) as archive:
        return archive.last_seq()


def _deliver(out: Path, at: datetime, *, digest: bool) -> None:
    """What cron does in a real office: ``digest --due --send`` or ``deliver``, at that moment."""
    session = Session(config_option=config_file(out), now_option=written(at))
    with writer(session) as archive:
        if digest:
            for subscription in session.config.subscriptions:
                close_due(archive, subscription, session.context(sending=True))
        send(session, archive)


def _mails(out: Path) -> tuple[Path, ...]:
    return tuple(sorted((out / "outbox").glob("*.eml")))
