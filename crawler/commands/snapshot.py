"""``snapshot``: a page as it was at a moment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import address_in, state_at
from crawler.output import one_line
from crawler.session import Refusal, Session
from extractors import charset, coding
from extractors.heads import fields
from storage.records import Citation, ErasureKind, SnapshotView, Tombstone
from web import rows
from web.written import moment

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
    *,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address, as it stands in a browser.")],
    at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="The moment; a bare day means its end. Default: now.")
    ] = None,
    as_: Annotated[Form, typer.Option("--as", help="What to print; raw is the bytes as received.")] = Form.TEXT,
    cite: Annotated[bool, typer.Option("--cite", help="Print a citation instead of the page.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object with text, digests and citation.")] = False,
) -> None:
    """Show the last good state of a page at or before a moment."""
    run = session(ctx)
    when = run.moment("--at", at, "end") or run.now()
    with run.reader() as archive:
        view = state_at(archive, address_in(archive, url), when)
        cited = archive.citation((view.original or view.capture).id)
        origins = archive.origins([view.capture.id, *(each.id for each in view.failed_since)])
    out = run.output
    row = view.capture
    if cite and cited is not None and not json:
        _cite(run, view, cited)
        return
    if not json:
        out.note(f"{row.uri} as of {moment(row.captured_at)} ({row.payload_digest})")
        for each in origins.get(row.id, ()):
            out.note(f"taken in from {one_line(each.archive)}: {one_line(each.record)}")
    if view.failed_since:
        last = view.failed_since[-1]
        times = "once" if len(view.failed_since) == 1 else f"{len(view.failed_since)} times"
        out.note(
            f"looked at {times} after that without seeing the page; last: {last.outcome}, {moment(last.captured_at)}"
        )
    if json:
        failed = [rows.capture(each, origins.get(each.id, ())) for each in view.failed_since]
        erased = rows.tombstone(view.erased) if view.erased else None
        citation = rows.citation(cited, view.original or row) if cited is not None else None
        out.json(
            {
                **rows.capture(row, origins.get(row.id, ())),
                **rows.page(view.page),
                "failed_since": failed,
                "erased": erased,
                "citation": citation,
            }
        )
    elif view.erased and (view.erased.kind != ErasureKind.PASSAGE or as_ in (Form.RAW, Form.HTML)):
        raise Refusal(f"{row.uri} as of {moment(row.captured_at)}: {_gone(run, view.erased)}")
    elif as_ is Form.TEXT:
        if view.erased:
            out.note(f"the original is gone, this is the text without the passage: {_gone(run, view.erased)}")
        out.say(view.page.text)
    elif as_ is Form.HEADERS:
        out.raw(row.head)
    elif as_ is Form.RAW:
        out.raw(view.payload)
    else:
        out.raw(_html(view).encode())


def _gone(run: Session, stone: Tombstone) -> str:
    verb = "let go by the rule of retention" if stone.kind == ErasureKind.RETENTION else "erased"
    return f"{verb} on {run.local(stone.erased_at)} by {stone.by}: {stone.reason} ({stone.basis})"


def _cite(run: Session, view: SnapshotView, cited: Citation) -> None:
    """A citation, one fact a line: what it is, when it was, and how to prove it."""
    row = view.original or view.capture
    at = row.captured_at.astimezone(run.zone)
    out = run.output
    out.say(f"„{one_line(view.page.title)}“" if view.page.title else "(no title)")
    out.say(f"URI-R:     {row.uri}")
    out.say(f"captured:  {at.isoformat(timespec='seconds')} ({run.zone.key}), {moment(row.captured_at)}")
    if view.original:
        out.say(f"confirmed: {moment(view.capture.captured_at)} (the server said: not modified)")
    out.say(f"payload:   {row.payload_digest}, {row.payload_size} bytes")
    if view.erased:
        out.say(f"           {_gone(run, view.erased)}")
    out.say(f"archive:   Amtsblick {cited.installation}, capture {cited.capture} of {cited.captures}")
    out.say(f"link:      {cited.link}")
    out.say(f"head:      {cited.head}")


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
