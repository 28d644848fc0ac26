"""What a browser shows of a saved page, line by line; nothing that reads pages elsewhere in Amtsblick takes part."""

from __future__ import annotations

import base64
import codecs
import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Scripts of the page do not run (the frame forbids them), and nothing is fetched from anywhere.
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1400,1000",
)  # fmt: skip
PAGES_AT_ONCE = 8
TIMEOUT_S = 120

_WALK = Path(__file__).with_name("walk.js")
_FRAME = '<iframe sandbox="allow-same-origin" width="1300" height="900" srcdoc="{}"></iframe>'
_RESULT = re.compile(r"\[\[([A-Za-z0-9+/=]+)\]\]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


class NoBrowserError(Exception):
    """Chromium is not here, or gave nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text as the browser lays it out.

    ``seen`` is false where the page's own markup hides it (a closed box); ``where`` names the elements around it.
    """

    text: str
    seen: bool
    where: str


def render(bodies: Sequence[bytes]) -> list[list[Line]]:
    """Return the lines of each page, in its order; raises :class:`NoBrowserError`."""
    browser = shutil.which("chromium")
    if browser is None:
        raise NoBrowserError("Chromium is not here: `make test-setup` adds it")
    found: list[list[Line]] = []
    for start in range(0, len(bodies), PAGES_AT_ONCE):
        found += _render(browser, bodies[start : start + PAGES_AT_ONCE])
    return found


def _render(browser: str, bodies: Sequence[bytes]) -> list[list[Line]]:
    frames = "\n".join(_FRAME.format(html.escape(_decode(body))) for body in bodies)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "pages.html"
        script = _WALK.read_text(encoding="utf-8")
        sheet.write_text(f'<!doctype html><meta charset="utf-8"><script>{script}</script>\n{frames}', encoding="utf-8")
        done = subprocess.run(
            [browser, *SWITCHES, f"--user-data-dir={folder}/profile", "--dump-dom", sheet.as_uri()],
            capture_output=True, text=True, check=False, timeout=TIMEOUT_S,
        )  # fmt: skip
    match = _RESULT.search(done.stdout)
    if match is None:
        raise NoBrowserError(f"Chromium gave no text: {done.stderr.strip()[-300:]}")
    pages = json.loads(base64.b64decode(match.group(1)))
    return [[Line(**line) for line in lines] for lines in pages]


def _decode(body: bytes) -> str:
    """As a browser would without a header: byte order mark, meta element, else UTF-8 or Windows-1252."""
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    stated = _CHARSET.search(body[:8192])
    name = stated.group(1).decode("ascii").lower() if stated else ""
    if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii"):
        name = "windows-1252"
    if name:
        try:
            return body.decode(name, "replace")
        except LookupError:
            pass
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("windows-1252", "replace")
