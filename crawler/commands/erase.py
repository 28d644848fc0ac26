"""``erase``: lawful erasure that verifies."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import address_in
from crawler.publishing import publish
from crawler.session import Refusal, Session
from crawler.tell import count
from crawler.writing import writer
from storage import passages
from storage.archive import Archive
from storage.erasing import new_name
from storage.records import Erased, ErasureKind, ErasureOrder
from web import rows

app = new_app()


@app.command(
    epilog="Example: amtsblick erase --passage 'Erika Mustermann' --reason 'asked for' --basis 'Art. 17 GDPR' --dry-run"
)
def erase(
    ctx: typer.Context,
    *,
    uri: Annotated[str | None, typer.Option(metavar="URL", help="All that was ever seen at an address.")] = None,
    capture: Annotated[
        str | None, typer.Option(metavar="ID", help="The bytes that one look shows (snapshots --json has the ids).")
    ] = None,
    passage: Annotated[
        str | None, typer.Option(metavar="TEXT", help="These words, wherever they stand; - reads them from the input.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; stands in the tombstone.")] = "",
    basis: Annotated[str, typer.Option(metavar="TEXT", help="The legal basis; stands in the tombstone.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decided it; your user name otherwise.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object about what was done.")] = False,
) -> None:
    """Erase bytes, texts, changes, digests and messages for good; a tombstone says when, who, why, and what it was.

    Without a word of --passage in --reason: the reason stays. Watching goes on: what still stands on the web comes
    back with the page's next change.
    """
    run = session(ctx)
    if not (reason.strip() and basis.strip()):
        raise Refusal("an erasure needs --reason and --basis; both stand in its tombstone")
    path = run.config.archive_path
    with writer(run) as archive:
        order = _order(archive, uri=uri, capture=capture, passage=passage, reason=reason, basis=basis, by=by)
        planned = archive.erase(order, run.now(), dry_run=True)
        if not (planned.captures or planned.contents or planned.tombstone.changes or planned.digests):
            raise Refusal("there is nothing of it in the archive; nothing was erased")
        if dry_run or not _agreed(run, planned, yes=yes):
            _report(run, planned, path, json=json, dry_run=True)
            return
        mine = [each for each in archive.outbox() if each.digest in planned.digests]
        try:
            done = archive.erase(order, run.now())
        finally:
            for file in _files(run, [(each.digest, each.id) for each in mine]):
                file.unlink(missing_ok=True)
        publish(run, archive)
    _report(run, done, path, json=json, dry_run=False)


def _order(
    archive: Archive, *, uri: str | None, capture: str | None, passage: str | None, reason: str, basis: str, by: str
) -> ErasureOrder:
    chosen = [each for each in (uri, capture, passage) if each is not None]
    if len(chosen) != 1:
        raise Refusal("say what: one of --uri URL, --capture ID, --passage TEXT")
    if uri is not None:
        kind, subject = ErasureKind.URI, address_in(archive, uri)
    elif capture is not None:
        if not capture.isascii() or not capture.isdigit() or archive.capture(int(capture)) is None:
            raise Refusal(f"there is no look {capture}; `amtsblick snapshots URL --json` has the ids")
        kind, subject = ErasureKind.CAPTURE, capture
    else:
        try:
            kind, subject = ErasureKind.PASSAGE, passages.subject(sys.stdin.read() if passage == "-" else passage or "")
        except ValueError as error:
            raise Refusal(f"--passage: {error}") from None
        _keep_out(subject, reason, basis)
    return ErasureOrder(
        kind=kind, subject=subject, by=by or getpass.getuser(), reason=reason, basis=basis, name=new_name()
    )


def _keep_out(subject: str, *texts: str) -> None:
    """A tombstone must not say what it is about."""
    order = ErasureOrder(kind=ErasureKind.PASSAGE, subject=subject, by="", reason="", basis="", name="")
    passage = passages.of(order)
    if passage is not None and any(passage.spans(text) for text in texts):
        raise Refusal("--reason and --basis stay; leave the passage out of them")


def _agreed(run: Session, planned: Erased, *, yes: bool) -> bool:
    if yes:
        return True
    if not (run.interactive and run.output.stderr.isatty()):
        raise Refusal("nothing was erased: it cannot be undone, so it needs --yes; --dry-run shows what would go")
    _tell(run, planned, "would go")
    return typer.confirm("Erase this for good?", err=True)


def _report(run: Session, done: Erased, path: Path, *, json: bool, dry_run: bool) -> None:
    if json:
        run.output.json(rows.erased(done, dry_run=dry_run))
        return
    _tell(run, done, "would go" if dry_run else "erased")
    if dry_run:
        run.output.note("nothing was erased")
        return
    for copy in sorted(path.parent.glob(f"{path.name}.*")):
        if copy.name.startswith((f"{path.name}.schema-", f"{path.name}.replaced-")):
            run.output.note(f"{copy} is an older copy and still has it; delete it")
    run.output.note("backups still have it; restoring one erases it again, as long as the file beside is kept: "
                    f"{path.name}.erased")  # fmt: skip


def _tell(run: Session, done: Erased, verb: str) -> None:
    stone = done.tombstone
    parts = (
        count(stone.payloads, "payload", "payloads"),
        count(stone.readings, "text", "texts"),
        count(stone.changes, "told change", "told changes"),
        count(len(done.digests), "digest", "digests"),
        count(stone.messages, "message", "messages"),
    )
    run.output.say(f"{verb}: {', '.join(parts)}")
    for each in done.uris:
        run.output.say(f"    {each}")
    for each in done.shared:
        run.output.note(f"bytes that {each} shows too stay; erase that address as well, if they have to go")


def _files(run: Session, messages: list[tuple[int, int]]) -> Iterator[Path]:
    """What the outbox folder holds of some messages, where mail is written to files."""
    for digest, message in messages:
        yield from run.config.outbox_path.glob(f"{digest}-*-{message}.*")
