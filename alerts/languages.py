"""The languages a message can be written in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from alerts.english import ENGLISH
from alerts.german import GERMAN
from alerts.model import Language
from alerts.wording import Wording

_WORDS = {"de": GERMAN, "en": ENGLISH}


def wording(language: Language, zone: ZoneInfo) -> Wording:
    """Return the words of a language for readers who live by a zone's days."""
    return Wording(words=_WORDS[language], zone=zone)
