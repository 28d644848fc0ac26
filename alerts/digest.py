"""What one subscription is told: for one closed window of commits, or at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from alerts import items, letter, mail, render, standing
from alerts.languages import wording
from alerts.letter import Item, Letter, Rendered, Section
from alerts.model import Context, Subscription
from alerts.net import Net, net
from alerts.readers import Reader, listening
from alerts.retraction import KIND as RETRACTED
from alerts.retraction import still_true
from alerts.wording import Wording
from storage.archive import Archive
from storage.records import Change, DigestRow, NewDigest, Source

Owed = Callable[[int, tuple[Change, ...]], Sequence[NewDigest]]
_ORDER = tuple(Section)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The commits (after, through], and what of them concerns the subscription."""

    after: int
    through: int
    since: datetime | None  # when readers were last told; None before the first digest
    changes: tuple[Change, ...]


def preview(archive: Archive, subscription: Subscription, context: Context) -> Rendered:
    """Render what the next digest would say now; stores nothing."""
    window = _window(archive, subscription)
    return render.rendered(_compose(archive, window, subscription, context), archive.coming_number())


def close_window(
    archive: Archive, subscription: Subscription, context: Context, slot: datetime | None = None
) -> DigestRow | None:
    """Close the window now and store the digest with one frozen message per recipient.

    None when nothing is owed: the window is empty and ``when_empty`` does not ask for a mail, or nobody listens
    at present. The window then stays open, so that the next one begins where the last message ended.
    """
    archive.record_subscriptions((subscription.name,), context.now)
    window = _window(archive, subscription)
    if not listening(archive, subscription, context.now):
        return None
    if not window.changes and not _asks_when_empty(subscription, window.since, context):
        return None
    content = _compose(archive, window, subscription, context)

    def build(number: int) -> NewDigest:
        audience = listening(archive, subscription, context.now)  # as it is under the lock
        return _digest(
            content, number, window, audience=audience, subscription=subscription, context=context, slot=slot
        )

    return archive.commit_digest(build)


def again(row: DigestRow) -> Rendered:
    """Render a stored digest again."""
    return render.rendered(letter.from_json(row.body), row.number)


def owed(archive: Archive, subscriptions: Sequence[Subscription], context: Context) -> Owed:
    """Return the function that makes the mails a detection owes at once: (first free number, its changes) → digests.

    One message per subscription and detection, with the kinds it wants at once; seminars only while
    they are not past. A subscription that nobody listens to at present gets none.
    """

    def build(first_number: int, changes: tuple[Change, ...]) -> Sequence[NewDigest]:
        urgent = ((one, tuple(c for c in changes if _is_urgent(c, one, context))) for one in subscriptions)
        told = [
            (one, chosen, audience)
            for one, chosen in urgent
            if chosen and (audience := listening(archive, one, context.now))
        ]
        return [
            _at_once(archive, number, subscription=one, changes=chosen, audience=audience, context=context)
            for number, (one, chosen, audience) in enumerate(told, first_number)
        ]

    return build


def concerns(change: Change, subscription: Subscription) -> bool:
    """Whether a subscription wants to be told of a change at all; imported history is no news."""
    of_source = not subscription.sources or not {change.source, *change.source_ids}.isdisjoint(subscription.sources)
    of_kind = not subscription.kinds or _matches(change.kind, subscription.kinds)
    return of_source and of_kind and (subscription.minor or not change.minor) and not change.imported


def _matches(kind: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(kind, pattern) for pattern in patterns)


def _is_urgent(change: Change, subscription: Subscription, context: Context) -> bool:
    if not concerns(change, subscription) or not subscription.is_immediate(change.kind):
        return False
    return not (change.kind.startswith("seminar.") and items.is_past(change, context.today))


def _window(archive: Archive, subscription: Subscription) -> _Window:
    row = archive.subscription(subscription.name)
    after, through = (row.told_through if row else 0), archive.last_seq()
    changes = archive.changes_between(after, through) if through > after else ()
    return _Window(
        after=after,
        through=max(after, through),
        since=row.last_digest_at if row else None,
        changes=still_true(
            changes, lambda change: concerns(change, subscription), lambda: archive.told(subscription.name)
        ),
    )


def _asks_when_empty(subscription: Subscription, since: datetime | None, context: Context) -> bool:
    """``monthly``: once in each calendar month of the readers' zone in which no digest was made yet."""
    if subscription.when_empty != "monthly":
        return subscription.when_empty == "always"
    if since is None:
        return True
    last = since.astimezone(context.zone).date()
    return (last.year, last.month) != (context.today.year, context.today.month)


