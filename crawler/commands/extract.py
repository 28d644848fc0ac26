"""``extract``: what is read from one page, and by which rule."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import options, shown_page
from crawler.cli import new_app, session
from crawler.lookup import address_in, state_at
from crawler.output import Output
from crawler.readers import Readers, Received
from crawler.session import Refusal, Session
from crawler.trial import Choices, name_of, trial
from extractors import address
from extractors.model import Hints, Outcome, Reading
from web import rows

app = new_app()

_TYPES = {
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}
_LARGEST = 256 * 1024**2  # bytes of a file given by hand
_INCOMPLETE = 3
_EXAMPLES = """Examples: amtsblick extract saved.html --explain · amtsblick extract URL --at 2018-09-14 ·
amtsblick extract URL --main "#content" --ignore .share --explain"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The bytes to read, how to read them, and what a case of them is called."""

    received: Received
    hints: Hints
    name: str


@app.command(epilog=_EXAMPLES)
def extract(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="URL|FILE", help="An address, or a saved page or PDF.")],
    *,
    at: Annotated[
        str | None, typer.Option(metavar="WHEN", help="For an address in the archive: the moment. Default: now.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the address once, politely, even if the archive has it.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="For each visible block the rule that kept or dropped it.")
    ] = False,
    main: options.Main = None,
    notice: options.Notice = None,
    ignore: options.Ignore = None,
    extractor: options.Extractor = None,
    save_case: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the page and what is read from it as a test case.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="With --save-case: replace the case that is there.")] = False,
    allow_private: options.AllowPrivate = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Show what is read from a page: title, text, notices, documents; nothing is stored.

    An address that the archive does not have is asked once, politely.
    """
    run = session(ctx)
    choices = Choices.checked(main, notice, ignore, extractor)
    if live and at is not None:
        raise Refusal("--live asks for the page as it is now, --at for one in the archive; give one of them")
    if "://" not in what:
        found = _saved(Path(what), choices, remote=live or at is not None)
    elif not live and (at is not None or _is_archived(run, what)):
        found = _archived(run, what, at, choices)
    else:
        found = _asked(run, what, choices, allow_private=allow_private)
    reading = _read(found, explain=explain)
    if save_case is not None:
        _save(run.output, save_case, found, reading, force=force)
    if json:
        run.output.json(_row(found.received.uri, reading, explain=explain))
    else:
        _show(run.output, reading, explain=explain)


def _show(out: Output, reading: Reading, *, explain: bool) -> None:
    shown_page.show(out, reading)
    if reading.page is not None and explain:
        shown_page.explained(out, reading)
    elif reading.page is not None:
        shown_page.text(out, reading.page)


def _row(uri: str, reading: Reading, *, explain: bool) -> dict[str, Any]:
    row = {"uri": uri, "outcome": str(reading.outcome), "rule": reading.rule, "detail": reading.detail}
    if reading.page is None:
        return row
    return {**row, **rows.page(reading.page), **(shown_page.row(reading) if explain else {})}


def _read(found: _Found, *, explain: bool) -> Reading:
    readers = Readers()
    try:
        return asyncio.run(readers.read(found.received, replace(found.hints, explain=explain)))
    finally:
        readers.stop()


def _is_archived(run: Session, url: str) -> bool:
    if not run.config.archive_path.exists():
        return False
    with run.reader() as archive:
        return archive.known(url)


def _archived(run: Session, url: str, at: str | None, choices: Choices) -> _Found:
    when = run.moment("--at", at, "end") or run.now()
    with run.reader() as archive:
        view = state_at(archive, address_in(archive, url), when)
    capture = view.capture
    received = Received(uri=capture.uri, status=capture.status or 200, head=capture.head, payload=view.payload)
    return _Found(received=received, hints=_hints(run, capture.uri, choices), name=name_of(capture.uri))


def _asked(run: Session, url: str, choices: Choices, *, allow_private: bool) -> _Found:
    """The page as it is now: robots.txt, one request, and its redirects on the same host."""
    with trial(run, url, choices, allow_private=allow_private) as look:
        capture = look.last
        if capture is None or capture.status is None or capture.payload_digest is None:
            raise Refusal(look.problem(capture), _INCOMPLETE)
        received = Received(
            uri=capture.uri,
            status=capture.status,
            head=capture.head,
            payload=look.archive.payload(capture.payload_digest),
            complete=capture.outcome is not Outcome.TRUNCATED,
        )
        if capture.uri != look.uri:
            run.output.note(f"{look.uri} leads to {capture.uri}")
    return _Found(received=received, hints=_hints(run, capture.uri, choices), name=name_of(capture.uri))


def _hints(run: Session, uri: str, choices: Choices) -> Hints:
    source = next((each for each in run.config.source if address.in_scope(uri, each.scope)), None)
    return choices.over(source)


def _saved(file: Path, choices: Choices, *, remote: bool) -> _Found:
    if remote:
        raise Refusal(f"{file}: --at and --live are for an address, which begins with https://")
    try:
        if file.stat().st_size > _LARGEST:
            raise Refusal(f"{file} is larger than {_LARGEST // 1024**2} MB")
        body = file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}; give an address with https://, or a file", 2) from None
    kind = _TYPES.get(file.suffix.lower(), "text/html")
    # A saved page has no address of its own; `.invalid` is reserved for such (RFC 2606).
    received = Received(
        uri=address.clean(f"http://file.invalid/{file.name}") or "http://file.invalid/",
        status=200,
        head=f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode(),
        payload=body,
    )
    return _Found(received=received, hints=choices.over(None), name=name_of(f"http://{file.stem}/"))


def _save(out: Output, folder: Path, found: _Found, reading: Reading, *, force: bool) -> None:
    """Write the page as a test case and say what to do with it."""
    from crawler import case  # noqa: PLC0415 - loads the parsers into this process
    from extractors.coding import CodingError  # noqa: PLC0415 - see above

    place = folder / found.name
    if (place / case.CASE).exists() and not force:
        raise Refusal(f"{place}: there is a case of this name already; --force replaces it")
    try:
        case.save(place, case.answer_of(found.received), found.hints, reading)
    except CodingError as error:
        raise Refusal(f"{found.received.uri}: {error}", 65) from None
    out.note(f"{place}: the page, {case.CASE} (address, headers, selectors) and {case.EXPECTED} (what is read today).")
    out.note(f"Now correct {case.EXPECTED} where the page says otherwise: the case fails until it is read so.")
