"""``recipients``: who reads what; adding, pausing and removing readers without touching the config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from alerts.delivery import masked
from alerts.model import Subscription
from alerts.readers import Reader, readers
from crawler import values
from crawler.cli import new_app, session
from crawler.session import Refusal, Session
from crawler.tomlfile import nearest
from crawler.writing import writer
from storage.archive import Archive
from storage.errors import ArchiveMissing
from storage.recipients import EVERY_LIST
from storage.records import Delivery, RecipientState
from web import rows

app = new_app(no_args_is_help=True)

_Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mail address.")]
_List = Annotated[str | None, typer.Option("--subscription", metavar="NAME", help="On this list; on all otherwise.")]
_Json = Annotated[bool, typer.Option("--json", help="One object a line.")]


@app.callback()
def recipients() -> None:
    """List, add, pause, remove or forget readers; what is decided here goes before the config."""


@app.command("list", epilog="Example: amtsblick recipients list --json")
def list_(
    ctx: typer.Context,
    subscription: Annotated[str | None, typer.Option(metavar="NAME", help="This list; all of them otherwise.")] = None,
    json: _Json = False,
) -> None:
    """List everybody the config and the archive name, and whether they are written to at present."""
    run = session(ctx)
    chosen = (run.subscription(subscription),) if subscription else run.config.subscriptions
    if not chosen:
        run.subscription(None)
    found = _everybody(run, chosen)
    if json:
        for each in found:
            run.output.json(rows.reader(each))
        return
    run.output.table(
        ("list", "address", "from", "state", "until"),
        [(each.subscription, each.address, each.origin, _words(each), run.local(each.paused_until)) for each in found],
    )


@app.command(epilog="Example: amtsblick recipients add lea@example.org --subscription team")
def add(
    ctx: typer.Context,
    address: _Address,
    subscription: Annotated[
        str | None, typer.Option(metavar="NAME", help="The list; needed where there are several.")
    ] = None,
) -> None:
    """Put somebody on a list, or end a pause or a removal of theirs; their first mail begins with how things stand."""
    run = session(ctx)
    address, chosen = _checked(address), run.subscription(subscription)
    with writer(run, create=True) as archive:
        known = _found(archive, run, (chosen,), address)
        if known and known[0].state is RecipientState.ACTIVE:
            run.output.note(f"{masked(address)} is on the list {chosen.name} already")
            return
        archive.add_recipient(chosen.name, address, run.now())
    run.output.say(f"{masked(address)} is on the list {chosen.name}")


@app.command(epilog="Example: amtsblick recipients pause lea@example.org --until 2026-09-01")
def pause(
    ctx: typer.Context,
    address: _Address,
    until: Annotated[
        str, typer.Option(metavar="WHEN", help="When they are written to again: a day (from its start) or a time.")
    ],
    subscription: _List = None,
) -> None:
    """Write nothing to somebody until a day; what is queued already still goes out."""
    run = session(ctx)
    address = _checked(address)
    back = run.moment("--until", until, "start")
    if back is None or back <= run.now():
        raise Refusal(f"--until: {until} is not in the future; to end a pause, use `amtsblick recipients add`")
    with writer(run, create=True) as archive:
        _require(archive, run, address, subscription)
        archive.pause_recipient(_name(run, subscription), address, back, run.now())
    run.output.say(f"{masked(address)} is written to again from {run.local(back)} on")


@app.command(epilog="Example: amtsblick recipients remove lea@example.org")
def remove(ctx: typer.Context, address: _Address, subscription: _List = None) -> None:
    """Take somebody off the lists, even if the config names them, and stop what is queued; only a salted hash stays."""
    run = session(ctx)
    address = _checked(address)
    with writer(run, create=True) as archive:
        _require(archive, run, address, subscription)
        stopped = archive.remove_recipient(_name(run, subscription), address, run.now())
        named = [each for each in _found(archive, run, run.config.subscriptions, address) if each.origin == "config"]
    run.output.say(f"{masked(address)} was removed; {_messages(stopped)} stopped")
    _mention(run, named)


@app.command(epilog="Example: amtsblick recipients forget lea@example.org")
def forget(ctx: typer.Context, address: _Address) -> None:
    """Remove somebody from all lists and erase their address and the messages to them from the archive."""
    run = session(ctx)
    address = _checked(address)
    with writer(run, create=True) as archive:
        mine = [each for each in archive.outbox() if each.recipient.casefold() == address.casefold()]
        if not mine:
            _require(archive, run, address, None)
        erased = archive.forget_recipient(address, run.now())
        named = [each for each in _found(archive, run, run.config.subscriptions, address) if each.origin == "config"]
    for file in _files(run, mine):
        file.unlink(missing_ok=True)
    run.output.say(f"{masked(address)} was removed and forgotten; {_messages(erased)} erased")
    _mention(run, named)


def _files(run: Session, mine: Iterable[Delivery]) -> Iterator[Path]:
    """What the outbox folder holds of some messages, where mail is written to files."""
    for each in mine:
        yield from run.config.outbox_path.glob(f"{each.digest}-*-{each.id}.*")


def _everybody(run: Session, chosen: Iterable[Subscription]) -> tuple[Reader, ...]:
    """Without an archive the config alone says who reads."""
    try:
        with run.reader() as archive:
            return tuple(each for one in chosen for each in readers(archive, one, run.now()))
    except ArchiveMissing:
        return tuple(_unknown_to_archive(chosen))


def _unknown_to_archive(chosen: Iterable[Subscription]) -> Iterator[Reader]:
    for one in chosen:
        for address in one.to:
            yield Reader(
                subscription=one.name,
                mailbox=address,
                address=address,
                origin="config",
                state=RecipientState.ACTIVE,
                paused_until=None,
                since=None,
                new=True,
            )


def _found(archive: Archive, run: Session, chosen: Iterable[Subscription], address: str) -> tuple[Reader, ...]:
    everybody = (each for one in chosen for each in readers(archive, one, run.now()))
    return tuple(each for each in everybody if each.address.casefold() == address.casefold())


def _require(archive: Archive, run: Session, address: str, subscription: str | None) -> None:
    """Refuse an address that is on no list: a slip of the pen must not look like a removal."""
    chosen = (run.subscription(subscription),) if subscription else run.config.subscriptions
    if _found(archive, run, chosen, address):
        return
    known = [each.address for one in chosen for each in readers(archive, one, run.now())]
    where = f"the list {subscription}" if subscription else "any list"
    raise Refusal(f"“{address}” is not on {where}{nearest(address, known)}")


def _mention(run: Session, named: Iterable[Reader]) -> None:
    for each in named:
        run.output.note(f"the config still names this address in the list {each.subscription}; delete it there too")


def _checked(address: str) -> str:
    try:
        return values.address(address.strip())
    except ValueError as error:
        raise Refusal(str(error)) from None


def _name(run: Session, subscription: str | None) -> str:
    return run.subscription(subscription).name if subscription else EVERY_LIST


def _words(each: Reader) -> str:
    return "new" if each.new and each.state is RecipientState.ACTIVE else str(each.state)


def _messages(number: int) -> str:
    return "one message" if number == 1 else f"{number} messages"
