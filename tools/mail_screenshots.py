"""Writes the pictures of digests in docs/images, from the golden mails, as a browser shows them (needs Chromium)."""
# ruff: noqa: INP001 -- a script, no package

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "mail"
IMAGES = ROOT / "docs" / "images"
# Without these switches Chromium looks up its maker's hosts at every start.
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


class Picture(NamedTuple):
    """One picture: which golden mail, how wide and high in CSS pixels, and whether on a dark screen."""

    mail: str
    width: int
    height: int
    dark: bool = False


PICTURES = {
    "digest": Picture("moved-seminar", 720, 1280),
    "digest-phone-dark": Picture("moved-seminar", 390, 900, dark=True),
    "first-mail": Picture("newcomer", 720, 1000),
}


def part(mail: str) -> str:
    """The HTML part of a golden mail."""
    body = message_from_bytes((GOLDEN / f"{mail}.eml").read_bytes(), policy=policy.default).get_body(("html",))
    if body is None:
        raise SystemExit(f"{mail}: no HTML part")
    return str(body.get_content())


def shoot(picture: Picture, file: Path) -> None:
    """Write one picture. A frame makes widths possible that a window of Chromium has not."""
    width, height = picture.width, picture.height
    frame = f'<iframe srcdoc="{html.escape(part(picture.mail))}" width={width} height={height}></iframe>'
    around = "#0f1316" if picture.dark else "#f2f4f6"  # as the mail's own
    style = f"body{{margin:0;background:{around}}}iframe{{border:0;display:block}}"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mail.html"
        source.write_text(f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style>{frame}", encoding="utf-8")
        scheme = f"--blink-settings=preferredColorScheme={0 if picture.dark else 1}"
        options = (f"--user-data-dir={folder}/profile", f"--window-size={width},{height}", scheme)
        command = [CHROMIUM, *QUIET, *options, f"--screenshot={file}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main(folder: Path = IMAGES) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        shoot(picture, folder / f"{name}.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
