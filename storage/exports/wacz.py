"""WACZ 1.2.0: the WARC with its index and its pages in one ZIP file (https://specs.webrecorder.net/wacz/1.2.0/)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from storage.codec import stamp
from storage.exports import form, stream
from storage.exports.draft import Draft
from storage.exports.holdings import Holdings
from storage.exports.ledger import Ledger
from storage.exports.sink import Zip
from storage.records import About, Handed, PartRow

_WARC = "data.warc.gz"
_PAGES = (("pages/pages.jsonl", stream.PAGES, "pages"), ("pages/extraPages.jsonl", stream.MORE_PAGES, "extra-pages"))


def write(final: Path, holdings: Holdings, about: About, *, force: bool, step: stream.Step) -> Handed:
    """Write the file and its manifest."""
    with Draft(final, force=force) as draft, Ledger() as ledger:
        with Zip(draft.file, about.created) as container:
            with container.file(f"archive/{_WARC}") as out:
                handed = stream.write(out, holdings, ledger, about, file_name=_WARC, compressed=True, step=step)
            with container.file("indexes/index.cdx", packed=True) as out:
                out.writelines(ledger.lines(stream.INDEX))
            for path, name, identity in _PAGES:
                with container.file(path, packed=True) as out:
                    head = {"format": "json-pages-1.0", "id": identity, "title": about.title or "Pages"}
                    out.write(f"{json.dumps(head, ensure_ascii=False)}\n".encode())
                    out.writelines(ledger.lines(name))
            said = stream.facts(holdings, about, handed, "wacz")
            package = _package(about, tuple(container.parts), said, _home(holdings, ledger))
            with container.file("datapackage.json", packed=True) as out:
                out.write(package)
            digest = container.parts[-1].sha256
            with container.file("datapackage-digest.json", packed=True) as out:
                out.write(_json({"path": "datapackage.json", "hash": f"sha256:{digest}"}))
        handed = replace(handed, parts=(draft.row(), *container.parts))
        draft.finish(stream.manifest(said, handed))
    return handed


def _package(about: About, parts: tuple[PartRow, ...], said: dict[str, object], home: dict[str, str] | None) -> bytes:
    created = form.warc_date(stamp(about.created))
    facts: dict[str, object] = {
        "profile": "wacz",
        "profiles": ["data-package"],  # what validators of data packages are to go by: they know no profile "wacz"
        "wacz_version": "1.1.1",  # no part of 1.2.0, and no hindrance: tools that know 1.1.1 alone look for it
        "title": about.title,
        "description": "Kept by Amtsblick. The chain of captures this comes from ends, at the moment of writing, in "
        f"`{said['chain_head']}` (capture {said['chain_position']}).",
        "created": created,
        "modified": created,
        "software": about.software,
        "resources": [
            {
                "name": part.path.rpartition("/")[2].lower(),
                "path": part.path,
                "hash": f"sha256:{part.sha256}",
                "bytes": part.bytes,
            }
            for part in parts
        ],
        "amtsblick": said,
    }
    if about.organization:
        facts["organization"] = about.organization
    if home is not None:
        facts["home"] = home
    return _json(facts)


def _home(holdings: Holdings, ledger: Ledger) -> dict[str, str] | None:
    """Where a reader begins: the newest version of a start page that is in the file, else the first page there is."""
    starts = {form.target_uri(str(uri)) for _, config in holdings.sources() for uri in config.get("start", ())}
    first = home = None
    for line in ledger.lines(stream.PAGES):
        page = json.loads(line)
        found = {"url": page["url"], "ts": page["ts"]}
        first = first or found
        if page["url"] in starts:
            home = found
    return home or first


def _json(facts: dict[str, object]) -> bytes:
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
