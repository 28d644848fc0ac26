"""A deposit in a bag (BagIt 1.0, RFC 8493): WARC, tables and what to know of them, every file under two digests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from storage.exports import form, stream, tables
from storage.exports.draft import Draft
from storage.exports.holdings import Holdings
from storage.exports.ledger import Ledger
from storage.exports.sink import Container, Folder, Zip
from storage.records import About, Handed, PartRow

_WARC = "amtsblick.warc.gz"
_ALGORITHMS = ("sha256", "sha512")

_README = """\
Was in diesem Paket liegt
=========================

amtsblick.warc.gz  Alle Abrufe im Format WARC 1.1 (ISO 28500:2017): Anfragen und Antworten so, wie sie übertragen
                   wurden, dazu Vermerke (metadata) und der gelesene Text (conversion). Lesbar mit pywb, warcio,
                   fastwarc und anderen Werkzeugen für Webarchive.
*.csv              Tabellen (RFC 4180, UTF-8): Änderungen, Seminare, Hinweise, Abrufe. Eine Zelle, die mit = + - @
                   begänne, hat ein Hochkomma davor, damit keine Tabellenkalkulation sie ausführt.
*.jsonl            Dieselben Tabellen als JSON Lines, mit allen Feldern und ohne Hochkommas.

What this bag holds
===================

amtsblick.warc.gz  All captures as WARC 1.1 (ISO 28500:2017): requests and answers as they were transferred, with
                   metadata records and the text that was read (conversion). pywb, warcio, fastwarc and other tools
                   for web archives read it.
*.csv              Tables (RFC 4180, UTF-8): changes, seminars, notices, captures. A cell that would begin with
                   = + - @ has an apostrophe before it, so that no spreadsheet runs it.
*.jsonl            The same tables as JSON Lines, with all fields and without apostrophes.

The chain
=========

Every capture is a link of a chain: SHA-256 over the link before it and over what arrived, with the SHA-256 of every
request, head and payload. The metadata record of a capture has `chainBefore`, `arrival` and `chain`:

    chain = SHA-256( bytes of chainBefore  ||  arrival as UTF-8 )

When this bag was made the chain of the archive had {position} links and ended in

    {head}

Whoever has an earlier head of the same archive (from a digest mail, an export, a backup) can prove with it that
nothing up to there was altered, taken out or put in since.
"""


def write(
    final: Path,
    holdings: Holdings,
    about: About,
    sheets: Sequence[tables.Sheet],
    *,
    force: bool,
    step: stream.Step,
) -> Handed:
    """Write the bag: a ZIP file if ``final`` ends in ``.zip``, else a folder."""
    if final.suffix != ".zip":
        with Draft(final, folder=True, force=force) as draft:
            folder = Folder(draft.place)
            handed, _ = _fill(folder, holdings, about, sheets, step)
            draft.finish(b"")
        return handed
    with Draft(final, force=force) as draft:
        with Zip(draft.file, about.created, top=f"{final.stem}/") as container:
            handed, said = _fill(container, holdings, about, sheets, step)
        handed = replace(handed, parts=(draft.row(), *handed.parts))
        draft.finish(stream.manifest(said, handed))
    return handed


def _fill(
    container: Container, holdings: Holdings, about: About, sheets: Sequence[tables.Sheet], step: stream.Step
) -> tuple[Handed, dict[str, object]]:
    with Ledger() as ledger, container.file(f"data/{_WARC}") as out:
        handed = stream.write(out, holdings, ledger, about, file_name=_WARC, compressed=True, step=step)
    tables.put(container, sheets, "data/")
    with container.file("data/README.txt", packed=True) as out:
        out.write(_README.format(position=holdings.position, head=holdings.head).encode())
    said = stream.facts(holdings, about, handed, "bagit")
    handed = replace(handed, parts=tuple(container.parts))
    with container.file("data/manifest.json", packed=True) as out:
        out.write(stream.manifest(said, handed))
    payload = tuple(container.parts)
    with container.file("bagit.txt") as out:
        out.write(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    with container.file("bag-info.txt") as out:
        out.write(_info(holdings, about, payload))
    _manifests(container, "manifest", payload)
    _manifests(container, "tagmanifest", tuple(container.parts[len(payload) :]))
    return replace(handed, parts=tuple(container.parts)), said


def _info(holdings: Holdings, about: About, payload: Sequence[PartRow]) -> bytes:
    """bag-info.txt (§2.2.2), by the reserved names where there is one."""
    lines = [
        ("Source-Organization", about.organization),
        ("Contact-Email" if "@" in about.contact else "Contact-Name", about.contact),
        ("External-Description", about.title),
        ("External-Identifier", f"{holdings.installation}/{holdings.position}"),
        ("Bagging-Date", about.created.date().isoformat()),
        ("Bag-Size", f"{sum(part.bytes for part in payload) / 1e6:.1f} MB"),
        ("Payload-Oxum", f"{sum(part.bytes for part in payload)}.{len(payload)}"),
        ("Bag-Software-Agent", about.software),
        ("Amtsblick-Chain-Head", holdings.head),
        ("Amtsblick-Captures", f"{holdings.count}"),
        ("Amtsblick-First-Capture", holdings.first or ""),
        ("Amtsblick-Last-Capture", holdings.last or ""),
    ]
    return form.fields_block(lines).replace(b"\r\n", b"\n")


def _manifests(container: Container, name: str, parts: Sequence[PartRow]) -> None:
    for algorithm in _ALGORITHMS:
        with container.file(f"{name}-{algorithm}.txt") as out:
            for part in parts:
                out.write(f"{getattr(part, algorithm)}  {part.path}\n".encode())
