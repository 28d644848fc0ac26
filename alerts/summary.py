"""The first words of a message: its subject, its headline and the lines that sum it up."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.letter import Item, Letter, Section
from alerts.wording import Wording

_SEPARATOR = " · "


def subject(content: Letter, words: Wording) -> str:
    """The most important thing, and how much else there is."""
    first = _foremost(content)
    if first is None:
        return headline(content, words)
    others = len(content.items) - 1
    return headline(content, words) + (_SEPARATOR + words.count(others, words.words.more_reports) if others else "")


def headline(content: Letter, words: Wording) -> str:
    """The most important thing alone, or that there is nothing new."""
    first = _foremost(content)
    if first is not None:
        told = first.told_at is not None
        return words.words.told_before.format(headline=first.headline) if told else first.headline
    if content.first or content.since is None:
        return words.words.subject_first.format(until=words.day(content.until))
    if not all(check.complete for check in content.checks):
        return words.words.subject_quiet_partly
    return words.words.subject_quiet.format(since=words.day(content.since))


def lines(content: Letter, words: Wording) -> tuple[str, ...]:
    """What a reader who stops here should know; in a first message the line that introduces it comes first."""
    return tuple(_lines(content, words))


def others(content: Letter) -> tuple[Item, ...]:
    """What a message tells besides its headline, in the order of the sections."""
    first = _foremost(content)
    return tuple(item for item in content.items if item is not first)


def _lines(content: Letter, words: Wording) -> Iterator[str]:
    texts = words.words
    complete = all(check.complete for check in content.checks)
    if content.first:
        yield texts.first
    if content.items:
        yield _counted(content, words)
    elif content.since is not None and not complete and not content.first:
        yield texts.quiet_partly.format(since=words.since(content.since))
    if content.standing and content.checks:
        known = sum(check.known for check in content.checks)
        noun = words.pages(known, documents=any(check.documents for check in content.checks))
        judged = sum(check.judged for check in content.checks)
        yield (texts.all_checked if complete else texts.not_all_checked).format(judged=judged, known=known, noun=noun)


def _counted(content: Letter, words: Wording) -> str:
    texts = words.words
    reports = words.count(len(content.items), texts.reports)
    numbers = ((section, len(content.of(section))) for section in Section)
    parts = words.listed(words.count(number, texts.counted[section]) for section, number in numbers if number)
    alone = len(content.items) == 1  # then its section says enough
    if content.standing and content.since is not None and alone:
        return texts.summary_one.format(reports=reports, since=words.since(content.since))
    if not content.standing or content.since is None:
        form = texts.summary_first if content.standing else texts.summary_at_once
        return (form.replace(": {parts}", "") if alone else form).format(reports=reports, parts=parts)
    return texts.summary.format(reports=reports, since=words.since(content.since), parts=parts)


def _foremost(content: Letter) -> Item | None:
    """The item that names the message: new to the reader, of the first section that has any."""
    ranked = sorted(
        content.items, key=lambda item: (item.told_at is not None, item.broken, item.section is Section.SMALL)
    )
    return ranked[0] if ranked else None
