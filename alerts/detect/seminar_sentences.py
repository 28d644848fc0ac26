"""The German sentences that tell of seminars, and how much a change of one weighs."""

from __future__ import annotations

import re

from alerts.detect.sentences import cut, quote, span
from extractors import dates
from storage.records import SeminarRow

_SEMINAR = re.compile(r"(seminar)\b", re.IGNORECASE)


def name_of(number: int | None, series: str, year: int | None, *, genitive: bool = False) -> str:
    """Return "23. Arbeits- und Sozialseminar", or "Seminar 2020" for a year's substitute; no article."""
    name = f"{number}. {series}" if number is not None else f"{series} {year}" if year is not None else series
    return _SEMINAR.sub(r"\1s", name, count=1) if genitive else name


def entered(row: SeminarRow) -> str:
    """Return the sentence for a seminar as the register has it, new or newly reported."""
    name = name_of(row.number, row.series, row.year)
    place = f" in {cut(row.city, 60)}" if row.city else ""
    if row.substitute and row.number is None:
        return f"Anstelle eines Seminars ({name}): {cut(row.substitute).rstrip('.')}."
    if row.state in {"cancelled", "postponed", "replaced"}:
        return f"Das {name} {_fate(row)}."
    if row.state == "reported":
        when = f" {_when(row.start, row.end)}" if row.start else ""
        if when or place:
            return f"Bericht über das {name}: Es fand{when}{place} statt."
        return f"Es gibt einen Bericht über das {name}."
    if row.start:
        return f"Das {name} ist {_for(row.start, row.end)}{place} angekündigt."
    where = f", Ort: {cut(row.city, 60)}" if row.city else ""
    return f"Das {name} ist angekündigt{where}; ein Termin ist noch nicht genannt."


def _fate(row: SeminarRow) -> str:
    if row.state == "cancelled":
        return "ist abgesagt"
    if row.state == "replaced":
        return "wurde durch einen anderen Austausch ersetzt" + (f": {quote(row.substitute)}" if row.substitute else "")
    if not row.start:
        return "wurde verschoben; ein neuer Termin steht noch nicht fest"
    return f"wurde verschoben; neuer Termin: {span(row.start, row.end)}" + (
        f" in {cut(row.city, 60)}" if row.city else ""
    )


def _moved(
    names: tuple[str, str], before: tuple[str | None, str | None], after: tuple[str | None, str | None], past: bool
) -> str:
    """Return the sentence for a seminar whose days changed; ``names`` are its nominative and genitive."""
    name, of_name = names
    if not after[0]:
        return f"Für das {name} ist kein Termin mehr genannt."
    if not before[0]:
        return f"Der Termin des {of_name} steht fest: {span(*after)}."
    if past:
        return f"Das Datum des {of_name} wurde berichtigt: {span(*after)} statt {span(*before)}."
    if len(before[0]) < len(after[0]) and after[0].startswith(before[0]):
        return f"Der Termin des {of_name} steht fest: {span(*after)}."
    return f"Das {name} wurde {_from(before, after)} {_onto(*after)} verschoben."


def _city(of_name: str, before: str | None, after: str | None) -> str:
    """Return the sentence for a seminar that takes place elsewhere; ``of_name`` is its genitive."""
    if before and after:
        return f"Der Ort des {of_name} hat sich geändert: {cut(after, 60)} statt {cut(before, 60)}."
    return (
        f"Der Ort des {of_name} steht fest: {cut(after, 60)}."
        if after
        else f"Der Ort des {of_name} ist nicht mehr genannt."
    )


def _disputed(name: str, field: str, values: list[str]) -> str:
    """Return the sentence for a seminar on which pages contradict each other."""
    what = {"start": "Beginn", "end": "Ende", "city": "Ort"}.get(field, field)
    said = [cut(value, 60) if field == "city" else dates.german(value) for value in dict.fromkeys(values)]
    return f"Zum {name} widersprechen sich die Angaben: {what} {' oder '.join(said)}."


def _when(start: str, end: str | None) -> str:
    if len(start) == 4:
        return f"im Jahr {span(start, end)}"
    if len(start) == 7:
        return f"im {span(start, end)}"
    return f"am {span(start, end)}" if end in {None, start} else f"vom {span(start, end)}"


def _for(start: str, end: str | None) -> str:
    if len(start) == 4:
        return f"für das Jahr {span(start, end)}"
    return f"für {span(start, end)}" if len(start) == 7 else f"für den {span(start, end)}"


def _from(before: tuple[str | None, str | None], after: tuple[str | None, str | None]) -> str:
    line = span(*before)
    if (after[0] or "")[:4] == (before[0] or "")[:4] and len(before[0] or "") == 10:
        line = re.sub(rf"\s+{(before[0] or '')[:4]}$", "", line)
    return f"von {line}" if len(before[0] or "") <= 7 else f"vom {line}"


def _onto(start: str | None, end: str | None) -> str:
    return f"auf {span(start, end)}" if len(start or "") <= 7 else f"auf den {span(start, end)}"


def weight(fields: list[str], disputed: set[str], minor: bool, state: str) -> tuple[int, str]:
    """How much a change weighs (0 to 100), and why, in words for readers."""
    if disputed:
        return 75, "Widerspruch zwischen Quellen"
    if state == "postponed" and {"start", "end", "state"} & {*fields}:
        return 95, "Verschoben"
    if "start" in fields or "end" in fields:
        return 95, "Datum geändert"
    if "city" in fields:
        return 92, "Ort geändert"
    if "state" in fields:
        return 88, "Stand geändert"
    return (20, "Kleine Korrektur im Titel") if minor else (60, "Titel geändert")


def changed(before: SeminarRow, after: SeminarRow, fields: list[str], disputed: set[str]) -> str:
    """Return the sentence for what changed of a seminar: the weightiest of it where several things did."""
    name = name_of(after.number, after.series, after.year)
    of_name = name_of(after.number, after.series, after.year, genitive=True)
    if disputed:
        first = next(conflict for conflict in after.conflicts if conflict.field in disputed)
        return _disputed(name, first.field, [value for value, _ in first.values])
    spans = (before.start, before.end), (after.start, after.end)
    redated = after.start is not None and spans[0] != spans[1]
    if "state" in fields and (told := _state_sentence(name, before, after, redated=redated)):
        return told
    if {"start", "end"} & {*fields} and after.state == "postponed" and not after.start:
        return entered(after)
    if {"start", "end"} & {*fields}:
        return _moved((name, of_name), *spans, after.state == "reported")
    if "city" in fields:
        return _city(of_name, before.city, after.city)
    return f"Der Titel des {of_name} lautet jetzt {quote(after.title)}."


def _state_sentence(name: str, before: SeminarRow, after: SeminarRow, *, redated: bool) -> str:
    """The sentence for a seminar that stands otherwise than before; "" where its new date says it."""
    if redated and (after.state == "announced" or (after.state == "postponed" and before.start)):
        return ""
    if after.state == "cancelled":
        return f"Das {name} wurde abgesagt."
    if after.state == "announced":
        again = before.state in {"cancelled", "replaced"}
        return f"Das {name} soll nun doch stattfinden." if again else f"Das {name} ist jetzt angekündigt."
    return entered(after)
