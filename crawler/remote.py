"""Takes in a section from a web archive: lists it, follows its links, fetches each capture once, keeps its URI-M."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit

from crawler import cdx, memento
from crawler.cdx import Listed
from crawler.config import SourceConfig
from crawler.history import reaches
from crawler.intake import Intake, Taker
from crawler.memento import Client, Later, Reply, Unreachable
from crawler.progress import CountProgress
from crawler.session import Refusal, Session
from extractors import address
from extractors.coding import CodingError, decode
from storage.archive import Archive
from storage.imports.found import Found, Left, Origin, Skipped, agrees, customary, possible
from storage.imports.keeping import Past

_LIST = 256 << 20  # bytes of one list: a million captures
_STAMPED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/(https?:/?/?.*)", re.DOTALL)
_URI_SAFE = "!#$%&'()*+,/:;=?@[]-._~|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be taken in: a section of an archive, between two moments."""

    archive: str
    prefix: str
    since: datetime | None = None
    until: datetime | None = None


def take_in(
    run: Session, archive: Archive, sources: Sequence[SourceConfig], asked: Asked
) -> tuple[Intake, list[dict[str, Any]]]:
    """Take in what an archive holds of a section; the tally, and a row for each year.

    Raises:
        Refusal: for addresses that are none, a section that no source covers, an archive that cannot be asked.
    """
    prefix = address.clean(asked.prefix if "://" in asked.prefix else f"https://{asked.prefix}")
    if prefix is None:
        raise Refusal(f"--prefix: “{asked.prefix}” is no http address")
    try:
        base = memento.base_of(asked.archive)
    except ValueError:
        raise Refusal(f"--archive: “{asked.archive}” is no http address") from None
    fitting = [one for one in sources if _overlaps(one, prefix)]
    if not fitting:
        raise Refusal(f"--prefix: no source watches anything under {prefix}; add a [[source]] block with that scope")
    client = Client(run.config, base, max(one.delay for one in fitting))
    with CountProgress(run.output, "taking in") as progress:
        section = _Section(archive, Taker(archive, fitting, run.now()), client, asked, run.now())
        try:
            section.find(base, prefix)
            section.take(progress)
        except (Later, Unreachable) as error:
            section.taker.intake.problems.append(str(error))
            section.taker.intake.later = error.exit_code
    past = [one for one in archive.past() if address.in_scope(one.uri, [prefix])]
    return section.taker.intake, years(past)


def years(past: Sequence[Past]) -> list[dict[str, Any]]:
    """A row for each year from the first capture to the last: how many captures, of how many pages, and the gaps."""
    if not past:
        return []
    by_year: dict[int, list[Past]] = defaultdict(list)
    for one in past:
        by_year[one.captured_at.year].append(one)
    rows = []
    for year in range(past[0].captured_at.year, past[-1].captured_at.year + 1):
        found = by_year.get(year, [])
        rows.append(
            {
                "year": year,
                "captures": len(found),
                "pages": len({one.address for one in found}),
                "months": len({one.captured_at.month for one in found}),
                "longest_gap_days": _gap(past, year),
            }
        )
    return rows


def _gap(past: Sequence[Past], year: int) -> int:
    """The longest time without a capture, in days, as far as it lies in a year and between the first and the last."""
    start = max(datetime(year, 1, 1, tzinfo=UTC), past[0].captured_at)
    end = min(datetime(year + 1, 1, 1, tzinfo=UTC), past[-1].captured_at)
    moments = [start, *(one.captured_at for one in past if start < one.captured_at < end), end]
    return max((later - earlier).days for earlier, later in pairwise(moments))


