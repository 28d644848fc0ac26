"""What words say has become of a seminar: announced, reported, cancelled, postponed, replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from extractors.dates import MONTH_NAMES
from extractors.patterns import Pattern

# Longer "sentences" are lists without full stops, of which the beginning tells what they are about.
_SENTENCE = 2_000

# The sentences of a page are looked at once for each seminar it names.
_kept = lru_cache(maxsize=4096)

_SEASON = "|".join((*MONTH_NAMES, "Frühjahr", "Sommer", "Herbst", "Winter"))
_CANCELLED = Pattern(
    r"(?<!nicht )\b(?:abgesagt|absage[n]?|absagen müssen|entfällt|entfallen|ausgefallen|ausfallen|"
    r"fällt\b.{0,200}?\baus|(?:finde[nt]|fand(?:en)?)\b.{0,200}?\bnicht statt|"
    r"nicht\b(?! nur).{0,120}?\b(?:stattfinden|durchgeführt werden)|cancelled)\b",
    re.IGNORECASE,
)
_POSTPONED = Pattern(
    r"(?<!nicht )\b(?:verschoben|verschieben|verschiebt|verschiebung|terminverschiebung|vertagt|nachgeholt|nachholen|"
    rf"nicht\b.{{0,120}}?\bsondern\s+(?:erst\s+)?(?:vom|am|im|ab)\s+(?:\d|{_SEASON})|"
    r"(?:auf|in)\s+(?:de[nm]|das|die|\d|[A-ZÄÖÜ]).{0,200}?\bverlegt|verlegt\s+auf)\b",
    re.IGNORECASE,
)
# "Nachdem es verschoben worden war, …": an earlier postponement, told on the way to something else.
_BEFOREHAND = Pattern(
    r"\b(?:verschoben(?:e[snrm]?)?\s+worden\s+(?:war|ist|sei)|(?:war|waren)\b[^;]{0,80}?\bverschoben worden|"
    r"(?:zunächst|bereits|schon)\b[^;]{0,80}?\bverschobene\w*)\b",
    re.IGNORECASE,
)
_OPEN = Pattern(
    r"\b(?:auf unbestimmte zeit|bis auf weiteres|"
    r"(?:neue[rsn]?|genaue[rsn]?)\s+(?:termin|datum|zeitpunkt|zeitraum)\b[^;]{0,80}?\b(?:noch|folgt|offen|rechtzeitig|gesondert|bekannt)|termin\b[^;]{0,80}?\boffen)\b",
    re.IGNORECASE,
)
_PERHAPS = Pattern(r"^(?:sollte[n]?|falls|wenn|sofern)\b", re.IGNORECASE)
_WAS_TO_BE = Pattern(
    r"\b(?:ursprünglich\w*|bisherig\w*|alter termin|zunächst|eigentlich|"
    r"(?:sollte[n]?|hätte[n]?)\b.{0,200}?\b(?:stattfinden|stattgefunden|tagen)|"
    r"(?:war|waren)\b.{0,200}?\b(?:geplant|vorgesehen|angesetzt|angekündigt))\b",
    re.IGNORECASE,
)
_TO_COME = Pattern(
    r"\b(?:wird|werden|soll|sollen)\b.{0,200}?\b(?:durchgeführt|ausgerichtet|veranstaltet|stattfinden|abgehalten)\b",
    re.IGNORECASE,
)
_HELD = Pattern(r"\b(?:fand(?:en)?|stattgefunden|tagte[n]?|führte[n]?\b.{0,200}?\bdurch|erfolgreich abgeschlossen)\b")
_REPORTED = Pattern(
    r"\b(?:führte[n]?|fand(?:en)?|nahm(?:en)?|tagte[n]?|trafen?|erfolgreich abgeschlossen|stattgefunden|durchgeführt|"
    r"erweiterte|beteiligte[n]?|informierte[n]?|einigten|würdigte[n]?|eröffnete[n]?|berichtete[n]?|tauschten|konnten?|"
    r"traten?|rückblick|bericht|took place)\b",
    re.IGNORECASE,
)
_ANNOUNCED = Pattern(
    r"\b(?:findet|finden|stattfinden|wird|werden|lädt|laden|einladung|geplant|anmeldung|anmelden|bevorstehend\w*|"
    r"vorgesehen|ankündigung|beginnt|takes place|will)\b",
    re.IGNORECASE,
)

_INSTEAD = Pattern(
    r"(?:[Aa]ustausch\s+(?:von\s+|der\s+)?schriftliche\w*\s+\w+|schriftliche\w*\s+(?:\w+\s+)?\w*[aA]ustausch\w*|"
    r"tausch\w+\b.{0,200}?\bschriftlich\w*(?:\s+[A-ZÄÖÜ]\w+)?|schriftlich\w*\s+(?:\w+\s+){0,2}?ausgetauscht|"
    r"(?:digitale\w*|virtuelle\w*)\s+\w*(?:[aA]ustausch|[tT]reffen|[sS]eminar|[kK]onferenz)\w*|Videokonferenz\w*|Online-\w+)"
)
# Words by which one thing takes the place of another; with what took it in the same sentence or the next.
_TOOK_ITS_PLACE = Pattern(
    r"\b(?:ersetzt\w*|anstelle|an (?:die|seine|deren|ihre) stelle|anstatt|statt (?:des|der|eines|dessen)|"
    r"stattdessen)\b",
    re.IGNORECASE,
)

# "An seine Stelle trat ein Austausch in Briefen": whatever it was, if the sentence before says that the seminar was
# off; by itself it may be a new head of the office.
_TOOK_PLACE_OF_IT = Pattern(
    r"\ban (?:seine|ihre|deren|dessen) stelle\s+(?:trat(?:en)?|tritt|treten)\s+"
    r"(?:(?:nun|daher|deshalb|dafür|dann|\d{4})\s+){0,2}(?:eine?\s+)?([^.;:!?]{3,120})",
    re.IGNORECASE,
)


def state_of(told: Sequence[str], beside: Iterable[str]) -> str:
    """The state that the sentences about a seminar tell; where they leave it open, by the words beside them.

    ``told`` speaks of the seminar, nearest to its name first; ``beside`` stands in the same text. "" if no word says.
    """
    lines = [line[:_SENTENCE] for line in told if not _PERHAPS.match(line)]
    if any(_replaces(line, following) for line, following in zip(lines, [*lines, ""][1:], strict=True)):
        return "replaced"
    if any(postpones(line) for line in lines) and not any(_HELD.search(line) and not postpones(line) for line in lines):
        return "postponed"
    if any(_cancels(line) for line in lines):
        return "cancelled"
    for line in (*lines, *(text[:_SENTENCE] for text in beside)):
        if _REPORTED.search(line) and not _TO_COME.search(line):
            return "reported"
        if _ANNOUNCED.search(line):
            return "announced"
    return ""


@_kept
def postpones(line: str) -> bool:
    """True for a sentence that puts off what it speaks of, now and not formerly."""
    line = line[:_SENTENCE]
    return bool(_POSTPONED.search(line)) and not _BEFOREHAND.search(line) and not _PERHAPS.match(line)


@_kept
def tells_fate(line: str) -> bool:
    """True for a sentence by which what it speaks of does not take place as announced."""
    return postpones(line) or leaves_open(line) or _cancels(line) or bool(_TOOK_ITS_PLACE.search(line[:_SENTENCE]))


@_kept
def leaves_open(line: str) -> bool:
    """True for a sentence by which there is no date for now."""
    return bool(_OPEN.search(line[:_SENTENCE]))


@_kept
def was_to_be(line: str) -> bool:
    """True for a sentence about what was planned and is so no more."""
    return bool(_WAS_TO_BE.search(line[:_SENTENCE]))


def instead(texts: Iterable[str]) -> str:
    """What took the seminar's place, in the words of the first text that says it; else ""."""
    lines = tuple(texts)
    return next((match.group() for text in lines if (match := _INSTEAD.search(text))), "") or _successor(lines)


def _successor(lines: Sequence[str]) -> str:
    """What took the place of something that the same sentence, or the one before, says did not take place."""
    for before, line in zip(("", *lines), lines, strict=False):
        match = _TOOK_PLACE_OF_IT.search(line[:_SENTENCE])
        if match and any(_cancels(one) or postpones(one) for one in (before, line)):
            return match[1].strip()
    return ""


@_kept
def _cancels(line: str) -> bool:
    line = line[:_SENTENCE]
    return bool(_CANCELLED.search(line)) and "sondern" not in line


def _replaces(line: str, following: str) -> bool:
    return bool(_TOOK_ITS_PLACE.search(line) and instead((line,))) or bool(
        _TOOK_ITS_PLACE.search(following) and instead((line, following)) and (_cancels(line) or postpones(line))
    )
