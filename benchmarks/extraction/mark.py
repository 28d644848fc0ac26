"""Shows how a saved page renders, line by line, and writes down which lines are its main text."""

from __future__ import annotations

import argparse
from hashlib import sha256
from pathlib import Path

from benchmarks.extraction import gold
from benchmarks.extraction.rendering import Line, render

_FILE = """\
uri = "{uri}"
origin = "{origin}"
site = "{site}"
sha256 = "{sha256}"
main = "{main}"
optional = "{optional}"
check = "{check}"
"""


def main() -> None:
    """Without --main: print the rendering. With it: write the gold file."""
    options = _options().parse_args()
    body = options.page.read_bytes()
    lines = render([body])[0]
    if not options.main:
        _show(lines)
        return
    wanted, doubtful = gold.numbers(options.main), gold.numbers(options.optional)
    if wanted & doubtful or max(wanted | doubtful) > len(lines):
        raise SystemExit(f"lines marked twice or beyond the last one: {gold.ranges(wanted & doubtful) or len(lines)}")
    target = gold.FOLDER / options.set / f"{options.name or options.page.stem}.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = _FILE.format(
        uri=options.uri,
        origin=options.origin,
        site=gold.BERLIN if "//www.berlin.de/" in options.uri else "elsewhere",
        sha256=sha256(body).hexdigest(),
        main=gold.ranges(wanted),
        optional=gold.ranges(doubtful),
        check=gold.check_of(lines, wanted, doubtful),
    )
    target.write_text(text, encoding="utf-8")
    print(target)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--main", default="", help='line numbers of the main text: "12-40 44"')
    parser.add_argument("--optional", default="", help="line numbers that are in doubt: they count neither way")
    parser.add_argument("--uri", default="", help="where the page came from on the web")
    parser.add_argument("--origin", default="", help="the public repository, path and commit it was taken from")
    parser.add_argument("--name", default="", help="name of the gold file; the page's own, if left out")
    parser.add_argument("--set", default=gold.OPEN, choices=[gold.OPEN, gold.HOLDOUT])
    return parser


def _show(lines: list[Line]) -> None:
    where = ""
    for number, line in enumerate(lines, 1):
        if line.where != where:
            where = line.where
            print(f"      {where}")
        print(f"{number:5}{' ' if line.seen else 'h'} {line.text}")


if __name__ == "__main__":
    main()
