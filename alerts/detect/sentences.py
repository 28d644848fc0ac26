"""The one German sentence in which a change says what happened."""

from __future__ import annotations

import unicodedata
from datetime import date

from extractors import dates, text

# What a reader takes in of a quotation at a glance; longer ones are cut at a word.
QUOTE_CHARS = 200
# The longest wording that is quoted on both sides of "heißt jetzt".
SHORT_CHARS = 90


def visible(site_text: str) -> str:
    """Return text with its invisible format characters named ("[U+202E]"), since a reader could not see them."""
    return "".join(
        f"[U+{ord(char):04X}]" if unicodedata.category(char) in {"Cf", "Cc"} and char not in "\n\t" else char
        for char in site_text
    )


def quote(site_text: str, limit: int = QUOTE_CHARS) -> str:
    """Return text from the site in German quotation marks, cut at a word at ``limit`` characters."""
    return f"„{cut(site_text, limit)}“"


def cut(site_text: str, limit: int = QUOTE_CHARS) -> str:
    """Return text from the site in one line, cut at a word at ``limit`` characters."""
    line = visible(text.squash(site_text.replace("\n", " ")))
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def pages(number: int) -> str:
    """Return "1 Seite" or "3 Seiten"."""
    return "1 Seite" if number == 1 else f"{number} Seiten"


def documents(number: int) -> str:
    """Return "1 Dokument" or "3 Dokumente"."""
    return "1 Dokument" if number == 1 else f"{number} Dokumente"


def on_pages(number: int) -> str:
    """Return "auf 1 Seite" or "auf 3 Seiten"."""
    return f"auf {pages(number)}"


def span(start: str | None, end: str | None) -> str:
    """Return a span of days as German readers expect it, "" if there is none."""
    return dates.german(start, end or start) if start else ""


# --- everything else


def notice_posted(wording: str, number: int) -> str:
    """Return the sentence for a new notice."""
    return f"Neuer Hinweis {on_pages(number)}: {quote(wording)}"


def notice_changed(wording: str, number: int) -> str:
    """Return the sentence for a notice with a new wording."""
    return f"Der Hinweis {on_pages(number)} lautet jetzt anders: {quote(wording)}"


def notice_lifted(wording: str, number: int) -> str:
    """Return the sentence for a notice that is no longer there; ``number`` is how many pages showed it."""
    return f"Der Hinweis wurde aufgehoben, er stand {on_pages(number)}: {quote(wording)}"


def press_new(title: str, day: date | None) -> str:
    """Return the sentence for a press release."""
    when = f" vom {dates.german(day.isoformat())}" if day else ""
    return f"Neue Pressemitteilung{when}: {quote(title)}"


def page_added(title: str, alike: int = 0) -> str:
    """Return the sentence for a new page, and for so many more that only count on from it."""
    more = f" und {alike} weitere gleicher Art" if alike else ""
    return f"Neue Seite{'n' if alike else ''}: {quote(title)}{more}"


def pages_moved(titles: tuple[str, ...], changed: bool, to: str) -> str:
    """Return the sentence for pages that have another address now, ``to`` in words for one common place."""
    too = " Dabei wurde der Text geändert." if changed else ""
    if len(titles) == 1:
        return f"Die Seite {quote(titles[0])} hat eine neue Adresse{f': {to}' if to else ''}.{too}"
    return f"{pages(len(titles))} haben neue Adressen{f' unter {to}' if to else ''}.{too}"


def section_moved(number: int, to: str) -> str:
    """Return the sentence for a section whose pages all lead to one new place."""
    return f"Der ganze Bereich ({pages(number)}) ist umgezogen: Alle Adressen führen jetzt zu {to}."


def page_removed(title: str, papers: int) -> str:
    """Return the sentence for a page that is gone for good, with its documents."""
    with_them = f", mit ihr {documents(papers)}" if papers else ""
    return f"Die Seite {quote(title)} wurde entfernt{with_them}."


def section_removed(number: int, papers: int) -> str:
    """Return the sentence for a section that was taken down as a whole."""
    with_them = f" und {documents(papers)}" if papers else ""
    return f"Der ganze Bereich wurde vom Netz genommen: {pages(number)}{with_them}."


def pages_returned(titles: tuple[str, ...], changed: bool) -> str:
    """Return the sentence for pages that can be read again."""
    too = " Der Text ist nicht mehr derselbe." if changed else ""
    if len(titles) == 1:
        return f"Die Seite {quote(titles[0])} ist wieder da.{too}"
    return f"{pages(len(titles))} sind wieder da.{too}"


