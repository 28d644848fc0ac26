"""``reextract``: the whole archive, read again with today's extractor.

Good looks are read again, oldest to newest, pages and documents. Looks that did not show the page keep the judgement
of their day, and with it what was read of them: what was told rests on those judgements, and an address that was taken
for gone is not brought back by a better rule but by the next look at it.
"""

from __future__ import annotations

import logging
import time
from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.interrupts import end_as_ctrl_c_does, run_async
from crawler.progress import ReadingProgress
from crawler.readers import Readers
from crawler.rereading import Rereader, Tally
from crawler.session import Session
from crawler.tell import count
from crawler.writing import writer
from extractors.edition import EXTRACTOR_VERSION
from storage.archive import Archive

app = new_app()

_INTERRUPTED = 130


@app.command(epilog="Example: amtsblick reextract --json")
def reextract(
    ctx: typer.Context,
    *,
    source: Annotated[str | None, typer.Option(metavar="S", help="Only this source.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One object at the end.")] = False,
) -> None:
    """Read all kept bytes again with today's extractor; nothing is told because of it.

    Stop it whenever you like: what was read again stays, and the next call goes on from there.
    """
    run = session(ctx)
    end_as_ctrl_c_does()
    began = time.monotonic()
    try:
        with writer(run) as archive:
            names = (run.source(source).name,) if source is not None else archive.crawled_sources()
            looks, tallies = _read_all(run, archive, names)
    except KeyboardInterrupt:
        logging.getLogger("asyncio").disabled = True  # after a second signal, its task would report itself once more
        run.output.note("stopped; what was read again is kept, and the next call goes on from there")
        raise typer.Exit(_INTERRUPTED) from None
    row = {
        "sources": len(names),
        "looks": looks,
        "read": sum(each.read for each in tallies),
        "changed": sum(each.changed for each in tallies),
        "kept": sum(each.kept for each in tallies),
        "extractor_version": EXTRACTOR_VERSION,
        "seconds": round(time.monotonic() - began, 3),
    }
    if json:
        run.output.json(row)
    elif not looks:
        run.output.say("everything was read by today's extractor already")
    else:
        again = f"{count(looks, 'look', 'looks')} in today's words"
        run.output.say(f"{again}; {row['read']} read again, {row['changed']} with another text, {row['kept']} kept")


def _read_all(run: Session, archive: Archive, names: tuple[str, ...]) -> tuple[int, list[Tally]]:
    """How many looks had an earlier reading, and what reading them again came to, source by source."""
    readers = Readers()
    try:
        with ReadingProgress(run.output) as progress:
            found = [Rereader(archive, name, run.config.source_named(name), readers, progress.step) for name in names]
            total = sum(each.backlog() for each in found)
            progress.start(total)
            for name, each in zip(names, found, strict=True):
                with archive.source_lock(name):
                    run_async(_read_one(run, each))
    finally:
        readers.stop()
    return total, [each.tally for each in found]


async def _read_one(run: Session, rereader: Rereader) -> None:
    await rereader.catch_up(run.now())
    await rereader.read_history()
