"""What a person sees: the digests of the golden files, in a real browser, narrow and wide."""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "mail"
# Without these switches Chromium looks up its maker's hosts at every start.
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
MEASURE = "<script>document.title = [document.documentElement.scrollWidth, innerWidth, document.body.innerText.length].join()</script>"

# Axe runs its rules in the page itself; what it found is left as the page's title. A mail is no page of a website: it
# has no landmarks to skip to beyond its <main>, and rules of best practice about them are about sites.
AXE = """
<script>{axe}</script><script>
axe.run(document, {{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}).then(
  found => {{ document.title = JSON.stringify({{
    passes: found.passes.length, dark: matchMedia('(prefers-color-scheme: dark)').matches, engine: found.testEngine.version,
    violations: found.violations.map(each => [each.id, each.nodes.map(node => node.html)]) }}) }},
  error => {{ document.title = JSON.stringify({{passes: 0, violations: [['error', String(error)]]}}) }})
</script>
"""

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


def axe_on(page: Path, content: str, *, dark: bool) -> dict[str, Any]:
    """What axe-core finds in a page that Chromium shows."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8").replace("</script", "<\\/script")
    page.write_text(content.replace("</body>", AXE.format(axe=axe) + "</body>"), encoding="utf-8")
    done = subprocess.run(
        [
            "chromium", *QUIET, f"--user-data-dir={page.parent / 'profile'}", "--window-size=700,900", "--virtual-time-budget=20000",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title, done.stdout[:500]
    found: dict[str, Any] = json.loads(html.unescape(title[1]))
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.eml")))
def test_axe_finds_nothing(name: str, dark: bool, tmp_path: Path) -> None:
    """Contrast, names, languages, order of headings: in both colour schemes."""
    found = axe_on(tmp_path / "mail.html", html_of(name), dark=dark)
    assert found["violations"] == []
    assert found["passes"] >= 10
    assert found["dark"] is dark


def test_axe_would_find_something(tmp_path: Path) -> None:
    content = html_of("one.eml").replace(
        "<body", '<body><p style="color:#999;background:#aaa">Zu blass</p><img src="data:,"><div', 1
    )
    found = axe_on(tmp_path / "mail.html", content, dark=False)
    assert {rule for rule, _ in found["violations"]} >= {"color-contrast", "image-alt"}
