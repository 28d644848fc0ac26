"""One WARC file with everything; plain where its name ends in ``.warc``, else compressed record by record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storage.exports import stream
from storage.exports.draft import Draft
from storage.exports.holdings import Holdings
from storage.exports.ledger import Ledger
from storage.exports.sink import Measured
from storage.records import About, Handed


def write(final: Path, holdings: Holdings, about: About, *, force: bool, step: stream.Step) -> Handed:
    """Write the file and its manifest."""
    with Draft(final, force=force) as draft, Ledger() as ledger:
        out = Measured(draft.file)
        compressed = not final.name.endswith(".warc")
        handed = stream.write(out, holdings, ledger, about, file_name=final.name, compressed=compressed, step=step)
        handed = replace(handed, parts=(out.row(final.name),))
        draft.finish(stream.manifest(stream.facts(holdings, about, handed, "warc"), handed))
    return handed
