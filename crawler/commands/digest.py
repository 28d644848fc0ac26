"""``digest``: a preview of what a subscription would be told now, or the real thing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from alerts.digest import close_window, preview
from alerts.model import Subscription
from crawler.cli import new_app, session
from crawler.closing import close_due, due_slot
from crawler.commands.deliver import exit_code, report, send_and_attend
from crawler.publishing import publish
from crawler.session import Session
from crawler.writing import writer
from storage.archive import Archive
from storage.records import DigestRow
from web import rows

app = new_app()


class Form(StrEnum):
    """How to print a preview."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"
    JSON = "json"


@app.command(epilog="Examples: amtsblick digest --format html > digest.html · amtsblick digest --due --send (for cron)")
def digest(
    ctx: typer.Context,
    *,
    subscription: Annotated[str | None, typer.Option(metavar="NAME", help="Which one; all of them otherwise.")] = None,
    format_: Annotated[Form, typer.Option("--format", help="How to print the preview.")] = Form.TEXT,
    send_: Annotated[bool, typer.Option("--send", help="Close the window now, and send.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only what its schedule has asked for since the last time.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """Preview the digest; nothing is stored or sent without --send."""
    run = session(ctx)
    chosen = (run.subscription(subscription),) if subscription else run.config.subscriptions
    if not chosen:
        run.subscription(None)
    json = json or format_ is Form.JSON
    if send_:
        raise typer.Exit(_send(run, chosen, due=due, json=json))
    with run.reader() as archive:
        for each in chosen:
            if due and due_slot(archive, each, run.zone, run.now()) is None:
                run.output.note(f"{each.name}: nothing is due")
                continue
            _preview(run, archive, each, form=Form.JSON if json else format_)


def _preview(run: Session, archive: Archive, subscription: Subscription, *, form: Form) -> None:
    rendered = preview(archive, subscription, run.context())
    out = run.output
    if form is Form.JSON:
        out.json(
            {
                "subscription": subscription.name,
                "subject": rendered.subject,
                "text": rendered.text,
                "html": rendered.html,
            }
        )
    elif form is Form.TEXT:
        out.say(f"{rendered.subject}\n\n{rendered.text}")
    elif form is Form.HTML:
        out.raw(rendered.html.encode())
    else:
        from alerts.mail import build  # noqa: PLC0415

        newest = archive.digests()
        number = newest[-1].number + 1 if newest else 1
        out.raw(build(rendered, subscription.to[0], number, run.context()).message)


def _send(run: Session, chosen: tuple[Subscription, ...], *, due: bool, json: bool) -> int:
    context = run.context(sending=True)  # fails before the window is closed, not after
    with writer(run) as archive:
        archive.require_service()
        for each in chosen:
            row = close_due(archive, each, context) if due else close_window(archive, each, context)
            _tell(run, each, row, due=due, json=json)
        result = send_and_attend(run, archive)
        publish(run, archive)
    report(run, result, json=False, aside=json)
    return exit_code(result)


def _tell(run: Session, subscription: Subscription, row: DigestRow | None, *, due: bool, json: bool) -> None:
    out = run.output
    if row is None:
        out.note(f"{subscription.name}: nothing {'is due' if due else 'to tell, or nobody to tell it to'}")
    elif json:
        out.json(rows.digest(row))
    else:
        out.say(f"{subscription.name}: digest {row.number}, “{row.subject}”")
