"""The links of the mails that the demo wrote open in its view."""

from __future__ import annotations

import email
import email.policy
from urllib.parse import urlsplit

import pytest
from lxml import html

from tests.demo import Demo
from tests.web.view import View

pytestmark = pytest.mark.slow


def linked(demo: Demo) -> set[str]:
    """The paths in the view that all mails lead to."""
    found = set()
    for file in sorted((demo.folder / "outbox").glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        part = message.get_body(("html",))
        assert part is not None
        for href in html.fromstring(part.get_content()).xpath("//a/@href"):
            split = urlsplit(href)
            if split.netloc == "127.0.0.1:8765":
                found.add(f"{split.path}?{split.query}" if split.query else split.path)
    return found


def test_every_archived_state_and_change_of_a_mail_opens(view: View, demo: Demo) -> None:
    paths = linked(demo)
    states = [path for path in paths if path.startswith("/web/")]
    changes = [path for path in paths if path.startswith("/change/")]
    assert len(states) > 5
    assert len(changes) > 5
    for path in (*states, *changes):
        reply = view.get(path)
        for _ in range(2):
            if reply.status == 302:
                reply = view.get(reply.headers["location"])
        assert reply.status == 200, path
