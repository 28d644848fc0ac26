"""A section of an authority's site: pages as HTML, read by the reader that reads all pages."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache

from extractors.model import Answer, Hints, Outcome, Page, Reading
from extractors.read import read

HOST = "https://amt.example"
START = f"{HOST}/fachbereich/"
SECTIONS = 50  # pages that list others, so that lists are as long as on real sites (100 entries for 5,000 pages)
PARAGRAPHS = 16  # as many blocks as a page of the Berlin section has (14 to 20)
HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: "%d"\r\n\r\n'
REQUEST = b"GET / HTTP/1.1\r\nHost: amt.example\r\nAccept-Encoding: identity\r\n\r\n"

_WORDS = [
    "Antrag",
    "Auskunft",
    "Bescheid",
    "Bezirk",
    "Formular",
    "Frist",
    "Gebühr",
    "Genehmigung",
    "Hinweis",
    "Leistung",
    "Nachweis",
    "Person",
    "Prüfung",
    "Stelle",
    "Unterlage",
    "Verfahren",
    "Verordnung",
    "Vorlage",
    "Wohnung",
    "Zustellung",
    "Beratung",
    "Einrichtung",
    "Mitarbeit",
    "Anzeige",
]
_TAILS = (
    "ist schriftlich bei der zuständigen Stelle einzureichen.",
    "wird innerhalb der gesetzlichen Frist bearbeitet.",
    "kann persönlich oder durch eine bevollmächtigte Person gestellt werden.",
    "richtet sich nach den Vorschriften des Landes und des Bundes.",
    "liegt in den Räumen des Amtes zur Einsicht aus.",
)
_NOTICE = '<div role="alert" class="meldung"><h2>Hinweis</h2><p>{}</p></div>'
NOTICE = "Das Amt ist wegen einer Störung der Heizung bis auf Weiteres für den Besuch geschlossen."


# What a template calls itself: in words, since other numbers round a text are no event.
_LOOKS = ("ohne Bild", "in Blau", "in Grün", "in Rot", "in Grau", "in Gelb", "in Braun", "in Weiß", "in Violett")


@dataclass(frozen=True, slots=True)
class State:
    """What one page shows: which edition of its text, and what all pages of the site have round it."""

    number: int
    edition: int = 0
    notice: bool = False
    template: int = 0


def uri(number: int) -> str:
    """The address of one page; 0 is the start page, the next ones list the others."""
    if number == 0:
        return START
    kind = "thema" if number <= SECTIONS else "leistung"
    return f"{START}{kind}-{number}/"


def body(state: State, pages: int) -> bytes:
    """One page as it is sent."""
    title, lines = _words(state)
    items = "".join(f'<li><a href="{uri(n)}">Zur Seite {n}</a></li>' for n in _listed(state.number, pages))
    menu = "".join(f'<li><a href="{uri(n)}">Thema {n}</a></li>' for n in range(1, min(20, pages)))
    year = 2020 + state.template
    bar = f"<p>Auftritt {_LOOKS[state.template % len(_LOOKS)]}</p>" if state.template else ""
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<header><p>Landesamt für Muster und Beispiele</p>{bar}<nav><ul>{menu}</ul></nav></header>"
        f"{_NOTICE.format(NOTICE) if state.notice else ''}"
        f"<main><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in lines)}<ul>{items}</ul></main>"
        f"<footer><p>Landesamt für Muster und Beispiele, Turmstraße 21, 10559 Berlin</p><p>Stand {year}</p></footer>"
        "</body></html>"
    ).encode()


def _words(state: State) -> tuple[str, list[str]]:
    """Title and paragraphs of a page."""
    dice = random.Random(state.number)
    title = f"{dice.choice(_WORDS)} und {dice.choice(_WORDS)} {state.number}"
    lines = [_sentence(dice, state.number) for _ in range(PARAGRAPHS)]
    if state.edition:
        lines[dice.randrange(PARAGRAPHS)] = (
            f"Die Frist zu Vorgang {state.number} endet mit der {state.edition}. Verlängerung."
        )
    return title, lines


def _sentence(dice: random.Random, number: int) -> str:
    return (
        f"{dice.choice(_WORDS)} {dice.randrange(1000)} zu Vorgang {number}: {dice.choice(_WORDS)} {dice.choice(_TAILS)}"
    )


def _listed(number: int, pages: int) -> range:
    """The start page lists the topics, each topic its share of the others."""
    if number == 0:
        return range(1, min(SECTIONS + 1, pages))
    return range(SECTIONS + number, pages, SECTIONS) if number <= SECTIONS else range(0)


class Reader:
    """Reads one page of each template with all that stands round the text, and gives the others their own words.

    Reading 5,000 pages several times takes minutes and is no part of what is measured; :meth:`check` proves that the
    short cut gives what reading gives.
    """

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self._sample = cache(self._read)

    def reading(self, state: State) -> Reading:
        """What the reader makes of a page in some state."""
        if state.number <= SECTIONS:
            return self._sample(state)
        sample = self._sample(replace(state, number=SECTIONS + 1, edition=0))
        title, lines = _words(state)
        blocks = [replace(block, text=line) for block, line in zip(_page(sample).blocks, lines, strict=True)]
        return replace(sample, page=replace(_page(sample), uri=uri(state.number), title=title, blocks=tuple(blocks)))

    def check(self) -> None:
        """Read some pages whole."""
        for number in (SECTIONS + 2, self.pages - 1):
            for state in (
                State(number),
                State(number, edition=3),
                State(number, notice=True),
                State(number, template=1),
            ):
                if self._read(state) != self.reading(state):
                    raise RuntimeError(f"the short cut differs from the reading of {state}")

    def _read(self, state: State) -> Reading:
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        found = read(Answer(uri=uri(state.number), status=200, headers=headers, body=body(state, self.pages)), Hints())
        if found.outcome is not Outcome.OK:
            raise RuntimeError(f"{uri(state.number)} was not read as a page: {found.outcome} {found.rule}")
        return found


def _page(reading: Reading) -> Page:
    if reading.page is None:
        raise RuntimeError("a page was read as none")
    return reading.page
