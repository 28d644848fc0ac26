"""Writes docs/cli-reference.md and docs/rules.md from the program itself; ``--check`` fails when one is out of date."""
# ruff: noqa: INP001 -- a script, no package

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from crawler import rules
from crawler.cli import COMMANDS, run

DOCS = Path(__file__).resolve().parents[1] / "docs"


def help_of(*words: str) -> str:
    """The help page of one command, as a pipe of 100 columns shows it."""
    with redirect_stdout(StringIO()) as caught:
        code = run([*words, "--help"])
    if code:
        raise SystemExit(f"`amtsblick {' '.join(words)} --help` ended with {code}")
    return "\n".join(line.rstrip() for line in caught.getvalue().strip("\n").splitlines())


def commands() -> str:
    """The reference of the commands."""
    parts = [
        "# Command reference",
        "",
        "Written by `make docs` from `amtsblick COMMAND --help`. What `--json` prints is in [json.md](json.md).",
        "",
        "```text",
        help_of(),
        "```",
    ]
    for name in COMMANDS:
        parts += ["", f"## {name}", "", "```text", help_of(name), "```"]
    return "\n".join(parts) + "\n"


def rules_in_words() -> str:
    """The list of the rules."""
    parts = [
        "# The rules in words",
        "",
        "Written by `make docs` from `crawler/rules.py`. What follows a colon or a dash is a detail: `content:inhalt`.",
    ]
    for title, about, table in (
        (
            "Blocks",
            "Why a block of a page was kept or dropped, as `amtsblick extract --explain` shows it.",
            rules.BLOCKS,
        ),
        ("Answers", "Why an answer was judged as it was: `rule` in the output of many commands.", rules.OUTCOMES),
    ):
        parts += ["", f"## {title}", "", about, "", "| rule | meaning |", "|---|---|"]
        parts += [f"| `{rule}` | {meaning} |" for rule, meaning in table.items()]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the pages, or say which of them is out of date."""
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    old = 0
    for name, text in (("cli-reference.md", commands()), ("rules.md", rules_in_words())):
        page = DOCS / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv:
            print(f"docs/{name} is out of date: run `make docs` and commit it", file=sys.stderr)
            old = 1
        else:
            page.write_text(text, encoding="utf-8")
    return old


if __name__ == "__main__":
    sys.exit(main())