def noisy(title: str, looks: int) -> str:
    """Return the sentence for a page that is muted because it never holds still."""
    often = f"{looks}-mal nacheinander"
    return f"Die Seite {quote(title, 120)} ändert sich ständig ({often}); sie wird vorerst nicht mehr gemeldet."


def document_added(label: str, size: str, page: str) -> str:
    """Return the sentence for a new document."""
    facts = f" ({size})" if size else ""
    return f"Neues Dokument {quote(label)}{facts}" + (f" auf der Seite {quote(page, 100)}." if page else ".")


def document_changed(label: str, readable: bool) -> str:
    """Return the sentence for a document with another content."""
    if readable:
        return f"Der Inhalt des Dokuments {quote(label)} wurde geändert."
    return f"Das Dokument {quote(label)} wurde durch eine andere Datei ersetzt; ihr Inhalt ließ sich nicht vergleichen."


def document_removed(label: str, served: bool) -> str:
    """Return the sentence for a document that is gone or no longer linked."""
    if served:
        return f"Das Dokument {quote(label)} wird auf keiner Seite mehr angeboten."
    return f"Das Dokument {quote(label)} wurde entfernt."


def blind(hosts: tuple[str, ...], known: int, judged: int) -> str:
    """Return the sentence for a source that cannot be checked."""
    where = " und ".join(hosts) if hosts else "der Website"
    count = f" ({judged} von {pages(known)} lesbar)" if known else ""
    return f"Die Seiten auf {where} lassen sich zurzeit nicht prüfen{count}; Änderungen dort werden nachgemeldet."


def seeing(hosts: tuple[str, ...]) -> str:
    """Return the sentence for a source that can be checked again."""
    where = " und ".join(hosts) if hosts else "der Website"
    return f"Die Seiten auf {where} lassen sich wieder prüfen."


def shared_changed(number: int, before: str, after: str) -> str:
    """Return the sentence for text that many pages share and that changed on all of them."""
    if before and after:
        return f"{_upper(on_pages(number))} wurde derselbe Text geändert: {quote(after)} statt {quote(before)}"
    if after:
        return f"{_upper(on_pages(number))} kam derselbe Text hinzu: {quote(after)}"
    return f"{_upper(on_pages(number))} entfiel derselbe Text: {quote(before)}"


def renamed(before: str, after: str) -> str:
    """Return the sentence for a page that got another title."""
    return f"Die Seite {quote(before, 120)} heißt jetzt {quote(after, 120)}."


def page_changed(title: str, before: str, after: str, counts: tuple[int, int, int]) -> str:
    """Return the sentence for a page whose text changed.

    ``before`` and ``after`` are the wordings of the one place that changed, "" if there are several;
    ``counts`` are the changed, added and removed passages.
    """
    if before and after and len(before) <= SHORT_CHARS and len(after) <= SHORT_CHARS:
        return f"Auf der Seite {quote(title, 120)} heißt es jetzt {quote(after)} statt {quote(before)}."
    changed, added, removed = counts
    verb_parts = [
        part
        for part in (_passages(changed, "geändert"), _passages(added, "ergänzt"), _passages(removed, "entfernt"))
        if part
    ]
    if not verb_parts:
        return f"Auf der Seite {quote(title, 120)} stehen Abschnitte in anderer Reihenfolge."
    number = changed + added + removed
    verb = "wurde" if number == 1 else "wurden"
    extra = ""
    if number == 1 and (after or before):
        extra = f": {quote(after or before)}"
    return f"Auf der Seite {quote(title, 120)} {verb} {_and(verb_parts)}{extra}{'' if extra else '.'}"


def attachments_changed(title: str, lines: list[str]) -> str:
    """Return the sentence for a page whose list of documents reads differently."""
    if len(lines) == 1:
        return f"Auf der Seite {quote(title, 120)} wurde die Angabe zu einem Dokument geändert: {quote(lines[0], 120)}."
    return f"Auf der Seite {quote(title, 120)} wurden die Angaben zu {len(lines)} Dokumenten geändert."


def link_changed(title: str, label: str, target: str, number: int) -> str:
    """Return the sentence for links that lead elsewhere under the same words."""
    if number == 1:
        shown = target.removeprefix("mailto:").removeprefix("tel:")
        return f"Auf der Seite {quote(title, 120)} führt der Link {quote(label, 80)} jetzt zu {cut(shown)}."
    return f"Auf der Seite {quote(title, 120)} führen {number} Links unter denselben Worten zu anderen Adressen."


def _passages(number: int, verb: str) -> str:
    if not number:
        return ""
    return f"{'ein Abschnitt' if number == 1 else f'{number} Abschnitte'} {verb}"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} und {parts[-1]}"


def _upper(line: str) -> str:
    return line[:1].upper() + line[1:]
