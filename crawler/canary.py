"""A page of our own that changes between two looks: is a change still found, and written into a mail?

Everything is that of a real run (crawl process, reading, detection, digest, outbox) but the archive, which is thrown
away, and the mail, which is written to a file. What is wrong with sites or mail servers does not show here, and what
would go wrong on all of them at once does: a library that changed, a disk without space for temporary files.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, cast

from alerts.digest import close_window
from crawler import markers, slots
from crawler.clock import Clock
from crawler.commands.deliver import send
from crawler.config import Config, load
from crawler.replay.server import HOST, running
from crawler.runner import CrawlOutcome, CrawlProcess, Stop
from crawler.session import Session
from crawler.tomlfile import ConfigError
from crawler.writing import writer
from storage.archive import Archive
from storage.errors import ArchiveError
from web.moments import written

#: When it is let fly, in the zone of the schedule: behind the night's looks, before the offices open.
DAILY: Final = slots.parse("40 6 * * *")
JOB: Final = "canary"

_LOOKS_APART = timedelta(minutes=5)
_CONFIG = """\
[archive]
path = "amtsblick.db"
least_free = "1B"

[[source]]
name = "canary"
start = ["{base}/"]
delay = 0
allow_private = true

[[subscription]]
name = "canary"
to = ["canary@example.org"]
immediately = []

[mail]
from = "Amtsblick <amtsblick@example.org>"
"""
_PAGE = """\
<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Kanarienvogel</title></head>
<body><main><h1>Kanarienvogel</h1><p>Diese Seite sagt, ob ihre Änderung gefunden wird.</p><p>Er singt {song}.</p></main>
</body></html>
"""
_SONGS = ("leise im Käfig", "laut auf dem Dach")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    song = _SONGS[0]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/"
        body = _PAGE.format(song=cast("_Server", self.server).song).encode() if found else b""
        self.send_response_only(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def fly(now: datetime, stop: Stop | None = None) -> str:
    """Let it fly once, in a folder of its own; what failed on its way, "" when the change arrived in a mail."""
    with (
        tempfile.TemporaryDirectory(prefix="amtsblick-canary-") as folder,
        running(_Server((HOST, 0), _Handler)) as server,
    ):
        file = Path(folder) / "amtsblick.toml"
        file.touch(mode=0o600)
        file.write_text(_CONFIG.format(base=f"http://{HOST}:{server.server_address[1]}"), encoding="utf-8")
        return _way(load(file), server, now, stop)


def run(config: Config, now: datetime, stop: Stop | None = None) -> str:
    """Let it fly, and keep what failed for ``status`` until a later flight arrives."""
    try:
        failed = fly(now, stop)
    except (OSError, ArchiveError, ConfigError) as error:
        failed = str(error)
    if stop is not None and stop.is_set():
        return ""  # called back on its way
    markers.keep_canary_trouble(config, failed, now)
    return failed


def _way(config: Config, server: _Server, now: datetime, stop: Stop | None) -> str:
    (source,) = (each.name for each in config.source)
    with CrawlProcess(config, [source]) as process:
        for song, at in zip(_SONGS, (now - _LOOKS_APART, now), strict=True):
            server.song = song
            (summary,) = process.crawl([source], Clock(frozen_at=at), stop=stop)
            if summary.outcome is not CrawlOutcome.COMPLETE:
                return f"the page could not be looked at: {summary.outcome}, {summary.reason}".rstrip(", ")
    with Archive.open(config.archive_path, readonly=True) as archive:
        kinds = [change.kind for change in archive.changes()]
    if kinds != ["page.changed"]:
        return f"its change was found as {', '.join(kinds) or 'none'} instead of page.changed"
    mails = _mailed(config, now)
    if len(mails) != 1 or _SONGS[1] not in " ".join(mails[0].split()):
        return f"its change did not arrive in one mail ({len(mails)} written)"
    return ""


def _mailed(config: Config, now: datetime) -> list[str]:
    """The plain texts of the mails that a digest at this moment gives."""
    session = Session(config_option=config.file, now_option=written(now))
    with writer(session) as archive:
        close_window(archive, session.subscription(None), session.context(sending=True))
        send(session, archive)
    messages = (
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in config.outbox_path.glob("*.eml")
    )
    bodies = (message.get_body(("plain",)) for message in messages)
    return [body.get_content() for body in bodies if body is not None]
