"""What a person sees: the digests of the golden files, in a real browser, narrow and wide."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser

from tests.browser import axe, is_wider_than_its_window, opened

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "mail"
MAILS = sorted(path.name for path in GOLDEN.glob("*.eml"))

pytestmark = [pytest.mark.needs_chromium, pytest.mark.slow]


def html_of(name: str) -> str:
    message = email.message_from_bytes((GOLDEN / name).read_bytes(), policy=email.policy.default)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("name", MAILS)
def test_a_digest_fits_its_window(browser: Browser, name: str, width: int) -> None:
    """No digest is wider than the window it is read in, whatever titles and addresses it holds."""
    with opened(browser, width=width) as page:
        page.set_content(html_of(name))
        assert len(page.inner_text("body")) > 200
        assert not is_wider_than_its_window(page)


@pytest.mark.parametrize("name", MAILS)
def test_a_digest_loads_nothing_from_afar(name: str) -> None:
    """No picture, font, style or script comes from a server: opening a mail tells nobody."""
    tree = lxml_html.fromstring(html_of(name))
    assert not tree.xpath(
        "//img | //link | //script | //iframe | //object | //embed | //video | //audio | //@src | //@background"
    )
    styles = [*tree.xpath("//@style"), *tree.xpath("//style/text()")]
    assert not [style for style in styles if "url(" in style or "@import" in style]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", MAILS)
def test_axe_finds_nothing(browser: Browser, name: str, dark: bool) -> None:
    """Contrast, names, languages, order of headings: in both colour schemes."""
    with opened(browser, width=700, dark=dark) as page:
        page.set_content(html_of(name))
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
        found = axe(page)
    assert found.violations == {}
    assert found.passes >= 10


def test_axe_would_find_something(browser: Browser) -> None:
    content = html_of("one.eml").replace(
        "<body", '<body><p style="color:#999;background:#aaa">Zu blass</p><img src="data:,"><div', 1
    )
    with opened(browser) as page:
        page.set_content(content)
        assert axe(page).violations.keys() >= {"color-contrast", "image-alt"}