def _compose(archive: Archive, window: _Window, subscription: Subscription, context: Context) -> Letter:
    words = wording(subscription.language, context.zone)
    sources = _sources(subscription, context)
    register = archive.seminars()
    rows = {row.id: row for row in register}
    at_once = archive.told_at_once(subscription.name) if window.changes else {}
    told = net(window.changes) if subscription.tell == "net" else Net(changes=window.changes)

    def item(change: Change) -> Item:
        wrong = archive.change(change.subject) if change.kind == RETRACTED else None
        if wrong is not None:
            return items.correction(change, wrong, words, context.web)
        made = items.item_of(change, words, context.web, rows.get(change.subject))
        return replace(made, told_at=at_once.get(change.id), steps=told.steps.get(change.id, 1))

    return Letter(
        language=subscription.language,
        zone=context.zone.key,
        subscription=subscription.name,
        kind="digest",
        until=context.now,
        since=window.since,
        items=_sorted(map(item, told.changes)),
        net=subscription.tell == "net",
        undone=tuple(item(change).headline for change in told.undone),
        coming=standing.coming(register, _names(sources), context.today, words),
        in_force=standing.in_force(archive.notices(), standing.hosts(sources)),
        checks=standing.checks(archive, sources, window.since, context.now, words),
        held=standing.held(archive, sources, window.since, words) + _left_out(archive, window, subscription, words),
        web=context.web.base_url.rstrip("/"),
        reply_to=mail.human_address(context),
        head=archive.chain_head().removeprefix("sha256:"),
    )


def _sources(subscription: Subscription, context: Context) -> tuple[Source, ...]:
    wanted = subscription.sources
    return tuple(source for source in context.sources if not wanted or source.name in wanted)


def _names(sources: Iterable[Source]) -> frozenset[str]:
    return frozenset(source.name for source in sources)


def _left_out(archive: Archive, window: _Window, subscription: Subscription, words: Wording) -> tuple[str, ...]:
    """What a subscription without minor changes is not told, as a number."""
    if subscription.minor:
        return ()
    everything = replace(subscription, minor=True)
    changes = archive.changes_between(window.after, window.through) if window.through > window.after else ()
    small = sum(change.minor and concerns(change, everything) for change in changes)
    return (words.count(small, words.words.left_out),) if small else ()


def _sorted(entries: Iterable[Item]) -> tuple[Item, ...]:
    """Section by section; in each what is new to the reader first, then by weight, then in the order it happened."""
    return tuple(
        sorted(entries, key=lambda item: (_ORDER.index(item.section), item.told_at is not None, -item.importance))
    )


def _at_once(
    archive: Archive,
    number: int,
    *,
    subscription: Subscription,
    changes: tuple[Change, ...],
    audience: Sequence[Reader],
    context: Context,
) -> NewDigest:
    words = wording(subscription.language, context.zone)
    sources = _sources(subscription, context)
    content = Letter(
        language=subscription.language,
        zone=context.zone.key,
        subscription=subscription.name,
        kind="immediate",
        until=context.now,
        items=_sorted(items.item_of(change, words, context.web) for change in changes),
        standing=False,
        coming=standing.coming(archive.seminars(), _names(sources), context.today, words),
        in_force=standing.in_force(archive.notices(), standing.hosts(sources)),
        web=context.web.base_url.rstrip("/"),
        reply_to=mail.human_address(context),
        head=archive.chain_head().removeprefix("sha256:"),
    )
    window = _Window(
        after=min(change.seq for change in changes) - 1,
        through=max(change.seq for change in changes),
        since=None,
        changes=changes,
    )
    try:
        return _digest(content, number, window, audience=audience, subscription=subscription, context=context)
    except render.TemplateBrokenError as error:  # what was found has to be stored all the same
        _LOG.error("%s", error)
        return _digest(
            content, number, window, audience=audience, subscription=subscription, context=context, plain=True
        )


def _digest(
    content: Letter,
    number: int,
    window: _Window,
    *,
    audience: Sequence[Reader],
    subscription: Subscription,
    context: Context,
    slot: datetime | None = None,
    plain: bool = False,
) -> NewDigest:
    forms = _Forms(content, number, render.fallback if plain else render.rendered)
    return NewDigest(
        subscription=subscription.name,
        kind=content.kind,
        after=window.after,
        through=window.through,
        created_at=context.now,
        slot=slot,
        change_ids=tuple(change.id for change in window.changes),
        subject=forms.of(new=False).subject,
        body=letter.to_json(content),
        deliveries=tuple(
            mail.build(
                forms.of(new=reader.new),
                reader.mailbox,
                number,
                context,
                list_name=subscription.name,
                language=subscription.language,
            )
            for reader in audience
        ),
    )


class _Forms:
    """One letter as it is told to those who had one before, and to those whose first it is; each rendered once."""

    def __init__(self, content: Letter, number: int, make: Callable[[Letter, int], Rendered]) -> None:
        self._content = content
        self._number = number
        self._make = make
        self._made: dict[bool, Rendered] = {}

    def of(self, *, new: bool) -> Rendered:
        """Return the form for a reader."""
        if new not in self._made:
            self._made[new] = self._make(replace(self._content, newcomer=new), self._number)
        return self._made[new]
