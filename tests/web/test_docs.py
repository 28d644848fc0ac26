"""docs/web.md lists every address of the view, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from web.routes import ROUTES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "web.md"


def test_the_table_of_addresses_is_that_of_the_routes() -> None:
    rows = re.findall(r"^\| \**`(/[^`]*)`\** \| .* \| (yes|–) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    routes = {
        re.sub(r"\{(\w+):\w+\}", r"{\1}", to.path) + ("/{url}" if to.target else ""): "yes" if to.json else "–"
        for to in ROUTES
    }
    assert dict(rows) == routes
    assert len(rows) == len(routes)
