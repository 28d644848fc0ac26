"""``outbox``: what is queued, sent, refused, and why; and a hand on single messages."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from alerts.delivery import masked
from alerts.readers import removed
from crawler.cli import new_app, session
from crawler.session import Refusal, Session
from crawler.writing import writer
from storage.archive import Archive
from storage.records import Delivery, DeliveryState
from web import rows

app = new_app()


class Action(StrEnum):
    """What to do with one message."""

    RELEASE = "release"
    RETRY = "retry"
    DROP = "drop"


_DONE = {Action.RELEASE: "queued", Action.RETRY: "queued again", Action.DROP: "dropped"}
_NEEDS = {
    Action.RELEASE: "only a held message can be released",
    Action.RETRY: "only a deferred, refused or dropped message whose bytes are still kept can be tried again",
    Action.DROP: "a message that was sent cannot be dropped",
}


@app.command(epilog="Examples: amtsblick outbox · amtsblick outbox retry 17 · amtsblick outbox drop 18")
def outbox(
    ctx: typer.Context,
    action: Annotated[Action | None, typer.Argument(help="What to do with one message; none lists all.")] = None,
    id_: Annotated[str | None, typer.Argument(metavar="ID", help="The message, by its id in the list.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With release or drop: every held message, such as after a restore.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """Show every message to every recipient: queued, sent, deferred, refused, held or dropped, and why."""
    run = session(ctx)
    if action is None:
        with run.reader() as archive:
            found = archive.outbox()
        _list(run, found, json=json)
        return
    if everything:
        _act_on_all(run, action, id_, json=json)
        return
    with writer(run) as archive:
        done = _act(run, archive, action, id_)
    if json:
        run.output.json(rows.delivery(done))
    else:
        run.output.say(f"message {done.id} to {masked(done.recipient)}: {_DONE[action]}")


def _act_on_all(run: Session, action: Action, id_: str | None, *, json: bool) -> None:
    """Release or drop all that is held; messages to people who were removed meanwhile stay held."""
    if id_ is not None or action is Action.RETRY:
        raise Refusal("--all stands for the ID of `release` or `drop`")
    with writer(run) as archive:
        for row in archive.outbox():
            if row.state is not DeliveryState.HELD:
                continue
            try:
                done = _act(run, archive, action, str(row.id))
            except Refusal as error:
                run.output.note(str(error))
                continue
            if json:
                run.output.json(rows.delivery(done))
            else:
                run.output.say(f"message {done.id} to {masked(done.recipient)}: {_DONE[action]}")


def _list(run: Session, found: tuple[Delivery, ...], *, json: bool) -> None:
    if json:
        for row in found:
            run.output.json(rows.delivery(row))
    elif found:
        run.output.table(
            ("id", "digest", "recipient", "state", "tries", "next try", "last answer"),
            [
                (
                    str(row.id),
                    str(row.digest),
                    row.recipient,
                    str(row.state),
                    str(row.attempts),
                    run.local(row.next_at),
                    row.last_answer or "–",
                )
                for row in found
            ],
        )
    else:
        run.output.note("no mail so far")


def _act(run: Session, archive: Archive, action: Action, text: str | None) -> Delivery:
    if text is None:
        raise Refusal(f"say which message: `amtsblick outbox {action} ID`; `amtsblick outbox` lists them")
    row = _row(archive, text)
    if row is None:
        raise Refusal(f"there is no message {text}; `amtsblick outbox` lists them")
    act = {
        Action.RELEASE: archive.outbox_release,
        Action.RETRY: archive.outbox_retry,
        Action.DROP: archive.outbox_drop,
    }[action]
    digest = archive.digest(row.digest)
    if action is not Action.DROP and digest and removed(archive, digest.subscription, row.recipient):
        raise Refusal(f"message {row.id} is to somebody who was removed; `amtsblick recipients add` lets them in again")
    if not act(row.id, run.now()):
        raise Refusal(f"message {row.id} is {row.state}; {_NEEDS[action]}")
    return _row(archive, text) or row


def _row(archive: Archive, text: str) -> Delivery | None:
    return next((row for row in archive.outbox() if str(row.id) == text), None)
