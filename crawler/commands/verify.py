"""``verify``: everything that is stored, or was handed over, compared with what was written."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.output import one_line
from crawler.progress import StepProgress
from crawler.session import Refusal, Session
from crawler.tell import count
from storage import backup
from storage.exports import checking
from storage.records import BackupMade, ErasureKind, ExportProof, Proof
from web import rows
from web.written import moment

app = new_app()

_DAMAGED = 65
# Mails bear the whole head, names of backups its first half byte by byte; fewer digits could meet a link by chance.
_HEAD = re.compile(r"(?:sha256:)?((?:[0-9a-f]{2}){6,32})", re.IGNORECASE)


@app.command(
    epilog="Examples: amtsblick verify · amtsblick verify --head 3f2a6b0c9d1e4f58 · amtsblick verify lageso.warc.gz"
)
def verify(
    ctx: typer.Context,
    *,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="An export or a backup, instead of the archive: compared with its manifest."
        ),
    ] = None,
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Prove everything up to this head: from a mail, an export, a backup's name."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object with everything that was found.")] = False,
) -> None:
    """Look at everything that is stored and name each item that is not what was written.

    With FILE, of an export: the size and SHA-256 of each part, the number of records, the digest of each and the chain
    of captures in its WARC; of a backup: the digests of what lies in it. Neither needs an archive.
    """
    run = session(ctx)
    asked = _asked(head)
    if file is not None:
        _handed(run, file, asked, json=json)
        return
    with run.reader() as archive, StepProgress(run.output, "verifying") as progress:
        proof = archive.verify(asked, progress.step)
    if json:
        run.output.json(rows.proof(proof, asked))
    else:
        _report(run, proof, asked)
    if proof.findings or (asked and (proof.proven is None or not proof.proven.whole)):
        raise typer.Exit(_DAMAGED)


def _handed(run: Session, file: Path, asked: str | None, *, json: bool) -> None:
    made = backup.check(file) if file.is_file() and zipfile.is_zipfile(file) else None
    if made is not None:
        _report_backup(run, made, asked, json=json)
        return
    with StepProgress(run.output, "verifying") as progress:
        proof = checking.check(file, asked, progress.step)
    if json:
        run.output.json(rows.export_proof(proof, asked))
    else:
        _report_export(run, proof, asked)
    if proof.findings or (asked is not None and proof.proven is None):
        raise typer.Exit(_DAMAGED)


def _report_backup(run: Session, made: BackupMade, asked: str | None, *, json: bool) -> None:
    out = run.output
    proven = asked is None or made.head.removeprefix("sha256:").startswith(asked)
    if json:
        out.json(rows.backup_proof(made, proven=proven))
    else:
        out.say(f"whole: {made.path}: a backup of {count(made.captures, 'capture', 'captures')}; head {made.head}")
    if not proven:
        out.note(f"{asked} is not its head; restore it in an empty folder, and ask `verify --head` there")
        raise typer.Exit(_DAMAGED)


def _report_export(run: Session, proof: ExportProof, asked: str | None) -> None:
    out = run.output
    for found in proof.findings:
        out.say(f"{found.part}: {one_line(found.item)} {found.detail}")
    if proof.findings:
        out.note(f"{proof.path} is not what was written; export it anew, or get another copy")
        return
    records = sum(proof.records.values())
    inside = f"{count(proof.captures, 'capture', 'captures')} in {records} records" if records else proof.format
    out.say(f"whole: {proof.path}: {inside}; head {proof.head} (capture {proof.position})")
    if not proof.beside and proof.path.is_file():
        out.note("no manifest lies beside it: it was compared with the one inside, which covers the parts alone")
    if asked is None:
        return
    if proof.proven is None:
        out.note(f"{asked} is the link of no capture in it")
    else:
        gaps = f"; {count(proof.gaps, 'gap', 'gaps')} between those that are in it" if proof.gaps else ""
        out.say(f"{asked} is the link of capture {proof.proven}: what is in it up to there is unaltered{gaps}")


def _asked(head: str | None) -> str | None:
    if head is None:
        return None
    found = _HEAD.fullmatch(head.strip())
    if found is None:
        raise Refusal(f"--head: “{head}” is no head; it has 12 to 64 hexadecimal digits, perhaps after sha256:")
    return found.group(1).lower()


def _report(run: Session, proof: Proof, asked: str | None) -> None:
    out = run.output
    for found in proof.findings:
        out.say(f"{found.part}: {found.item} {found.detail}".replace(":  ", ": "))
    for each in proof.tombstones:
        what = f"{count(each.payloads, 'payload', 'payloads')}, {count(each.readings, 'text', 'texts')}"
        subject = "a passage" if each.kind == ErasureKind.PASSAGE else f"{each.kind} {each.subject}"
        out.say(f"erased {run.local(each.erased_at)} by {each.by}: {subject}: {what}; {each.reason} ({each.basis})")
    whole = f"{count(proof.captures, 'capture', 'captures')}, {count(proof.contents, 'content', 'contents')}"
    if proof.findings:
        out.note(f"{count(len(proof.findings), 'thing is', 'things are')} damaged of {whole}; restore a backup")
    else:
        out.say(f"whole: {whole}; head of the chain {proof.head}")
    if asked is None:
        return
    if proof.proven is None:
        out.note(
            f"{asked} is not in the chain: it is from another archive, or what it proved was altered or lies after the "
            "last capture here"
        )
    elif proof.proven.whole:
        until = moment(proof.proven.captured_at) or "the making of the archive"
        out.say(f"{asked} proves captures 1 to {proof.proven.capture} unaltered, up to {until}")
    else:
        out.note(f"{asked} is in the chain, and captures before it do not fit their links")
