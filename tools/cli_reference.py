"""Writes docs/cli-reference.md from the commands' own help; ``--check`` fails when the page is out of date."""
# ruff: noqa: INP001 -- a script, no package

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from crawler.cli import COMMANDS, run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "cli-reference.md"


def help_of(*words: str) -> str:
    """The help page of one command, as a pipe of 100 columns shows it."""
    with redirect_stdout(StringIO()) as caught:
        code = run([*words, "--help"])
    if code:
        raise SystemExit(f"`amtsblick {' '.join(words)} --help` ended with {code}")
    return "\n".join(line.rstrip() for line in caught.getvalue().strip("\n").splitlines())


def page() -> str:
    """The whole reference."""
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


def main() -> int:
    """Write the page, or say that it is out of date."""
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    text = page()
    if "--check" in sys.argv:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"docs/{PAGE.name} is out of date: run `make docs` and commit it", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
