"""Markup that libxml2 and browsers read differently: what a person sees is what is read."""

from __future__ import annotations

import pytest

from extractors.model import Answer, Hints
from extractors.read import read


def _lines(markup: str) -> list[str]:
    head = (("Content-Type", "text/html; charset=utf-8"),)
    reading = read(Answer(uri="https://amt.example/", status=200, headers=head, body=markup.encode()), Hints())
    assert reading.page is not None, reading
    return [block.text for block in reading.page.blocks]


@pytest.mark.parametrize(
    "start",
    [
        "<!doctype html><title>Amt</title>",
        "<!doctype html><html lang=de><head><title>Amt</title></head>",
        "<!doctype html><title>Amt</title><meta name=x content=y><nav><a href=/a>Weiter</a></nav>",
        "<!doctype html><title>Amt</title><header>Kopf</header>",
        "<title>Amt</title><body>",
    ],
)
def test_a_page_that_writes_no_body_tag_has_a_body(start: str) -> None:
    """HTML lets authors leave out html, head and body; libxml2 then counts main among the metadata."""
    assert _lines(f"{start}<main><p>Das Amt hat montags geöffnet.<p>Willkommen.</main>") == [
        "Das Amt hat montags geöffnet.",
        "Willkommen.",
    ]
