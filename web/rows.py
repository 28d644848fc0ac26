"""The JSON objects that commands print and the web view answers with, by the fields of docs/json.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from extractors.model import Attachment, Page
from storage.records import (
    BackupMade,
    Capture,
    Change,
    Citation,
    Delivery,
    DigestHead,
    DigestRow,
    Erased,
    ExportProof,
    Held,
    Hold,
    Mention,
    NoticeRow,
    Proof,
    SearchHit,
    SeminarRow,
    Stretch,
    Tombstone,
    Version,
)
from web.written import moment

if TYPE_CHECKING:
    from alerts.delivery import Attempt  # would load all that mail needs
    from alerts.readers import Reader
    from storage.imports.found import Origin
    from web.compare import Compared

Row = dict[str, Any]


def dumped(row: Row) -> bytes:
    """A row as it is sent; what cannot be written in UTF-8 is replaced."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def change(row: Change, retracted: Change | None = None) -> Row:
    """One thing that happened; ``retracted`` takes it back."""
    return {
        "id": row.id,
        "kind": row.kind,
        "minor": row.minor,
        "source": row.source,
        "source_ids": list(row.source_ids),
        "uri": row.uri,
        "uris": list(row.uris),
        "title": row.title,
        "summary": row.summary,
        "detected_at": moment(row.detected_at),
        "observed_at": moment(row.observed_at),
        "before": row.before,
        "after": row.after,
        "imported": row.imported,
        "reason": row.reason,
        "retracted": {"at": moment(retracted.detected_at), "reason": retracted.reason} if retracted else None,
    }


def held(row: Held) -> Row:
    """Something that was seen and not told, and why."""
    return {
        "held": True,
        "source": row.source,
        "crawl": str(row.crawl_id),
        "uri": row.uri,
        "rule": row.rule,
        "detail": row.detail,
        "into": row.into or None,
    }


def attachment(row: Attachment) -> Row:
    """A linked document as its page presents it."""
    return {"label": row.label, "uri": row.uri, "size": row.size}


def seminar(row: SeminarRow, attachments: Sequence[Attachment]) -> Row:
    """One seminar of the register; ``attachments`` are those of the pages that its title names it on."""
    return {
        "id": row.id,
        "number": row.number,
        "year": row.year,
        "series": row.series,
        "title": row.title,
        "start": row.start,
        "end": row.end,
        "city": row.city,
        "state": row.state,
        "substitute": row.substitute,
        "uri": row.uri,
        "uris": list(dict.fromkeys(mention.uri for mention in row.mentions)),
        "attachments": [attachment(each) for each in attachments],
        "conflicts": [
            {"field": each.field, "values": [{"value": value, "uri": uri} for value, uri in each.values]}
            for each in row.conflicts
        ],
        "claims": [claim(each) for each in row.mentions],
        "first_seen": moment(row.first_seen),
        "last_seen": moment(row.last_seen),
    }


def claim(row: Mention) -> Row:
    """What one page says about a seminar, and the version it says it in."""
    return {
        "uri": row.uri,
        "source": row.source,
        "title": row.title,
        "start": row.start,
        "end": row.end,
        "city": row.city,
        "state": row.state,
        "quote": row.quote or row.title,  # an entry that only names a seminar is all it says
        "version": None if row.version is None else str(row.version),
        "captured_at": moment(row.captured_at),
    }


def search_hit(row: SearchHit) -> Row:
    """One page that has, or had, the words; places of marks are counted in characters (code points) from 0."""
    return {
        "uri": row.uri,
        "kind": str(row.kind),
        "title": row.title,
        "version": str(row.version_id),
        "since": moment(row.since),
        "until": moment(row.until),
        "versions": row.versions,
        "first_since": moment(row.first_since),
        "passages": [
            {"part": str(each.part), "text": each.text, "marks": [list(mark) for mark in each.marks]}
            for each in row.passages
        ],
    }


def notice(row: NoticeRow) -> Row:
    """One notice of one host."""
    return {
        "id": row.id,
        "host": row.host,
        "text": row.text,
        "uris": list(row.uris),
        "pages": row.peak_pages,
        "first_seen": moment(row.first_seen),
        "last_seen": moment(row.last_seen),
        "lifted_at": moment(row.lifted_at),
        "replaced_by": row.replaced_by,
    }


def capture(row: Capture, origins: Sequence[Origin] = ()) -> Row:
    """One look at an address; ``origins`` say where an imported one comes from."""
    return {
        "id": str(row.id),
        "uri": row.uri,
        "captured_at": moment(row.captured_at),
        "status": row.status,
        "outcome": str(row.outcome),
        "rule": row.rule,
        "detail": row.detail,
        "payload_digest": row.payload_digest,
        "text_digest": row.text_digest,
        "bytes": row.payload_size,
        "location": row.location,
        "provenance": [{"archive": each.archive, "record": each.record} for each in origins],
    }


def tombstone(row: Tombstone) -> Row:
    """One erasure, by order or by the rule of retention."""
    return {
        "id": row.name,
        "erased_at": moment(row.erased_at),
        "kind": row.kind,
        "subject": None if row.kind == "passage" else row.subject,
        "by": row.by,
        "reason": row.reason,
        "basis": row.basis,
        "payloads": row.payloads,
        "texts": row.readings,
        "changes": row.changes,
        "messages": row.messages,
    }


