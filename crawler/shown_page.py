"""A page for people: what was read, and for each visible block which rule kept or dropped it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from crawler import rules
from crawler.output import Output, one_line
from extractors.model import Page, PageKind, Part, Reading, Shown

_KIND = 10  # columns; the longest kind of block has 9 letters
_FATES = {
    Part.TITLE: "kept as the title",
    Part.TEXT: "kept as main text",
    Part.NOTICE: "kept as a notice",
    Part.DOCUMENT: "kept as a document",
    Part.NOTHING: "dropped",
}


def show(out: Output, reading: Reading) -> None:
    """What was read, without the text."""
    meaning = rules.of_outcome(reading.rule)
    out.say(f"outcome:   {reading.outcome} ({reading.rule}{f': {meaning}' if meaning else ''})")
    if reading.detail:
        out.say(f"detail:    {one_line(reading.detail)}")
    page = reading.page
    if page is None:
        return
    out.say(f"title:     {one_line(page.title)}")
    language = f"language {page.language}" if page.language else "language not stated"
    out.say(f"read by:   {page.extractor} {page.extractor_version}; {page.kind}, {language}")
    for date in page.dates:
        out.say(f"date:      {date.day.isoformat()} ({date.role}: {one_line(date.quote)})")
    for notice in page.notices:
        out.say(f"notice:    {one_line(notice.text)}")
    for document in page.attachments:
        size = f" ({document.size})" if document.size else ""
        out.say(f"document:  {one_line(document.label)}{size} {document.uri}")
    for feed in page.feeds:
        out.say(f"feed:      {feed}")


def text(out: Output, page: Page) -> None:
    """The main text, one block a line; of a feed the addresses as well."""
    out.say("")
    for block in page.blocks:
        to = f"  {block.links[0].uri}" if page.kind is PageKind.FEED and block.links else ""
        out.say(one_line(block.text) + ("" if block.text in to else to))


def explained(out: Output, reading: Reading) -> None:
    """Every visible block in the order of the page: a plus for kept, a minus for dropped; then the rules in words."""
    for (fate, rule), group in groupby(reading.shown, lambda each: (each.part, each.rule)):
        out.say(f"\n{_FATES[fate]}, by the rule “{one_line(rule)}”:")
        for each in group:
            mark = "-" if fate is Part.NOTHING else "+"
            first, *others = out.wrapped(one_line(each.text), _KIND + 2)
            out.say(f"{mark} {each.kind:{_KIND}}{first}")
            for line in others:
                out.say(f"{'':{_KIND + 2}}{line}")
    out.say("\nThe rules in words:")
    for rule in dict.fromkeys(each.rule for each in reading.shown):
        first, *others = out.wrapped(f"{rule}: {rules.of_block(rule) or 'a rule of its own'}", 4)
        out.say(f"  {first}")
        for line in others:
            out.say(f"    {line}")
    kept, total = counted(reading.shown)
    share = f" ({100 * kept // total} %)" if total else ""
    out.say(f"\nMain text: {kept:,} of the {total:,} characters on the page{share}.")


def counted(shown: Iterable[Shown]) -> tuple[int, int]:
    """How many characters of the full text are main text, and how many there are in all."""
    kept = total = 0
    for each in shown:
        total += len(each.text)
        kept += len(each.text) if each.part is Part.TEXT else 0
    return kept, total


def row(reading: Reading) -> dict[str, Any]:
    """The fields that ``--explain`` adds to a JSON object."""
    kept, total = counted(reading.shown)
    blocks = [
        {"kept": bool(each.part), "part": str(each.part), "rule": each.rule, "kind": str(each.kind), "text": each.text}
        for each in reading.shown
    ]
    return {"blocks": blocks, "main_chars": kept, "full_chars": total}
