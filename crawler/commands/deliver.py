"""``deliver``: sends the mail that is due."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts.delivery import DeliveryReport, deliver_due, masked, unnamed
from alerts.transports import choose
from crawler import operators
from crawler.cli import new_app, session
from crawler.session import Session
from crawler.writing import writer
from storage.archive import Archive
from storage.records import DeliveryState
from web import rows
from web.written import moment

app = new_app()

_INCOMPLETE, _LATER = 3, 75


@app.command(epilog="Example: amtsblick deliver --now-all")
def deliver(
    ctx: typer.Context,
    now_all: Annotated[
        bool, typer.Option("--now-all", help="All that is owed, whatever its next attempt's time.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object per message tried.")] = False,
) -> None:
    """Send the mail that is due; without a mail server it is written to the folder outbox/ beside the archive."""
    run = session(ctx)
    run.context(sending=True)
    with writer(run) as archive:
        archive.require_service()
        result = send_and_attend(run, archive, everything=now_all)
    report(run, result, json=json)
    raise typer.Exit(exit_code(result))


def send(run: Session, archive: Archive, *, everything: bool = False) -> DeliveryReport:
    """One pass over what is due, by the way the config names."""
    transport = choose(run.config.mail_settings(run.environ))
    try:
        return deliver_due(archive, transport, run.now(), everything)
    finally:
        transport.close()


def send_and_attend(run: Session, archive: Archive, *, everything: bool = False) -> DeliveryReport:
    """:func:`send`, and tell operators at once what came of it; what is said is about the first pass."""
    result = send(run, archive, everything=everything)
    if operators.attend(run, archive) is not None:
        send(run, archive)
    return result


def report(run: Session, result: DeliveryReport, *, json: bool, aside: bool = False) -> None:
    """What came of each message; ``aside`` keeps stdout for other data."""
    out = run.output
    for each in result.attempts:
        if json:
            out.json(rows.attempt(each))
            continue
        again = f", next try {moment(each.next_at)}" if each.next_at else ""
        answer = f" ({unnamed(each.answer, each.recipient)})" if each.answer else ""
        line = f"{masked(each.recipient)}: {each.state}{again}{answer}"
        (out.say if each.state is DeliveryState.SENT and not aside else out.note)(line)
    if result.halted:
        out.error(f"{result.halted}; the rest waits, `amtsblick deliver` tries again")
    elif not result.attempts:
        out.note("no mail is due")


def exit_code(result: DeliveryReport) -> int:
    """0 when all went out, 3 when somebody was refused, 75 when something waits for another try."""
    if result.halted or result.count(DeliveryState.DEFERRED):
        return _LATER
    return _INCOMPLETE if result.count(DeliveryState.REFUSED) or result.count(DeliveryState.HELD) else 0
