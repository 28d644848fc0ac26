"""``verify``: everything that is stored, compared with what was written."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.progress import StepProgress
from crawler.session import Refusal, Session
from crawler.tell import count
from storage.records import ErasureKind, Proof
from web import rows
from web.written import moment

app = new_app()

_DAMAGED = 65
# Mails bear the whole head, names of backups its first half byte by byte; fewer digits could meet a link by chance.
_HEAD = re.compile(r"(?:sha256:)?((?:[0-9a-f]{2}){6,32})", re.IGNORECASE)


@app.command(epilog="Examples: amtsblick verify · amtsblick verify --head 3f2a6b0c9d1e4f58")
def verify(
    ctx: typer.Context,
    *,
    head: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Prove everything up to this head: from a mail, an export, a backup's name."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object with everything that was found.")] = False,
) -> None:
    """Look at everything that is stored and name each item that is not what was written."""
    run = session(ctx)
    asked = _asked(head)
    with run.reader() as archive, StepProgress(run.output, "verifying") as progress:
        proof = archive.verify(asked, progress.step)
    if json:
        run.output.json(rows.proof(proof, asked))
    else:
        _report(run, proof, asked)
    if proof.findings or (asked and (proof.proven is None or not proof.proven.whole)):
        raise typer.Exit(_DAMAGED)


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
