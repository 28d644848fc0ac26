"""Who asks: in which language they read, and which paths lead on for them."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.languages import wording
from alerts.wording import Wording
from web.addresses import Addresses, Language
from web.settings import Settings

LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One request's reader. ``chosen`` is true where the path names the language."""

    language: Language
    chosen: bool
    words: Wording
    to: Addresses


def visitor(settings: Settings, path_language: str, accepted: str) -> Visitor:
    """The reader of a request: the language of its path, else of ``Accept-Language``, else German."""
    chosen = _known(path_language)
    language = chosen or preferred(accepted)
    return Visitor(
        language=language,
        chosen=chosen is not None,
        words=wording(language, settings.zone),
        to=Addresses(settings.mount, chosen or ""),
    )


def preferred(accepted: str) -> Language:
    """The language of ours that an ``Accept-Language`` asks for most (RFC 9110 §12.5.4); German if none."""
    best: tuple[float, Language] | None = None
    for part in accepted[:1000].split(","):
        tag, _, rest = part.partition(";")
        found = _known(tag.strip().lower().partition("-")[0])
        weight = _weight(rest)
        if found and weight > 0 and (best is None or weight > best[0]):
            best = (weight, found)
    return best[1] if best else "de"


def _known(name: str) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
