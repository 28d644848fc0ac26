"""One change as one item of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from alerts.letter import Contradiction, Item, Place, Section, SeminarFacts
from alerts.model import WebSettings
from alerts.passages import of_diff, of_texts
from alerts.visible import archived, one_line, shown, web_link
from alerts.wording import Wording
from storage.records import Change, Conflict, SeminarRow

_HEADLINE = 110  # characters: what a phone shows of a subject in two or three lines
_NOTICE_WORDS = 70  # of a notice's text in its headline
_SECTIONS = {
    "seminar": Section.SEMINARS,
    "notice": Section.NOTICES,
    "press": Section.PRESS,
    "document": Section.DOCUMENTS,
    "page": Section.PAGES,
    "source": Section.CHECKS,
}
_OFF = frozenset({"cancelled", "postponed", "replaced"})
_GONE = frozenset({"page.removed", "document.removed"})


def item_of(change: Change, wording: Wording, web: WebSettings, row: SeminarRow | None = None) -> Item:
    """Make the item of a change; ``row`` is the seminar's present entry in the register.

    A change whose facts cannot be made sense of still becomes an item, which says so and names the id.
    """
    try:
        return _item(change, wording, web, row)
    except Exception:  # noqa: BLE001 - whatever is wrong with one change must not keep the others from their readers
        return broken(change.id, change.kind, section_of(change), wording)


def correction(change: Change, wrong: Change, wording: Wording, web: WebSettings) -> Item:
    """The item that takes back what was told as ``wrong``."""
    told = item_of(wrong, wording, web)
    day = wording.day(wrong.detected_at)
    return replace(
        broken(change.id, change.kind, Section.CORRECTIONS, wording),
        headline=one_line(wording.words.correction.format(headline=told.headline), _HEADLINE),
        sentence=one_line(wording.words.correction_why.format(day=day, reason=shown(change.reason)), 600),
        uri=told.uri,
        gone=told.gone,
        observed_at=None,
        importance=change.importance,
        broken=False,
    )


def broken(change_id: str, kind: str, section: Section, wording: Wording) -> Item:
    """The item that stands in for one that cannot be shown."""
    sentence = wording.words.broken.format(id=change_id)
    return Item(
        id=change_id,
        kind=kind,
        section=section,
        subject=change_id,
        headline=sentence,
        broken=True,
    )


def section_of(change: Change) -> Section:
    """The section a change is told in; what is minor stands last, whatever it is."""
    family = change.kind.partition(".")[0]
    if change.minor and family != "source":
        return Section.SMALL
    return _SECTIONS.get(family, Section.PAGES)


def seminar_facts(row: SeminarRow, wording: Wording) -> SeminarFacts:
    """A seminar of the register, ready to read."""
    return SeminarFacts(
        title=one_line(row.title, _HEADLINE),
        uri=web_link(row.uri),
        when=wording.span(row.start, row.end),
        city=one_line(row.city or ""),
        state=_state(row.state, wording),
        substitute=one_line(row.substitute),
        quote=one_line(row.quote, 400),
        contradictions=contradictions(row.conflicts, wording),
    )


def contradictions(conflicts: Sequence[Conflict], wording: Wording) -> tuple[Contradiction, ...]:
    """What sources say against each other, with values ready to read."""
    return tuple(
        Contradiction(
            field=wording.words.fields.get(conflict.field, one_line(conflict.field)),
            values=tuple((_value(conflict.field, value, wording), web_link(uri)) for value, uri in conflict.values),
        )
        for conflict in conflicts
    )


def _item(change: Change, wording: Wording, web: WebSettings, row: SeminarRow | None) -> Item:
    seminar = _seminar(change, wording, row) if change.kind.startswith("seminar.") else None
    sentence = shown(change.summary) if wording.words.locale == "de" else _sentence(change, wording)
    base = web.base_url.rstrip("/")
    item = Item(
        id=change.id,
        kind=change.kind,
        section=section_of(change),
        subject=shown(change.subject),
        headline=one_line(_headline(change, seminar, wording), _HEADLINE),
        sentence=one_line(sentence, 600),
        uri=web_link(change.uri),
        gone=change.kind in _GONE,
        archived=archived(base, change.uri, change.observed_at),
        comparison=f"{base}/change/{change.id}" if base and _has_before(change) else "",
        observed_at=change.observed_at,
        seminar=seminar,
        teaser=_teaser(change),
        passages=_passages(change),
        places=_places(change),
        importance=change.importance,
    )
    return replace(item, sentence="") if _letters(item.sentence) == _letters(item.headline) else item


def _has_before(change: Change) -> bool:
    """Whether there is anything to compare: a text, or the facts of a seminar or a notice."""
    return change.version_before is not None or change.before is not None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold().removeprefix("neue")


def _sentence(change: Change, wording: Wording) -> str:
    return wording.words.sentences.get(change.kind, change.summary)


def _headline(change: Change, seminar: SeminarFacts | None, wording: Wording) -> str:
    words = wording.words
    title = one_line(change.title) or _tail(change.uri)
    if seminar is not None:
        return _seminar_headline(change, seminar, wording)
    if change.kind.startswith("notice."):
        text = _text(change.after) or _text(change.before) or title
        return words.headlines[change.kind].format(text=one_line(text.replace("\n", " – "), _NOTICE_WORDS))
    if len(change.uris) > 1 and change.kind in words.headlines_many:
        whole = _get(change.facts, "section") and change.kind in words.headlines_section
        return (words.headlines_section if whole else words.headlines_many)[change.kind].format(n=len(change.uris))
    pattern = words.headlines.get(change.kind)
    return pattern.format(title=title, source=change.source) if pattern else change.summary or title


def _seminar_headline(change: Change, facts: SeminarFacts, wording: Wording) -> str:
    words = wording.words
    if change.kind == "seminar.changed":
        return _seminar_change(change, facts, wording)
    state = _get(change.after, "state")
    if state == "reported":
        return words.seminar_reported.format(title=facts.title)
    if state in _OFF:
        return _off(state, facts, wording).format(title=facts.title, when=facts.when)
    details = ", ".join(part for part in (facts.when, facts.city) if part)
    return words.headlines["seminar.new"].format(title=facts.title) + (f", {details}" if details else "")


def _seminar_change(change: Change, facts: SeminarFacts, wording: Wording) -> str:
    """What weighs most of a changed seminar: that it is off, its date, contradictions, its place."""
    words, before = wording.words, change.before
    state, old_when = _get(change.after, "state"), wording.span(_get(before, "start"), _get(before, "end"))
    pattern = words.headlines["seminar.changed"]
    if state != _get(before, "state") and state in words.seminar_state and state != "announced":
        pattern = _off(state, facts, wording)
    elif state == "postponed" and old_when and not facts.when and not facts.contradictions:
        pattern = words.seminar_state[state]
    elif facts.when and facts.when != old_when:
        pattern = _dating(change, wording)
    elif old_when and not facts.when and facts.contradictions:
        pattern = words.seminar_disputed
    elif facts.city and facts.city != one_line(_get(before, "city") or ""):
        pattern = words.seminar_city
    return pattern.format(title=facts.title, when=facts.when, city=facts.city)


def _off(state: str, facts: SeminarFacts, wording: Wording) -> str:
    """The headline of what does not take place as announced; a new date says more than that it was put off."""
    return wording.words.seminar_moved if state == "postponed" and facts.when else wording.words.seminar_state[state]


def _dating(change: Change, wording: Wording) -> str:
    """Whether a date was moved, was fixed for the first time, or was only put right after the event."""
    words = wording.words
    old, new = _get(change.before, "start") or "", _get(change.after, "start") or ""
    if not old or (len(old) < len(new) and new.startswith(old)):
        return words.seminar_dated
    return words.seminar_corrected if is_past(change, wording.local(change.observed_at)) else words.seminar_moved


def _seminar_name(change: Change) -> str:
    """The name, as "23. Arbeits- und Sozialseminar": a page's own title says more, but seldom in a subject's width."""
    number, series = _get(change.after, "number"), _get(change.after, "series")
    if series and number is not None:
        return one_line(f"{number}. {series}", 90)
    return one_line(_get(change.after, "title") or change.title or change.subject, 90)


def _seminar(change: Change, wording: Wording, row: SeminarRow | None) -> SeminarFacts:
    """The seminar as the change found it; quote and conflicts from the register where the change brings none."""
    after = change.after
    state = _get(after, "state") or ""
    return SeminarFacts(
        title=_seminar_name(change),
        uri=web_link(change.uri),
        when=wording.span(_get(after, "start"), _get(after, "end")),
        city=one_line(_get(after, "city") or ""),
        state=_state(state, wording),
        substitute=one_line(_get(after, "substitute") or (row.substitute if row else "")),
        quote=one_line(_get(change.facts, "quote") or (row.quote if row else ""), 400),
        contradictions=contradictions(_conflicts(change, row), wording),
    )


def _conflicts(change: Change, row: SeminarRow | None) -> Sequence[Conflict]:
    stated = _get(change.facts, "conflicts")
    if stated is None:
        return row.conflicts if row else ()
    return [
        Conflict(field=one["field"], values=tuple((value["value"], value["uri"]) for value in one["values"]))
        for one in stated
    ]


def is_past(change: Change, today: date) -> bool:
    """Whether a seminar change speaks of something that is over: by its last day, or because it is a report."""
    after = change.after
    if _get(after, "state") in {"reported", "held"}:
        return True
    disputed = [value for one in _conflicts(change, None) if one.field in {"start", "end"} for value, _ in one.values]
    days = [day for day in (_get(after, "end") or _get(after, "start"), *disputed) if day]
    if days:
        return all(ended(day, today) for day in days)
    year = _get(change.facts, "year")
    return isinstance(year, int) and year < today.year


def ended(last: str, today: date) -> bool:
    """Whether an ISO day or month lies before today."""
    return last < today.isoformat()[: len(last)]


def _state(state: str, wording: Wording) -> str:
    return wording.words.states.get(state, one_line(state))


def _value(field: str, value: str, wording: Wording) -> str:
    if field in {"start", "end"}:
        return wording.span(value, None)
    if field in {"dates", "date"} and "/" in value:
        start, _, end = value.partition("/")
        return wording.span(start, end)
    return _state(value, wording) if field == "state" else one_line(value)


def _passages(change: Change) -> tuple[Any, ...]:
    """What changed: the diff that detection gives, or the two texts compared."""
    if blocks := _get(change.facts, "diff"):
        return of_diff(blocks)
    if change.kind == "notice.changed" or (change.kind == "page.changed" and isinstance(change.before, str)):
        return of_texts(_text(change.before), _text(change.after))
    posted = _text(change.after) if change.kind == "notice.posted" else ""
    told = posted and _letters(posted) in _letters(change.summary)
    return () if told else of_texts("", posted)


def _teaser(change: Change) -> str:
    teaser = one_line(_get(change.facts, "teaser") or "", 400)
    return "" if _letters(teaser) in _letters(change.title) else teaser


def _places(change: Change) -> tuple[Place, ...]:
    """The addresses an item names besides its own: the old one of a move, linking pages, attachments, all pages."""
    titles = {
        uri: title for title, uri in (*_rows(change, "titles"), *_rows(change, "pages"), *_rows(change, "documents"))
    }
    if change.kind == "page.moved" and isinstance(change.before, str) and len(change.uris) <= 1:
        return (_place("old", change.before, ""),)
    if change.kind.startswith("document."):
        named = [uri for uri in change.uris if web_link(uri) != web_link(change.uri)]
        return tuple(_place("linked", uri, titles.get(uri, "")) for uri in named)
    if attached := _get(change.facts, "attachments"):
        return tuple(_place("attached", one["uri"], one["label"]) for one in attached)
    if len(change.uris) > 1 and not change.kind.startswith(("notice.", "source.", "seminar.")):
        return tuple(_place("page", uri, titles.get(uri, "")) for uri in change.uris)
    return ()


def _place(label: str, uri: str, title: str) -> Place:
    return Place(label=label, uri=web_link(uri) or shown(uri), title=one_line(title, 120))


def _rows(change: Change, name: str) -> list[list[str]]:
    """Pairs of title and address that detection gives; under the same name it may give a number instead."""
    rows = _get(change.facts, name)
    return rows if isinstance(rows, list) else []


def _text(facts: Any) -> str:
    text = facts.get("text") if isinstance(facts, Mapping) else facts
    return shown(text) if isinstance(text, str) else ""


def _get(facts: Any, name: str) -> Any:
    return facts.get(name) if isinstance(facts, Mapping) else None


def _tail(uri: str) -> str:
    return uri.rstrip("/").rpartition("/")[2] or uri
