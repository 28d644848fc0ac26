"""``snapshot``: a page as it was at a moment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from crawler import rows
from crawler.cli import new_app, session
from crawler.exchange import fields
from crawler.lookup import address_in, state_at
from crawler.output import moment
from crawler.session import Refusal
from extractors import charset, coding
from storage.records import SnapshotView

app = new_app()

_LARGEST = 1 << 30  # bytes once decoded; what was archived was below a source's max_bytes


class Form(StrEnum):
    """What to print of a state."""

    TEXT = "text"
    HTML = "html"
    RAW = "raw"
    HEADERS = "headers"


@app.command(epilog="Example: amtsblick snapshot URL --at 14.09.2018 --as html > page.html")
def snapshot(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as it stands in a browser.")],
    at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="The moment; a bare day means its end. Default: now.")
    ] = None,
    as_: Annotated[Form, typer.Option("--as", help="What to print; raw is the bytes as received.")] = Form.TEXT,
    json: Annotated[bool, typer.Option("--json", help="One object with text and digests.")] = False,
) -> None:
    """Show the last good state of a page at or before a moment."""
    run = session(ctx)
    when = run.moment("--at", at, "end") or run.now()
    with run.reader() as archive:
        view = state_at(archive, address_in(archive, url), when)
    out = run.output
    row = view.capture
    if not json:
        out.note(f"{row.uri} as of {moment(row.captured_at)} ({row.payload_digest})")
    if view.failed_since:
        last = view.failed_since[-1]
        times = "once" if len(view.failed_since) == 1 else f"{len(view.failed_since)} times"
        out.note(
            f"looked at {times} after that without seeing the page; last: {last.outcome}, {moment(last.captured_at)}"
        )
    if json:
        failed = [rows.capture(each) for each in view.failed_since]
        out.json({**rows.capture(row), **rows.page(view.page), "failed_since": failed})
    elif as_ is Form.TEXT:
        out.say(view.page.text)
    elif as_ is Form.HEADERS:
        out.raw(row.head)
    elif as_ is Form.RAW:
        out.raw(view.payload)
    else:
        out.raw(_html(view).encode())


def _html(view: SnapshotView) -> str:
    """The page's HTML as text: content coding and character encoding undone."""
    headers = {name.lower(): value for name, value in fields(view.capture.head)}
    kind = headers.get("content-type", "")
    try:
        body = coding.decode(view.payload, headers.get("content-encoding", ""), _LARGEST).body
    except coding.CodingError as error:
        raise Refusal(f"{view.capture.uri}: {error}; use --as raw") from None
    if "html" not in kind.lower() and b"<html" not in body[:2048].lower():
        raise Refusal(f"{view.capture.uri} is no HTML ({kind or 'no content type'}); use --as raw or --as text")
    return charset.decode(body, kind).text
