"""Finding what a person means by an address or a moment in the archive, or saying what is nearest."""

from __future__ import annotations

from datetime import datetime

from crawler.session import Refusal, Session
from storage.archive import Archive
from storage.records import SnapshotView
from web.written import moment as written


def address_in(archive: Archive, url: str) -> str:
    """The address, if the archive knows it; a missing scheme is made up.

    Raises:
        Refusal: with the nearest known addresses.
    """
    candidates = (url, f"https://{url}") if "://" not in url else (url,)
    for candidate in candidates:
        if archive.known(candidate):
            return candidate
    near = archive.nearest_uris(candidates[-1])
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise Refusal(f"{url} was never looked at{hint}")


def known_source(run: Session, archive: Archive, name: str) -> None:
    """Refuse a name that is no source's; one that left the config still has its history.

    Raises:
        Refusal: with the nearest known name.
    """
    if run.config.source_named(name) is None and not archive.crawls(name, limit=1):
        run.source(name)


def state_at(archive: Archive, uri: str, at: datetime) -> SnapshotView:
    """The last good state of an address at or before a moment.

    Raises:
        Refusal: when there is none, with the time of the first one there is.
    """
    view = archive.snapshot_at(uri, at)
    if view is not None:
        return view
    first = next((row for row in archive.captures_of(uri) if row.outcome.good), None)
    if first is None:
        looks = archive.captures_of(uri)
        last = f"; last: {looks[-1].outcome} ({written(looks[-1].captured_at)})" if looks else ""
        raise Refusal(f"{uri} was looked at {len(looks)} times and never seen well{last}")
    raise Refusal(f"{uri}: there is no state at or before {written(at)}; the first is of {written(first.captured_at)}")