class _Section:
    """One section of one archive."""

    def __init__(self, archive: Archive, taker: Taker, client: Client, asked: Asked, now: datetime) -> None:
        self.taker = taker
        self._archive, self._client, self._asked, self._now = archive, client, asked, now
        self._server = self._replay = ""
        self._rows: dict[tuple[str, str, str], Listed] = {}
        self._met: set[tuple[str, str, str]] = set()  # captures that a list named, in the section or beside it
        self._listed: set[str] = set()  # addresses that were listed, or asked for one by one

    def find(self, base: str, prefix: str) -> None:
        """Find the archive's CDX server and list the section."""
        variants = cdx.variants(prefix)
        root = f"{urlsplit(base).scheme}://{urlsplit(base).netloc}/"
        said = ""
        for server, replay in dict.fromkeys(
            (
                (f"{base}cdx/search/cdx", f"{base}web/"),
                (f"{root}cdx/search/cdx", f"{root}web/"),
                (f"{base}cdx", base),
            )
        ):
            try:
                self._server, self._replay = server, replay
                rows = self._list(variants[0], prefix=True)
            except cdx.Unlistable as error:
                said = str(error)
                continue
            self._note(rows, prefix)
            self._list_variants(variants[1:], prefix)
            return
        raise Unreachable(f"{base} has no CDX server that answers ({said}); give the address of the collection")

    def take(self, progress: CountProgress) -> None:
        """Fetch all that is listed, then what the pages link that the list lacks."""
        done: set[tuple[str, str, str]] = set()
        self.taker.remember()
        while fresh := sorted(self._rows.keys() - done, key=lambda key: (key[1], key[0])):
            progress.total(len(self._rows))
            self.taker.answers(self._fetched([self._rows[key] for key in fresh], progress), at_once=1)
            done |= set(fresh)
            for uri in self.taker.linked_uris():
                if address.key(uri) not in self._listed:
                    self._listed.add(address.key(uri))
                    try:
                        self._note(self._list(uri, prefix=False))
                    except cdx.Unlistable as error:
                        self.taker.intake.problems.append(f"{uri}: not looked up: {error}")

    # --- listing

    def _list_variants(self, variants: Sequence[str], prefix: str) -> None:
        """The other spellings, unless the server takes them for the same: then it lists the same again."""
        for variant in variants:
            if self._rows:
                first = self._list(variant, prefix=True, only_first=True)
                if all(_name(row) in self._met for row in first):
                    continue
            self._note(self._list(variant, prefix=True), prefix)

    def _list(self, uri: str, *, prefix: bool, only_first: bool = False) -> list[Listed]:
        found: list[Listed] = []
        resume = ""
        while True:
            asked = cdx.query(
                uri,
                prefix=prefix,
                since=self._asked.since,
                until=self._asked.until,
                limit=1 if only_first else cdx.PAGE if self._pages else 0,
                resume=resume,
            )
            reply = self._client.get(f"{self._server}?{asked}", _LIST)
            if reply.status != 200 or reply.large or not reply.whole:
                what = "is too long" if reply.large else "broke off" if not reply.whole else f"is {reply.status}"
                raise cdx.Unlistable(f"the answer of {self._server} {what}")
            rows, resume = cdx.parse(_text(reply))
            found += rows
            if only_first or not resume:
                return found

    @property
    def _pages(self) -> bool:
        return self._server.endswith("/cdx/search/cdx")  # pywb's limit has no way to go on behind it

    def _note(self, rows: Sequence[Listed], prefix: str = "") -> None:
        """Keep what lies between the two moments, and in the section: an index knows no segments of a path."""
        for row in rows:
            self._met.add(_name(row))
            if self._within(row) and (not prefix or address.in_scope(row.uri, [prefix])):
                self._rows.setdefault(_name(row), row)
                self._listed.add(address.key(row.uri))

    def _within(self, row: Listed) -> bool:
        at = row.at
        since, until = self._asked.since, self._asked.until
        return at is None or ((since is None or at >= since) and (until is None or at <= until))

    # --- fetching

    def _fetched(self, rows: Sequence[Listed], progress: CountProgress) -> Iterator[Found | Skipped]:
        for row in rows:
            progress.step(row.uri)
            if address.clean(row.uri) is None:
                yield Skipped(why=Left.ADDRESS, uri=row.uri)
                continue
            room = self.taker.room(row.uri, row.mime)
            if isinstance(room, Skipped):
                yield room
                continue
            at = row.at
            if at is None or not possible(at, self._now):
                yield Skipped(why=Left.DATE, what=row.stamp, uri=row.uri)
                continue
            origin = Origin(archive=self._replay, record=self._uri_m(row))
            if self._archive.holds_record(origin):
                yield Skipped(why=Left.KNOWN, uri=row.uri)
                continue
            yield self._fetch(row, room)

    def _uri_m(self, row: Listed, flag: str = "") -> str:
        return f"{self._replay}{row.stamp}{flag}/{quote(row.uri, safe=_URI_SAFE)}"

    def _fetch(self, row: Listed, room: int) -> Found | Skipped:
        reply = self._client.get(self._uri_m(row, "id_"), room)
        at = reply.memento_at
        if at is None or abs((at - (row.at or at)).total_seconds()) >= 1:
            what = f"it answered {reply.status}" if at is None else "it gave another moment"
            return Skipped(why=Left.LOST, what=what, uri=row.uri)
        if reply.large:
            return Skipped(why=Left.TOO_LARGE, uri=row.uri)
        if not reply.whole:
            return Skipped(why=Left.LOST, what="its answer broke off", uri=row.uri)
        if not _is_what_was_listed(row, reply, room):
            return Skipped(why=Left.DIGEST, uri=row.uri)
        head = memento.original_head(_unwrapped(reply, self._replay))
        return Found(
            uri=row.uri,
            captured_at=at,
            status=reply.status,
            head=head,
            payload=reply.body,
            origin=Origin(
                archive=self._replay, record=self._uri_m(row), digest=customary(reply.body) if reply.body else ""
            ),
        )


def _name(row: Listed) -> tuple[str, str, str]:
    return row.uri, row.stamp, row.digest


def _overlaps(source: SourceConfig, prefix: str) -> bool:
    places = (*source.scope, *source.start)
    return reaches(source, prefix) or any(address.in_scope(place, [prefix]) for place in places)


def _text(reply: Reply) -> str:
    coding = reply.header("content-encoding")
    try:
        return decode(reply.body, coding, _LIST).body.decode("utf-8", "replace")
    except CodingError as error:
        raise cdx.Unlistable(f"its list cannot be read ({error})") from None


def _is_what_was_listed(row: Listed, reply: Reply, limit: int) -> bool:
    """Whether the bytes have the digest of the list, as they came or decoded; where none can be compared, they have."""
    if not row.digest or memento.was_decoded(reply):
        return True
    bodies = [reply.body]
    with suppress(CodingError):  # then only the bytes as they came can have it
        bodies.append(decode(reply.body, reply.header("content-encoding"), limit).body)
    return agrees(row.digest, *bodies) is not False


def _unwrapped(reply: Reply, replay: str) -> Reply:
    """The answer with a redirect that leads where it led, not into the archive."""

    def led(value: str) -> str:
        inside = value.startswith((replay, urlsplit(replay).path))
        match = _STAMPED.search(value) if inside else None
        return match[2] if match else value

    headers = tuple((name, led(value) if name.lower().endswith("location") else value) for name, value in reply.headers)
    return Reply(status=reply.status, reason=reply.reason, headers=headers, body=reply.body)
