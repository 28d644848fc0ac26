"""A page with what should be read from it, as a folder of three files: a test case that is made by a command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from crawler.readers import Received
from extractors.coding import decode
from extractors.heads import fields
from extractors.model import Answer, Block, Hints, Notice, Page, Reading
from extractors.pages.feed import is_feed
from extractors.read import read

CASE, EXPECTED = "case.json", "expected.json"

# What readers look at in a head; the rest is another one's business, and may be private.
_HEADERS = frozenset(
    (
        "content-type",
        "content-length",
        "transfer-encoding",
        "location",
        "retry-after",
        "cf-mitigated",
        "x-amzn-waf-action",
        "rimon",
        "x-sucuri-block",
    )
)
_LARGEST = 256 * 1024**2  # bytes, once the content coding is undone
_SNIFFED = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An answer, what the config says on how to read it, and the reading that is expected, as text."""

    answer: Answer
    hints: Hints
    expected: str


def answer_of(received: Received) -> Answer:
    """An answer as it was received, with its content coding undone and the headers that matter to readers.

    Raises:
        CodingError: for a body that cannot be decoded.
    """
    headers = fields(received.head)
    codings = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    decoded = decode(received.payload, codings, _LARGEST)
    size = str(len(decoded.body))
    kept = tuple(
        (name, size if name.lower() == "content-length" else value)
        for name, value in headers
        if name.lower() in _HEADERS
    )
    return Answer(
        uri=received.uri,
        status=received.status,
        headers=kept,
        body=decoded.body,
        complete=received.complete and decoded.complete,
    )


def save(folder: Path, answer: Answer, hints: Hints, reading: Reading) -> None:
    """Write a page and its reading of today as a case.

    Raises:
        OSError: when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("page.*"):
        old.unlink()
    (folder / f"page{suffix(answer)}").write_bytes(answer.body)
    about: dict[str, Any] = {"address": answer.uri, "status": answer.status, "headers": dict(answer.headers)}
    if not answer.complete:
        about["complete"] = False
    if hints.extractor != "auto":
        about["extractor"] = hints.extractor
    about |= {key: list(held) for key in ("main", "notice", "ignore") if (held := getattr(hints, key))}
    (folder / CASE).write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (folder / EXPECTED).write_text(expectation(reading), "utf-8")


def load(folder: Path) -> Case:
    """Read a case back; without an expectation it is "". Raises OSError or ValueError for a folder that is none."""
    about = json.loads((folder / CASE).read_text("utf-8"))
    (page,) = folder.glob("page.*")
    answer = Answer(
        uri=about["address"],
        status=about.get("status", 200),
        headers=tuple(about.get("headers", {}).items()),
        body=page.read_bytes(),
        complete=about.get("complete", True),
    )
    hints = Hints(
        extractor=about.get("extractor", "auto"),
        main=tuple(about.get("main", ())),
        notice=tuple(about.get("notice", ())),
        ignore=tuple(about.get("ignore", ())),
    )
    expected = folder / EXPECTED
    return Case(answer=answer, hints=hints, expected=expected.read_text("utf-8") if expected.exists() else "")


def check(folder: Path, *, update: bool = False) -> str:
    """Compare what is read today with what is expected: a unified diff, "" where nothing differs.

    With ``update`` today's reading becomes the expectation.
    """
    case = load(folder)
    today = expectation(read(case.answer, case.hints))
    if update:
        (folder / EXPECTED).write_text(today, "utf-8")
        return ""
    lines = unified_diff(case.expected.splitlines(), today.splitlines(), "expected", "read today", lineterm="", n=2)
    return "\n".join(lines)


def expectation(reading: Reading) -> str:
    """What was read, as JSON with one block a line, so that a review shows what became different."""
    facts: dict[str, Any] = {"outcome": str(reading.outcome), "rule": reading.rule}
    if reading.page is not None:
        facts |= _facts(reading.page)
    lines = []
    for name, value in facts.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"    {_plain(row)}" for row in value)
            lines.append(f"  {_plain(name)}: [\n{rows}\n  ]")
        else:
            lines.append(f"  {_plain(name)}: {_plain(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _facts(page: Page) -> dict[str, Any]:
    """The facts of a page that are compared; what it has none of is left out, apart from title and blocks."""
    found: dict[str, Any] = {
        "title": page.title,
        "kind": str(page.kind),
        "language": page.language,
        "read_by": page.extractor,
        "canonical": page.canonical,
        "identity": page.identity,
        "feeds": list(page.feeds),
        "breadcrumb": list(page.breadcrumb),
        "dates": [{"day": each.day.isoformat(), "role": each.role, "quote": each.quote} for each in page.dates],
        "notices": [row for number, each in enumerate(page.notices, 1) for row in _notice(number, each)],
        "blocks": [_block(each) for each in page.blocks],
        "attachments": [
            _some(label=a.label, uri=a.uri, size=a.size, format=a.format, note=a.note) for a in page.attachments
        ],
    }
    return {name: value for name, value in found.items() if value or name in ("title", "blocks")}


def _notice(number: int, notice: Notice) -> list[Mapping[str, Any]]:
    title = [{"notice": number, "kind": "title", "text": notice.title}] if notice.title else []
    return [*title, *({"notice": number, **_block(block)} for block in notice.blocks)]


def _block(block: Block) -> dict[str, Any]:
    links = [[link.text, link.uri] for link in block.links]
    return _some(kind=str(block.kind), level=block.level, sheet=block.sheet, text=block.text, links=links)


def _some(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def suffix(answer: Answer) -> str:
    """What a file with an answer's body is called behind the dot."""
    start = answer.body[:_SNIFFED]
    if b"%PDF-" in start:
        return ".pdf"
    if is_feed(answer.body):
        return ".xml"
    return ".bin" if b"\x00" in start else ".html"
