"""Debian's Chromium, driven by Playwright: one browser for all tests of a worker, a fresh profile for each page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Request, sync_playwright

# Without these switches Chromium looks up its maker's hosts at every start.
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_AXE = """
tags => axe.run(document, {runOnly: tags}).then(found => ({
    passes: found.passes.length, engine: found.testEngine.version,
    violations: found.violations.map(each => [each.id, each.nodes.map(node => node.html)])}))
"""
# What a law may ask for (WCAG 2.2, A and AA), and what axe-core advises beside it.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What axe-core found: how many rules hold, and for each that does not the markup that breaks it."""

    passes: int
    violations: dict[str, list[str]]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    address: str = "about:blank",
    *,
    width: int = 1000,
    dark: bool = False,
    locale: str = "de-DE",
) -> Iterator[Page]:
    """A page at an address, in a profile of its own."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=locale,
    )
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()


def axe(page: Page) -> Found:
    """What axe-core finds in a page that is shown; the page's own policy may forbid scripts, the debugger's run."""
    page.evaluate(_axe_source())
    found: dict[str, Any] = page.evaluate(_AXE, list(TAGS))
    return Found(passes=found["passes"], violations=dict(found["violations"]))


def is_wider_than_its_window(page: Page) -> bool:
    """Whether a reader would have to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


def asked(page: Page) -> list[Request]:
    """The requests that the page makes from now on; the list grows."""
    made: list[Request] = []
    page.on("request", lambda request: made.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    return made


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
