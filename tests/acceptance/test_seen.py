"""What a person sees: the digests of the golden files, in a real browser, narrow and wide."""

from __future__ import annotations

import email
import email.policy
import re
import subprocess
from pathlib import Path

import pytest
from lxml import html as lxml_html

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "mail"
# Without these switches Chromium looks up its maker's hosts at every start.
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
MEASURE = "<script>document.title = [document.documentElement.scrollWidth, innerWidth, document.body.innerText.length].join()</script>"

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]


def html_of(name: str) -> str:
    message = email.message_from_bytes((GOLDEN / name).read_bytes(), policy=email.policy.default)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("width", [500, 1000])
@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.eml")))
def test_a_digest_fits_its_window(name: str, width: int, tmp_path: Path) -> None:
    """No digest is wider than the window it is read in, whatever titles and addresses it holds (Chromium's narrowest is 500)."""
    page = tmp_path / "mail.html"
    page.write_text(html_of(name).replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    done = subprocess.run(
        ["chromium", *QUIET, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    measured = re.search(r"<title>(\d+),(\d+),(\d+)</title>", done.stdout)
    assert measured, done.stdout[:500]
    content, window, letters = map(int, measured.groups())
    assert content <= window
    assert letters > 200


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.eml")))
def test_a_digest_loads_nothing_from_afar(name: str) -> None:
    """No picture, font, style or script comes from a server: opening a mail tells nobody."""
    tree = lxml_html.fromstring(html_of(name))
    assert not tree.xpath(
        "//img | //link | //script | //iframe | //object | //embed | //video | //audio | //@src | //@background"
    )
    styles = [*tree.xpath("//@style"), *tree.xpath("//style/text()")]
    assert not [style for style in styles if "url(" in style or "@import" in style]
