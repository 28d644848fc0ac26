"""Writes the pictures of digests in docs/images, from the golden mails, as a browser shows them (needs Chromium)."""

from __future__ import annotations

import html
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
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


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
    frame = (
        f'<iframe srcdoc="{html.escape(part(picture.mail))}" width={picture.width} height={picture.height}></iframe>'
    )
    around = "#0f1316" if picture.dark else "#f2f4f6"  # as the mail's own
    page = f"<!DOCTYPE html><meta charset=utf-8><style>body{{margin:0;background:{around}}}iframe{{border:0;display:block}}</style>{frame}"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mail.html"
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                "chromium", *QUIET, f"--user-data-dir={folder}/profile", f"--screenshot={file}",
                f"--window-size={picture.width},{picture.height}",
                f"--blink-settings=preferredColorScheme={0 if picture.dark else 1}", source.as_uri(),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def main(folder: Path = IMAGES) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        shoot(picture, folder / f"{name}.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
