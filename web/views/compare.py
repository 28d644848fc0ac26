"""Two states of one address, compared word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from alerts.visible import web_link
from storage.records import Memento
from web import rows
from web.answers import Answer, Elsewhere, Nothing, Shown
from web.ask import Ask
from web.compare import Compared, Part, compared
from web.unknown import never_seen
from web.written import digits, last_moment

# What a page shows of a comparison; the rest is in its JSON. A PDF of 300 pages, all new, has some 5,000.
_MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What changed on one page of a document; ``number`` is 0 where there are no such pages."""

    number: int
    blocks: tuple[Compared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Two states and what differs between them."""

    before: Memento
    after: Memento
    heading: str
    sheets: tuple[Sheet, ...]
    count: int
    more: int
    beside: bool
    permanent: str


def choose(ask: Ask) -> Answer:
    """The two states that a form names: their comparison has an address of its own."""
    uri = web_link(ask.query.get("uri", ""))
    moments = [last_moment(ask.query.get(name, "")) for name in ("from", "to")]
    if not uri or None in moments:
        return Nothing(what="not_comparable", status=400)
    before, after = sorted(each for each in moments if each is not None)
    return Elsewhere(to=ask.to.compare(before, after, uri))


def in_place(ask: Ask) -> Answer:
    """What changed, its words marked in the text."""
    return _two(ask, beside=False)


def side_by_side(ask: Ask) -> Answer:
    """Both states side by side."""
    return _two(ask, beside=True)


def _two(ask: Ask, *, beside: bool) -> Answer:
    moments = [last_moment(ask.path[name]) for name in ("before", "after")]
    if None in moments:
        return Nothing(what="not_comparable", status=400)
    first, second = sorted(each for each in moments if each is not None)
    before, after = ask.archive.memento_at(ask.target, first), ask.archive.memento_at(ask.target, second)
    if before is None or after is None or before.page is None or after.page is None:
        return never_seen(ask, ask.target)
    ats = before.capture.captured_at, after.capture.captured_at
    if (ask.path["before"], ask.path["after"]) != tuple(map(digits, ats)):
        return Elsewhere(to=ask.to.compare(*ats, after.capture.uri, beside=beside))
    changes = compared(before.page, after.page)
    origins = ask.archive.origins([before.capture.id, after.capture.id])
    content = Two(
        before=before,
        after=after,
        heading=after.page.title or before.page.title or after.capture.uri,
        sheets=_sheets(changes[:_MOST_SHOWN]),
        count=len(changes),
        more=max(0, len(changes) - _MOST_SHOWN),
        beside=beside,
        permanent=ask.cited(ask.permanent.compare(*ats, after.capture.uri, beside=beside)),
    )
    row = rows.difference(before.capture, after.capture, changes, origins)
    return Shown(template="compare.html.j2", title=content.heading, content=content, row=row)


def _sheets(changes: Sequence[Compared]) -> tuple[Sheet, ...]:
    return tuple(Sheet(number=number, blocks=tuple(group)) for number, group in groupby(changes, _sheet))


def _sheet(each: Compared) -> int:
    block = each.change.after or each.change.before
    return block.sheet if block is not None and each.part is Part.TEXT else 0
