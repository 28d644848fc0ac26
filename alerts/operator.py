"""What operators are told, and when: at once when something goes wrong or is well again, and once a week that all is.

Their mails go through the readers' outbox. What they were told is remembered in the body of their newest digest.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts import mail
from alerts.languages import wording
from alerts.letter import Rendered
from alerts.model import Context, Language
from alerts.operator_words import COMMANDS, OPERATOR_WORDS, OperatorWords
from alerts.visible import one_line
from alerts.wording import Wording
from storage.archive import Archive
from storage.records import DigestRow, NewDelivery, NewDigest

#: The subscription their digests stand under; no name in a config can be this one.
SUBSCRIPTION = "[operator]"
KIND = "operator"
# A condition that comes and goes (a disk at the brink, a host that fails every other look) is one mail an hour at most.
_CALM = timedelta(hours=1)
# Over by themselves, which is no news: slots are made up, and what was refused cannot be tried again for ever.
_PASSING = frozenset({"missed", "mail-refused"})
_WIDTH = 72  # RFC 3676 §4.2
_MEGABYTE = 1024**2
_DETAIL = 160  # characters of a server's answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is not well. ``kind`` is a key of the words; ``since`` and ``number`` mean what its words say.

    ``grave``: it keeps readers from being told; otherwise it was, or will be, done late or in part. ``mark`` tells
    events of one kind and subject apart that are each news of their own.
    """

    kind: str
    subject: str = ""
    since: datetime | None = None
    number: int = 0
    detail: str = ""
    grave: bool = False
    mark: str = ""

    @property
    def key(self) -> str:
        """What makes it the same condition from one look to the next."""
        return "\x1f".join(filter(None, (self.kind, self.subject, self.mark)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceVitals:
    """One source in the weekly mail; ``at`` None: never looked at."""

    name: str
    at: datetime | None
    judged: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What the weekly mail shows besides what is wrong."""

    sources: tuple[SourceVitals, ...]
    sent: int
    waiting: int
    refused: int
    archive_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What operators know: the open conditions in the words they were told in, and when others ended, by key."""

    open: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What one mail tells; ``vitals`` None: it is not the weekly one."""

    fresh: tuple[Condition, ...]
    over: tuple[str, ...]
    still: tuple[Condition, ...]
    vitals: Vitals | None


def told(archive: Archive) -> Told:
    """What operators were told last."""
    row = archive.newest_digest(SUBSCRIPTION)
    if row is None:
        return Told()
    body = json.loads(row.body)
    ended = {key: datetime.fromisoformat(at) for key, at in body["ended"].items()}
    return Told(open=body["open"], ended=ended)


def news(known: Told, conditions: Sequence[Condition], now: datetime, weekly: Vitals | None) -> News | None:
    """What has to be told now, None if nothing has."""
    keys = {condition.key for condition in conditions}
    calm = {key for key, at in known.ended.items() if timedelta(0) <= now - at < _CALM}
    fresh = tuple(each for each in conditions if each.key not in known.open and each.key not in calm)
    over = tuple(what for key, what in known.open.items() if key not in keys and _kind(key) not in _PASSING)
    if not fresh and not over and weekly is None:
        return None
    still = tuple(each for each in conditions if each not in fresh)
    return News(fresh=fresh, over=over, still=still, vitals=weekly)


def report(
    archive: Archive,
    to: Sequence[str],
    conditions: Sequence[Condition],
    context: Context,
    *,
    language: Language,
    weekly: Vitals | None = None,
) -> DigestRow | None:
    """Queue what operators have to be told now, once; None when that is nothing."""
    with archive.transaction():
        known = told(archive)
        found = news(known, conditions, context.now, weekly)
        if found is None:
            return None
        seq = archive.last_seq()
        return archive.commit_digest(
            lambda number: _digest(number, seq, found, known, to=to, context=context, language=language)
        )


def emergency(to: Sequence[str], condition: Condition, context: Context, language: Language) -> tuple[NewDelivery, ...]:
    """The messages for a condition that keeps the archive from queueing any, one per address."""
    rendered = render(News(fresh=(condition,), over=(), still=(), vitals=None), context, language)
    return _addressed(rendered, to, 0, context, language)


def _addressed(
    rendered: Rendered, to: Sequence[str], number: int, context: Context, language: Language
) -> tuple[NewDelivery, ...]:
    return tuple(
        mail.build(rendered, address, number, context, list_name=None, language=language)
        for address in dict.fromkeys(to)
    )


def what(condition: Condition, words: OperatorWords, when: Callable[[datetime], str]) -> str:
    """What is wrong, in one line."""
    return one_line(words.what[condition.kind].format(**_filled(condition, when)))


def do(condition: Condition, words: OperatorWords, when: Callable[[datetime], str]) -> str:
    """What to do about it."""
    return one_line(words.do[condition.kind].format(**_filled(condition, when)))


def command(condition: Condition) -> str:
    """The command that helps, "" if none does."""
    return one_line(COMMANDS.get(condition.kind, "").format(subject=condition.subject))


def render(content: News, context: Context, language: Language) -> Rendered:
    """A mail to operators: plain text, since they may read it on a terminal."""
    words, wording_ = OPERATOR_WORDS[language], wording(language, context.zone)
    parts = [words.greeting, *_parts(content, words, wording_)]
    if content.vitals is not None:
        parts += [_vitals(content.vitals, context.now, words, wording_), _wrapped(words.missing)]
    parts.append(_wrapped(words.closing))
    return Rendered(subject=_subject(content, words, wording_), text="\n\n".join(parts) + "\n", html="")


def _digest(
    number: int,
    seq: int,
    content: News,
    known: Told,
    *,
    to: Sequence[str],
    context: Context,
    language: Language,
) -> NewDigest:
    rendered = render(content, context, language)
    return NewDigest(
        subscription=SUBSCRIPTION,
        kind=KIND,
        after=seq,
        through=seq,
        created_at=context.now,
        slot=None,
        change_ids=(),
        subject=rendered.subject,
        body=_body(content, known, rendered, context, language),
        deliveries=_addressed(rendered, to, number, context, language),
    )


def _body(content: News, known: Told, rendered: Rendered, context: Context, language: Language) -> str:
    """The mail, and what operators know once they have read it."""
    words, wording_ = OPERATOR_WORDS[language], wording(language, context.zone)
    opened = {each.key: known.open.get(each.key) or what(each, words, wording_.moment) for each in _all(content)}
    closed = {key: context.now for key in known.open if key not in opened}
    recent = {key: at for key, at in known.ended.items() if context.now - at < _CALM and key not in opened}
    ended = {key: at.isoformat() for key, at in {**recent, **closed}.items()}
    body = {"subject": rendered.subject, "text": rendered.text, "open": opened, "ended": ended}
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _all(content: News) -> tuple[Condition, ...]:
    return (*content.fresh, *content.still)


def _kind(key: str) -> str:
    return key.partition("\x1f")[0]


def _filled(condition: Condition, when: Callable[[datetime], str]) -> dict[str, object]:
    return {
        "subject": condition.subject,
        "since": when(condition.since) if condition.since else "–",
        "number": condition.number,
        "detail": f": {one_line(condition.detail, _DETAIL)}" if condition.detail else "",
    }


def _subject(content: News, words: OperatorWords, wording_: Wording) -> str:
    if content.fresh:
        more = len(content.fresh) - 1
        first = what(content.fresh[0], words, wording_.moment)
        return words.subject.format(what=first) + (wording_.count(more, words.and_more) if more else "")
    if content.vitals is None:
        return words.subject_over.format(what=content.over[0])
    return wording_.count(len(content.still), words.subject_open) if content.still else words.subject_well


def _parts(content: News, words: OperatorWords, wording_: Wording) -> Iterator[str]:
    if content.fresh:
        yield _listed(words.fresh, content.fresh, words, wording_)
    if content.over:
        yield "\n".join([f"{words.over}:", *(_wrapped(each, "* ") for each in content.over)])
    if content.still:
        yield _listed(words.still, content.still, words, wording_)
    elif content.vitals is not None and not content.fresh:
        yield words.nothing_open


def _listed(title: str, conditions: Sequence[Condition], words: OperatorWords, wording_: Wording) -> str:
    lines = [f"{title}:"]
    for each in conditions:
        lines.append(_wrapped(what(each, words, wording_.moment), "* "))
        if each.since is not None and "{since}" not in words.what[each.kind]:
            lines.append(_wrapped(words.since.format(since=wording_.moment(each.since)), "  "))
        lines.append(_wrapped(do(each, words, wording_.moment), "  → "))
        if command(each):
            lines.append(f"      {command(each)}")
    return "\n".join(lines)


def _vitals(vitals: Vitals, now: datetime, words: OperatorWords, wording_: Wording) -> str:
    lines = [f"{words.vitals.format(at=wording_.moment(now))}:"]
    for each in vitals.sources:
        if each.at is None:
            lines.append(_wrapped(words.source_never.format(name=each.name), "* "))
            continue
        share = each.judged * 100 // each.known if each.known else 0  # never rounded up to 100
        line = words.source.format(
            name=each.name, at=wording_.moment(each.at), judged=each.judged, known=each.known, share=share
        )
        lines.append(_wrapped(line, "* "))
    counted = words.mail.format(sent=vitals.sent, waiting=vitals.waiting, refused=vitals.refused)
    sizes = words.disk.format(archive=vitals.archive_bytes // _MEGABYTE, free=vitals.free_bytes // _MEGABYTE)
    return "\n".join([*lines, _wrapped(counted, "* "), _wrapped(sizes, "* ")])


def _wrapped(text: str, mark: str = "") -> str:
    """A text in lines, broken at blanks only."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_on_hyphens=False,
        break_long_words=False,
    )
