"""A program of the day after: the installed one, but for an extractor that reads every page in other words."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.acceptance.harness import COMMAND, Desk, Result

# Python runs a module of this name before anything else, in every process that finds it: commands, crawls, readers.
_NEW_EXTRACTOR = '''
from dataclasses import replace
from urllib.parse import urljoin

import extractors.edition
import extractors.read
from extractors.model import Attachment, Block, BlockKind, Link, Notice, PageKind

extractors.edition.EXTRACTOR_VERSION = "next"
judged = extractors.read._judged


def joined(blocks):
    """Two paragraphs in a row are read as one; captions are not read at all."""
    found = []
    for block in blocks:
        if block.kind is BlockKind.CAPTION:
            continue
        alike = found and found[-1].kind is block.kind is BlockKind.PARAGRAPH and not found[-1].rule == "joined"
        if alike:
            last = found.pop()
            block = replace(last, text=f"{last.text} {block.text}", links=last.links + block.links, rule="joined")
        found.append(block)
    return tuple(found)


def split(notices):
    """A box is read as one box for each of its paragraphs, the title among their words."""
    for notice in notices:
        for block in notice.blocks:
            yield Notice(title="", blocks=(replace(block, text=f"{notice.title} {block.text}".strip()),), certain=True)


def other(page):
    if page.kind is PageKind.DOCUMENT:
        return replace(page, blocks=tuple(replace(each, text=each.text.upper()) for each in joined(page.blocks)))
    extra = ()
    if page.uri.rstrip("/").count("/") == 2:
        extra = (Link(uri=urljoin(page.uri, "/amt/still"), text="Still"),)
        extra += (Link(uri=urljoin(page.uri, "/files/still.pdf"), text="Stilles Papier"),)
    blocks = tuple(
        replace(block, text=block.text.replace("Moskau", "Moskau an der Moskwa")) for block in joined(page.blocks)
    )
    return replace(
        page,
        title=page.title.replace(" | Amt", "").upper(),
        blocks=blocks,
        notices=tuple(split(page.notices)),
        frame=tuple(replace(block, text="Rand: " + block.text) for block in joined(page.frame)),
        attachments=tuple(replace(one, label=one.label + ", Datei", size="") for one in page.attachments),
        links=page.links + extra,
    )


def _judged(answer, page, hints):
    return judged(answer, other(page) if page is not None else None, hints)


extractors.read._judged = _judged
'''


class Upgraded(Desk):
    """A desk whose program can be replaced by the next one."""

    def __init__(self, folder: Path, config: str) -> None:
        super().__init__(folder, config)
        self.path = ""

    def upgrade(self) -> None:
        """From now on the next extractor reads."""
        shim = self.folder / "next"
        shim.mkdir(exist_ok=True)
        (shim / "sitecustomize.py").write_text(_NEW_EXTRACTOR, encoding="utf-8")
        self.path = str(shim)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the program of today finds."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("AMTSBLICK_")}
        path = os.pathsep.join(filter(None, (self.path, own.get("PYTHONPATH"))))
        return own | ({"PYTHONPATH": path} if path else {})

    def run(self, *words: str, now: str | None = None, expect: int | None = 0) -> Result:
        line = [str(COMMAND), "--config", str(self.config), *(["--now", now] if now else []), *words]
        done = subprocess.run(
            line, capture_output=True, text=True, cwd=self.folder, env=self.environment, timeout=110, check=False
        )
        result = Result(done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in result.err, result.err
        if expect is not None:
            assert result.code == expect, f"{words} gave {result.code}\n{result.out}\n{result.err}"
        return result

    def held(self) -> list[dict[str, Any]]:
        """What was seen and not told, oldest first."""
        lines = self.run("changes", "--explain", "--json").out.splitlines()
        return [row for row in map(json.loads, lines) if row.get("held")]
