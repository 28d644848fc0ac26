"""``extract``: what is read from one page, and by which rule."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import rows
from crawler.cli import new_app, session
from crawler.lookup import address_in, state_at
from crawler.output import Output, one_line
from crawler.readers import Readers, Received
from crawler.session import Refusal, Session
from extractors import address
from extractors.model import Hints, Page, Reading

app = new_app()

_TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}
_LARGEST = 256 * 1024**2  # bytes of a file given by hand


@app.command(epilog="Examples: amtsblick extract saved.html --explain · amtsblick extract URL --at 2018-09-14")
def extract(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="URL|FILE", help="An address in the archive, or a saved page or PDF.")],
    *,
    at: Annotated[str | None, typer.Option(metavar="WHEN", help="For an address: the moment. Default: now.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="For each block the rule that kept or dropped it.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Show what is read from a page: title, text, notices, documents; nothing is asked of the network or stored."""
    run = session(ctx)
    received, hints = _archived(run, what, at) if "://" in what else (_saved(Path(what)), Hints())
    readers = Readers()
    try:
        reading = asyncio.run(readers.read(received, hints))
    finally:
        readers.stop()
    if json:
        run.output.json(_row(received.uri, reading, explain=explain))
    else:
        show(run.output, reading, explain=explain)


def _row(uri: str, reading: Reading, *, explain: bool) -> dict[str, Any]:
    row = {"uri": uri, "outcome": str(reading.outcome), "rule": reading.rule, "detail": reading.detail}
    if reading.page is None:
        return row
    blocks = {"blocks": _blocks(reading.page)} if explain else {}
    return {**row, **rows.page(reading.page), **blocks}


def _archived(run: Session, url: str, at: str | None) -> tuple[Received, Hints]:
    when = run.moment("--at", at, "end") or run.now()
    with run.reader() as archive:
        view = state_at(archive, address_in(archive, url), when)
    capture = view.capture
    source = next((each for each in run.config.source if address.in_scope(capture.uri, each.scope)), None)
    hints = Hints()
    if source is not None:
        hints = Hints(extractor=source.extractor, main=source.main, notice=source.notice, ignore=source.ignore)
    return Received(uri=capture.uri, status=capture.status or 200, head=capture.head, payload=view.payload), hints


def _saved(file: Path) -> Received:
    try:
        if file.stat().st_size > _LARGEST:
            raise Refusal(f"{file} is larger than {_LARGEST // 1024**2} MB")
        body = file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}; give an address with https://, or a file", 2) from None
    kind = _TYPES.get(file.suffix.lower(), "text/html")
    # A saved page has no address of its own; `.invalid` is reserved for such (RFC 2606).
    return Received(
        uri=address.clean(f"http://file.invalid/{file.name}") or "http://file.invalid/",
        status=200,
        head=f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode(),
        payload=body,
    )


def show(out: Output, reading: Reading, *, explain: bool) -> None:
    """A reading for people."""
    detail = f" – {reading.detail}" if reading.detail else ""
    out.say(f"outcome:   {reading.outcome} (rule: {reading.rule}){detail}")
    page = reading.page
    if page is None:
        return
    out.say(f"title:     {one_line(page.title)}")
    out.say(
        f"read by:   {page.extractor} {page.extractor_version}; {page.kind}, language {page.language or 'not stated'}"
    )
    for date in page.dates:
        out.say(f"date:      {date.day.isoformat()} ({date.role}: {one_line(date.quote)})")
    for notice in page.notices:
        out.say(f"notice:    {one_line(notice.text)}")
    for document in page.attachments:
        size = f" ({document.size})" if document.size else ""
        out.say(f"document:  {one_line(document.label)}{size} {document.uri}")
    out.say("")
    if not explain:
        out.say("\n".join(block.text for block in page.blocks))
        return
    for each in _blocks(page):
        fate = "kept" if each["kept"] else "dropped"
        out.say(f"{fate:8}{each['rule'] or '–':28}{each['kind']:10}{one_line(each['text'])}")


def _blocks(page: Page) -> list[dict[str, Any]]:
    """Every visible block: the main text, then what was left out of it."""
    return [
        {"kept": kept, "rule": each.rule, "kind": str(each.kind), "text": each.text}
        for kept, blocks in ((True, page.blocks), (False, page.frame))
        for each in blocks
    ]
