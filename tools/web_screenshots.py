"""Writes the pictures of the web view in docs/images, over the archive that `make demo` left (needs Chromium)."""
# ruff: noqa: INP001 -- a script, no package

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DEMO = ROOT / "demo"
SECTION = "http://127.0.0.1:8921/lageso/ueber-uns/staedtepartnerschaft-berlin-moskau/"
SEMINAR = f"{SECTION}seminare-in-den-bereichen-arbeit-und-soziales/23-seminar/"


class Picture(NamedTuple):
    """One picture: which page, how wide and high in CSS pixels, and whether on a dark screen."""

    path: str
    width: int
    height: int
    dark: bool = False


PICTURES = {
    "web-start": Picture("/de/", 1100, 1000),
    "web-comparison": Picture(f"/de/compare/20210322043000/20210329033000/{SEMINAR}", 1100, 620),
    "web-life": Picture(f"/de/page/{SECTION}", 1100, 1000),
    "web-state": Picture(f"/de/web/20210524033000/{SECTION}", 1100, 1000),
    "web-search-phone-dark": Picture("/de/search?words=Partnerschaft", 390, 844, dark=True),
}


@contextmanager
def view(demo: Path) -> Iterator[str]:
    """The address of a running view."""
    command = [sys.executable, "-m", "crawler", "--config", str(demo / "amtsblick.toml"), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            if process.stderr is None:
                raise SystemExit("no log")
            yield process.stderr.readline().rpartition(" at ")[2].strip().rstrip("/")
        finally:
            process.terminate()


def shoot(browser: Browser, base: str, picture: Picture, file: Path) -> None:
    """Write one picture."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height}, color_scheme="dark" if picture.dark else "light"
    )
    page.goto(base + picture.path, wait_until="networkidle")
    page.screenshot(path=file)
    page.close()


def main(demo: Path = DEMO, folder: Path = IMAGES) -> None:
    """Write all pictures."""
    with view(demo) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, picture in PICTURES.items():
            shoot(browser, base, picture, folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
