"""Trafilatura's opinion on which text of a page is the main one; the only file that knows it."""

from __future__ import annotations

import logging
from functools import cache
from importlib import metadata

from extractors.text import fold

# Trafilatura's time grows faster than the page: 20,000 paragraphs took 1.0 s, 60,000 took 10.4 s, 1.9 MB of
# attributes more than 90 s. Beyond these bounds the full reading is good enough.
MAX_TAGS = 40_000  # opening and closing ones: 20,000 elements
MAX_CHARS = 2_000_000


# Trafilatura's fast mode takes one container; where that holds less than this part of the page's open text, its
# slower mode looks again (a page of umweltbundesamt.de: 315 against 4,022 characters). The part is our choice.
FAST_SHARE = 0.5


def main_lines(markup: str, open_chars: int) -> tuple[str, ...]:
    """Return the lines that Trafilatura takes for main text, in comparison form; () if it finds none.

    ``open_chars`` is the length of all text of the page that could be main text.
    """
    if len(markup) > MAX_CHARS or markup.count("<") > MAX_TAGS:
        return ()
    lines = _extract(markup, fast=True)
    if sum(map(len, lines)) < FAST_SHARE * open_chars:
        lines = max(lines, _extract(markup, fast=False), key=lambda found: sum(map(len, found)))
    return lines


@cache
def version() -> str:
    """Return Trafilatura's version: another one may be of another opinion."""
    return metadata.version("trafilatura")


def _extract(markup: str, *, fast: bool) -> tuple[str, ...]:
    # Imported here because it takes half a second and 40 MB, which a source with a page object never needs.
    import trafilatura  # noqa: PLC0415

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # that it finds nothing is an answer, no warning
    text = trafilatura.extract(
        markup,
        fast=fast,
        favor_recall=True,
        include_comments=False,
        deduplicate=False,  # its memory is the process's: the fourth reading of a page would lose half its text
    )
    return tuple(filter(None, (fold(line.strip("-|*# \t")) for line in (text or "").splitlines())))
