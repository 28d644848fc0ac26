"""All records of some holdings, one after the other, into one stream; and what came of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

from storage.codec import stamp
from storage.exports import cdxj, form
from storage.exports.form import RecordType
from storage.exports.holdings import Holdings
from storage.exports.ledger import Ledger
from storage.exports.sink import Measured
from storage.exports.telling import Account, Teller
from storage.exports.warc import Place, WarcWriter
from storage.records import About, Handed

INDEX, PAGES, MORE_PAGES = "index", "pages", "more pages"  # the lists that a ledger has afterwards

Step = Callable[[str], None]


def write(
    out: Measured, holdings: Holdings, ledger: Ledger, about: About, *, file_name: str, compressed: bool, step: Step
) -> Handed:
    """Write every capture's records; ``step`` is told the URI of each. The ledger has index and pages afterwards."""
    writer = WarcWriter(out, compressed=compressed)
    teller = Teller(holdings, ledger, about, file_name)
    records: Counter[str] = Counter()
    erased = carried = captures = 0

    warcinfo = teller.warcinfo()
    writer.write(warcinfo)
    records[str(warcinfo.type)] += 1
    for row in holdings.rows():
        for account in teller.accounts(row):
            for record in account.records:
                place = writer.write(record)
                records[str(record.type)] += 1
                if record is account.answer:
                    _index(ledger, account, place, file_name)
            _list(ledger, account)
            erased += account.erased
            carried += account.carried
        captures += 1
        step(row["uri"])
    return Handed(captures=captures, records=dict(sorted(records.items())), erased=erased, carried=carried)


def _index(ledger: Ledger, account: Account, place: Place, file_name: str) -> None:
    answer = account.answer
    if answer is None:
        return
    revisit = answer.type is RecordType.REVISIT
    line = cdxj.line(
        account.uri,
        account.stamp,
        mime=cdxj.REVISIT if revisit else form.mime(answer.head) or "unk",
        status=account.status or 0,
        digest=answer.payload_digest or form.digest(answer.body),
        offset=place.offset,
        length=place.length,
        file=file_name,
    )
    ledger.note(INDEX, line, line)


def _list(ledger: Ledger, account: Account) -> None:
    """Put a version's first look on the list of pages."""
    if account.page is None:
        return
    facts = {
        "id": account.answer.id.strip("<>") if account.answer is not None else "",
        "url": account.uri,
        "ts": form.warc_date(account.stamp),
        "title": account.page.title or account.uri,
    }
    line = f"{json.dumps(facts, ensure_ascii=False)}\n".encode("utf-8", "replace")
    ledger.note(MORE_PAGES if account.is_document else PAGES, f"{account.uri} {account.stamp}".encode(), line)


def facts(holdings: Holdings, about: About, handed: Handed, what: str) -> dict[str, object]:
    """What a manifest says of an export, whatever its format."""
    return {
        "format": what,
        "software": about.software,
        "created": form.warc_date(stamp(about.created)),
        "installation": holdings.installation,
        "chain_head": holdings.head,
        "chain_position": holdings.position,
        "selection": holdings.asked(),
        "captures": handed.captures,
        "first_capture": holdings.first,
        "last_capture": holdings.last,
        "records": dict(handed.records),
        "erased": handed.erased,
        "carried": handed.carried,
    }


def manifest(said: dict[str, object], handed: Handed) -> bytes:
    """The manifest as JSON, with every part's size and digest."""
    parts = [
        {"path": part.path, "bytes": part.bytes, "sha256": part.sha256, **({"rows": part.rows} if part.rows else {})}
        for part in handed.parts
    ]
    return (json.dumps({**said, "parts": parts}, ensure_ascii=False, indent=2) + "\n").encode()
