"""``try``: what would be read from an address, before it is watched."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crawler import options, shown_page
from crawler.cli import new_app, session
from crawler.session import Session
from crawler.tell import count
from crawler.trial import Choices, Trial, block, trial
from extractors import address
from extractors.model import Outcome, Page, Reading
from storage.archive import Archive
from storage.records import Capture
from web import rows

app = new_app()

_INCOMPLETE = 3
_PAGES = 5  # enough to see whether links are followed, too few to be a burden


@app.command("try", epilog="Example: amtsblick try https://www.example.org/office/news/")
def try_url(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address you would like to watch.")],
    *,
    main: options.Main = None,
    notice: options.Notice = None,
    ignore: options.Ignore = None,
    extractor: options.Extractor = None,
    allow_private: options.AllowPrivate = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Ask at most five pages, politely, and show what would be read and how to watch it; nothing is stored."""
    run = session(ctx)
    choices = Choices.checked(main, notice, ignore, extractor)
    with trial(run, url, choices, allow_private=allow_private, pages=_PAGES, depth=1) as look:
        code = _show(run, look, choices, json=json)
    raise typer.Exit(code)


def _show(run: Session, look: Trial, choices: Choices, *, json: bool) -> int:
    """Print what came of it; the exit code is 3 when the page could not be had."""
    first, last = look.first, look.last
    page = look.archive.page_of(last.id) if last else None
    robots = _robots(look.archive, look.uri, first)
    start = last.uri if last and last.outcome.good else look.uri
    lines = "\n".join(block(start, choices, allow_private=look.source.allow_private))
    code = 0 if last is not None and last.outcome is not Outcome.FAILED else _INCOMPLETE
    if json:
        run.output.json(_row(look, page=page, robots=robots, source=lines))
        return code
    out = run.output
    out.say(f"address:   {look.uri}")
    out.say(f"robots:    {robots}")
    if last is None or last.outcome is Outcome.FAILED:
        out.error(look.problem(last))
        return code
    if first is not None and first.id != last.id:
        out.say(f"leads to:  {last.uri}")
    out.say(f"status:    {last.status or 'not asked'}")
    shown_page.show(out, Reading(outcome=last.outcome, rule=last.rule, detail=last.detail, page=page))
    if page is not None:
        shown_page.text(out, page)
    summary = look.summary
    asked = f"{count(summary.pages, 'page', 'pages')} and {count(summary.documents, 'document', 'documents')}"
    out.say(f"\nAsked in all: {asked}, {summary.failed} failed. Nothing was stored.")
    if last.outcome.good:
        out.say(f"To watch it, add this to your config:\n\n{lines}")
    return code


def _row(look: Trial, *, page: Page | None, robots: str, source: str) -> dict[str, Any]:
    last, summary = look.last, look.summary
    return {
        "uri": look.uri,
        "leads_to": last.uri if last and look.first and last.id != look.first.id else None,
        "status": last.status if last else None,
        "outcome": str(last.outcome) if last else str(summary.outcome),
        "rule": last.rule if last else "",
        "detail": last.detail if last else summary.reason,
        "robots": robots,
        **(rows.page(page) if page else {}),
        "pages": summary.pages,
        "documents_asked": summary.documents,
        "failed": summary.failed,
        "source": source,
    }


def _robots(archive: Archive, uri: str, first: Capture | None) -> str:
    """What robots.txt says, in words."""
    if first is not None and first.outcome is Outcome.DENIED and first.status is None:
        return f"forbids it ({first.detail or first.rule})"
    if archive.last_robots(address.host(uri)) is not None:
        return "allows it"
    if first is None or first.status is None:
        return "could not be read; that means wait"
    return "allows it (there is none)"