def erased(row: Erased, *, dry_run: bool) -> Row:
    """What an erasure did, or would do."""
    return {
        **tombstone(row.tombstone),
        "dry_run": dry_run,
        "uris": list(row.uris),
        "digests": [str(number) for number in row.digests],
        "shared": list(row.shared),
    }


def hold(row: Hold) -> Row:
    """One legal hold."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "subject": row.subject,
        "by": row.by,
        "reason": row.reason,
        "since": moment(row.since),
        "lifted_at": moment(row.lifted_at),
    }


def proof(row: Proof, asked: str | None) -> Row:
    """What came of looking at everything."""
    proven = row.proven
    return {
        "whole": not row.findings,
        "captures": row.captures,
        "contents": row.contents,
        "head": row.head,
        "findings": [{"part": each.part, "item": each.item, "detail": each.detail} for each in row.findings],
        "tombstones": [tombstone(each) for each in row.tombstones],
        "asked": asked,
        "proven": {"capture": str(proven.capture), "until": moment(proven.captured_at), "whole": proven.whole}
        if proven
        else None,
    }


def export_proof(row: ExportProof, asked: str | None) -> Row:
    """What came of comparing an export with its manifest."""
    return {
        "path": str(row.path),
        "format": row.format,
        "whole": not row.findings,
        "findings": [{"part": each.part, "item": each.item, "detail": each.detail} for each in row.findings],
        "captures": row.captures,
        "records": dict(row.records),
        "head": row.head,
        "position": row.position,
        "manifest": "beside" if row.beside else "inside",
        "asked": asked,
        "proven": str(row.proven) if row.proven is not None else None,
        "gaps": row.gaps,
    }


def backup_proof(row: BackupMade, *, proven: bool) -> Row:
    """A backup that fits its manifest; ``proven`` if its head is the one that was asked about."""
    return {
        "path": str(row.path),
        "format": "backup",
        "whole": True,
        "findings": [],
        "captures": row.captures,
        "head": row.head,
        "proven": proven,
    }


def citation(row: Citation, capture: Capture) -> Row:
    """What a citation of one look needs."""
    return {
        "uri": capture.uri,
        "captured_at": moment(capture.captured_at),
        "payload_digest": capture.payload_digest,
        "installation": row.installation,
        "capture": str(row.capture),
        "link": row.link,
        "captures": str(row.captures),
        "head": row.head,
    }


def delivery(row: Delivery) -> Row:
    """One message to one recipient."""
    return {
        "id": str(row.id),
        "digest": str(row.digest),
        "recipient": row.recipient,
        "part": row.part,
        "message_id": row.message_id,
        "state": str(row.state),
        "attempts": row.attempts,
        "next_at": moment(row.next_at),
        "last_answer": row.last_answer,
        "created_at": moment(row.created_at),
        "sent_at": moment(row.sent_at),
    }


def reader(row: Reader) -> Row:
    """One person on one list."""
    return {
        "subscription": row.subscription,
        "address": row.address,
        "origin": row.origin,
        "state": str(row.state),
        "paused_until": moment(row.paused_until),
        "since": moment(row.since),
        "new": row.new,
    }


def page(row: Page) -> Row:
    """A page as a reader sees it."""
    return {
        "title": row.title,
        "kind": str(row.kind),
        "language": row.language,
        "text": row.text,
        "notices": [each.text for each in row.notices],
        "documents": [attachment(each) for each in row.attachments],
        "dates": [{"day": each.day.isoformat(), "role": each.role, "quote": each.quote} for each in row.dates],
        "extractor": row.extractor,
        "extractor_version": row.extractor_version,
    }


def compared(row: Compared) -> Row:
    """One block that changed between two states of a page."""
    change = row.change
    return {
        "op": str(change.op),
        "part": str(row.part),
        "before": change.before.text if change.before else None,
        "after": change.after.text if change.after else None,
        "runs": [{"op": str(run.op), "text": run.text} for run in change.runs],
    }


def version(row: Version | Stretch) -> Row:
    """One stretch of time in which a page's text stayed the same."""
    return {"id": str(row.id), "since": moment(row.since), "text_digest": row.text_digest}


def digest(row: DigestRow | DigestHead) -> Row:
    """One digest that was closed."""
    return {
        "digest": str(row.number),
        "subscription": row.subscription,
        "kind": row.kind,
        "created_at": moment(row.created_at),
        "subject": row.subject,
        "changes": list(row.change_ids),
    }


def attempt(row: Attempt) -> Row:
    """What came of one message in one pass."""
    return {
        "id": str(row.id),
        "recipient": row.recipient,
        "state": str(row.state),
        "next_at": moment(row.next_at),
        "last_answer": row.answer,
    }


def state(row: Capture, origins: Sequence[Origin], text: Page | None, stone: Tombstone | None) -> Row:
    """The state of a page at one moment; ``text`` is None of what has none."""
    return {
        **capture(row, origins),
        **(page(text) if text is not None else {}),
        "erased": tombstone(stone) if stone else None,
    }


def difference(
    before: Capture, after: Capture, changes: Sequence[Compared], origins: Mapping[int, Sequence[Origin]]
) -> Row:
    """What changed between two states of a page."""
    return {
        "uri": after.uri,
        "from": capture(before, origins.get(before.id, ())),
        "to": capture(after, origins.get(after.id, ())),
        "changed": bool(changes),
        "blocks": [compared(each) for each in changes],
    }
