"""``doctor``: is everything set up right, and what to do where it is not."""

from __future__ import annotations

from typing import Annotated

import typer

from alerts.delivery import send_past_the_outbox
from alerts.letter import Rendered
from alerts.mail import build
from alerts.transports import choose
from crawler import doctor as checks
from crawler import values
from crawler.cli import new_app, session
from crawler.doctor import Finding, State
from crawler.output import one_line
from crawler.session import Refusal, Session
from storage.records import DeliveryState

app = new_app()

# The gravest first: a damaged archive, a wrong config, a folder that cannot be written, what may pass by itself.
_GRAVITY = (65, 78, 74, 75)
_LATER = 75


@app.command(epilog="Example: amtsblick doctor --send-test me@example.org")
def doctor(
    ctx: typer.Context,
    send_test: Annotated[
        str | None, typer.Option("--send-test", metavar="TO", help="Send a test message to this address.")
    ] = None,
    canary: Annotated[
        bool, typer.Option("--canary", help="Also let a page of our own change, and see whether that becomes a mail.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object a check.")] = False,
) -> None:
    """Check config, archive, mail server, encryption, login, sender, clock and programs; a warning is no failure."""
    run = session(ctx)
    to = _checked(send_test) if send_test is not None else ""
    codes: set[int] = set()
    for finding in checks.examine(run):
        _show(run, finding, json=json)
        codes.add(finding.exit_code)
    if canary and not codes & {78}:
        finding = checks.canary_flies(run)
        _show(run, finding, json=json)
        codes.add(finding.exit_code)
    if to and not codes & {78}:
        finding = _sent(run, to)
        _show(run, finding, json=json)
        codes.add(finding.exit_code)
    raise typer.Exit(next((code for code in _GRAVITY if code in codes), max(codes)))


def _show(run: Session, finding: Finding, *, json: bool) -> None:
    if json:
        run.output.json(
            {
                "check": finding.check,
                "state": str(finding.state),
                "detail": finding.detail,
                "remedy": finding.remedy or None,
            }
        )
        return
    remedy = f" – {finding.remedy}" if finding.remedy else ""
    run.output.say(one_line(f"{finding.state:<8} {finding.check + ':':<13} {finding.detail}{remedy}"))


def _checked(text: str) -> str:
    try:
        return values.address(text.strip())
    except ValueError as error:
        raise Refusal(f"--send-test: {error}") from None


def _sent(run: Session, to: str) -> Finding:
    """Send one message by the way that digests go; it stands in no archive."""
    context = run.context(sending=True)
    text = (
        "Guten Tag,\n\ndies ist eine Probe von Amtsblick. Kommt sie an, kommen auch die Übersichten an.\n"
        "Sehen Sie nach, ob sie im Spam-Ordner lag.\n"
    )
    made = build(Rendered(subject="Probe von Amtsblick", text=text, html=""), to, 0, context, list_name="probe")
    (answer,) = send_past_the_outbox([made], choose(context.mail), run.now())
    if answer.state is DeliveryState.SENT:
        return Finding(check="test mail", state=State.OK, detail=f"{answer.text}; now look whether it arrived")
    remedy = "the server's own words say why"
    return Finding(check="test mail", state=State.FAILED, detail=answer.text, remedy=remedy, exit_code=_LATER)
