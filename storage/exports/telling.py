"""Turns captures into WARC records: which types, which profile, what leans on what (docs/adr/0016)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Row

from extractors.model import ASSET, Outcome, Page
from storage.codec import json_text, stamp, written
from storage.exports import form
from storage.exports.form import Field, Record, RecordType, Told
from storage.exports.holdings import Holdings
from storage.exports.ledger import Anchor, Ledger
from storage.records import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The records of one capture. ``answer`` is the one that can be replayed, None where there is none.

    ``page`` is given where the capture is the first here that shows a version. ``erased`` says that what it brought
    is no longer held; ``carried`` that it lies outside the selection and only others lean on it.
    """

    uri: str
    stamp: str
    status: int | None
    answer: Record | None
    rest: tuple[Record, ...]
    page: Page | None = None
    is_document: bool = False
    erased: bool = False
    carried: bool = False

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, in the order in which they are written."""
        return self.rest if self.answer is None else (self.answer, *self.rest)


class Teller:
    """Tells the captures of some holdings one after the other, in order of arrival."""

    def __init__(self, holdings: Holdings, ledger: Ledger, about: About, file_name: str) -> None:
        self._holdings, self._ledger, self._about = holdings, ledger, about
        self._file_name = file_name
        made = f"warcinfo/{holdings.head}/{stamp(about.created)}/{json_text(holdings.asked())}"
        self._warcinfo = form.record_id(holdings.installation, made)

    def warcinfo(self) -> Record:
        """The first record of the file: who made it, how, from what, and up to where the chain reaches."""
        holdings, about = self._holdings, self._about
        lines = [
            ("software", about.software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", form.CONFORMS_TO),
            ("operator", about.contact),
            ("publisher", about.organization),
            ("isPartOf", about.title),
            ("created", form.warc_date(stamp(about.created))),
            ("robots", "obey"),  # RFC 9309; what was refused is a record of its own (outcome: denied)
            ("installation", holdings.installation),
            ("chainHead", holdings.head),
            ("chainPosition", str(holdings.position)),
            ("selection", json_text(holdings.asked())),
            ("captures", str(holdings.count)),
            ("firstCapture", holdings.first or ""),
            ("lastCapture", holdings.last or ""),
            *(("source", json_text({"name": name, **config})) for name, config in holdings.sources()),
        ]
        fields = (
            (Field.TYPE, RecordType.WARCINFO),
            (Field.RECORD_ID, self._warcinfo),
            (Field.DATE, form.warc_date(stamp(about.created))),
            (Field.FILENAME, form.target_uri(self._file_name)),
        )
        return Record(
            type=RecordType.WARCINFO, fields=fields, content_type=form.WARC_FIELDS, body=form.fields_block(lines)
        )

    def accounts(self, row: Row) -> Iterator[Account]:
        """What is written because of one capture: first what it leans on, if that is not written yet."""
        origin = self._holdings.row(row["revisit_of"]) if row["revisit_of"] is not None else None
        if origin is not None and self._is_missing(origin):
            yield self._account(origin, None, carried_for=self._id(row, RecordType.REVISIT))
        yield self._account(row, origin)

    def _is_missing(self, origin: Row) -> bool:
        """Whether an answer that a 304 confirms has to be carried along: it is not selected, nor carried already."""
        if origin["chosen"] or self._anchor(origin) is not None:
            return False
        return self._ledger.first(f"carried {origin['id']}")

    def _account(self, row: Row, origin: Row | None, carried_for: str = "") -> Account:
        holdings = self._holdings
        request, head = holdings.content(row["request"]), holdings.content(row["head"])
        answer = self._confirmed(row, origin) if origin is not None else self._answer(row, head)
        asked = self._request(row, request, answer) if request else None
        shown = origin if origin is not None else row
        erased = _erased(request, head, lost=answer is None and bool(head) and shown["payload"] is not None)
        page = holdings.page(row) if answer is not None and self._begins(row, answer) else None
        text = self._text(row, page, answer) if page is not None and answer is not None else None
        lines = [
            *self._circumstances(row),
            *self._reading(row, text),
            (Told.HEAD, b64encode(head).decode() if head and (answer is None or answer.head != head) else ""),
            (Told.ERASED, ", ".join(erased)),
            (Told.CARRIED, carried_for),
            (Told.CHAIN_BEFORE, holdings.link_before(row)),
            (Told.ARRIVAL, holdings.arrival(row)),
            (Told.CHAIN, written(row["chain"])),
        ]
        metadata = Record(
            type=RecordType.METADATA,
            fields=self._fields(row, RecordType.METADATA, *_beside(answer or asked)),
            content_type=form.WARC_FIELDS,
            body=form.fields_block(lines),
        )
        begins = (
            row["version_id"] is not None and answer is not None and self._ledger.first(f"version {row['version_id']}")
        )
        return Account(
            uri=form.target_uri(row["uri"]),
            stamp=row["captured_at"],
            status=shown["status"],
            answer=answer,
            rest=tuple(each for each in (asked, metadata, text) if each is not None),
            page=(page or holdings.page(row)) if begins else None,
            is_document=bool(row["is_document"]),
            erased=bool(erased),
            carried=bool(carried_for),
        )

    # --- the answer

    def _answer(self, row: Row, head: bytes | None) -> Record | None:
        """The answer as it came; where its bytes stand in this file already, a revisit with its own head."""
        if row["status"] is None or not head:
            return None
        anchor = self._anchor(row) if row["status"] == 200 and row["payload_size"] else None
        if anchor is not None:
            return self._revisit(row, anchor, row["uri"], head)
        body = self._holdings.content(row["payload"])
        if body is None and row["payload"] is not None:
            return None
        cut = ((Field.TRUNCATED, "disconnect"),) if row["outcome"] == Outcome.TRUNCATED else ()
        record = Record(
            type=RecordType.RESPONSE,
            fields=self._fields(row, RecordType.RESPONSE, *cut),
            content_type=form.HTTP_RESPONSE,
            head=form.kept_head(head, like_chunks=form.like_chunks(body or b"")),
            body=body or b"",
        )
        if row["payload"] is not None:
            anchor = Anchor(
                record.id, record.field(Field.DATE), form.digest(record.body), form.like_chunks(record.body)
            )
            self._ledger.hold(row["uri"], row["payload"], anchor)
        return record

    def _confirmed(self, row: Row, origin: Row) -> Record | None:
        """A 304, as a revisit with the head of the answer it confirmed: with its own one it would replay empty."""
        head, anchor = self._holdings.content(origin["head"]), self._anchor(origin)
        return self._revisit(row, anchor, origin["uri"], head) if anchor is not None and head else None

    def _anchor(self, row: Row) -> Anchor | None:
        return self._ledger.anchor(row["uri"], row["payload"]) if row["payload"] is not None else None

    def _revisit(self, row: Row, anchor: Anchor, uri: str, head: bytes) -> Record:
        leans = (
            (Field.PROFILE, form.IDENTICAL_PAYLOAD),
            (Field.REFERS_TO, anchor.record),
            (Field.REFERS_TO_URI, form.target_uri(uri)),
            (Field.REFERS_TO_DATE, anchor.date),
        )
        return Record(
            type=RecordType.REVISIT,
            fields=self._fields(row, RecordType.REVISIT, *leans),
            content_type=form.HTTP_RESPONSE,
            head=form.kept_head(head, like_chunks=anchor.like_chunks),
            payload_digest=anchor.digest,
        )

    # --- what stands beside it

    def _request(self, row: Row, request: bytes, answer: Record | None) -> Record:
        head, end, body = request.partition(b"\r\n\r\n")
        return Record(
            type=RecordType.REQUEST,
            fields=self._fields(row, RecordType.REQUEST, *_beside(answer)),
            content_type=form.HTTP_REQUEST,
            head=head + end,
            body=body,
        )

    def _begins(self, row: Row, answer: Record) -> bool:
        """Whether this text of this address is not in the file yet."""
        if row["page"] is None or answer.type is not RecordType.RESPONSE:
            return False
        return self._ledger.first(f"text {row['resource']} {row['text_digest'].hex()}")

    def _text(self, row: Row, page: Page, answer: Record) -> Record:
        fields = self._fields(row, RecordType.CONVERSION, (Field.REFERS_TO, answer.id))
        at = form.TEXT_OF + form.target_uri(row["uri"])
        return Record(
            type=RecordType.CONVERSION,
            fields=tuple((name, at if name == Field.TARGET_URI else value) for name, value in fields),
            content_type=form.PLAIN_TEXT,
            body=page.text.encode("utf-8", "replace"),
        )

    def _circumstances(self, row: Row) -> tuple[tuple[str, str], ...]:
        hop = self._holdings.row(row["hop_of"]) if row["hop_of"] is not None else None
        return (
            (Told.CAPTURE, str(row["id"])),
            (Told.CRAWL, str(row["crawl_id"])),
            (Told.SOURCE, row["source"]),
            (Told.ROLE, _role(row)),
            (Told.OUTCOME, row["outcome"] or "unread"),
            (Told.RULE, row["rule"]),
            (Told.DETAIL, row["detail"] or row["error"]),
            (Told.VIA, form.target_uri(row["linked_from"] or "")),
            (Told.LABEL, row["label"]),
            (Told.DEPTH, str(row["depth"])),
            (Told.HOP_OF, self._id(hop, RecordType.RESPONSE) if hop is not None else ""),
            (Told.FETCH_MS, str(row["elapsed_ms"])),
            (Told.URI, row["uri"] if form.target_uri(row["uri"]) != row["uri"] else ""),
        )

    def _reading(self, row: Row, text: Record | None) -> tuple[tuple[str, str], ...]:
        return (
            (Told.PAYLOAD_DIGEST, written(row["payload_digest"]) if row["payload_digest"] else ""),
            (Told.TEXT_DIGEST, written(row["text_digest"]) if row["text_digest"] else ""),
            (Told.EXTRACTOR, f"{row['extractor']} {row['extractor_version']}" if row["extractor"] else ""),
            (Told.TEXT_RECORD, text.id if text is not None else ""),
        )

    def _fields(self, row: Row, kind: RecordType, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        host = row["peer"].rpartition(":")[0].strip("[]")
        peer = ((Field.IP_ADDRESS, host),) if host and kind is not RecordType.CONVERSION else ()
        return (
            (Field.TYPE, kind),
            (Field.RECORD_ID, self._id(row, kind)),
            (Field.DATE, form.warc_date(row["captured_at"])),
            (Field.TARGET_URI, form.target_uri(row["uri"])),
            (Field.WARCINFO_ID, self._warcinfo),
            *peer,
            *more,
        )

    def _id(self, row: Row, kind: RecordType) -> str:
        return form.record_id(self._holdings.installation, f"capture/{row['id']}/{kind}")


def _role(row: Row) -> str:
    if row["probe"]:
        return "probe"
    if row["rule"] == ASSET:
        return "asset"
    return "document" if row["is_document"] else "page"


def _beside(other: Record | None) -> tuple[tuple[str, str], ...]:
    return ((Field.CONCURRENT_TO, other.id),) if other is not None else ()


def _erased(request: bytes | None, head: bytes | None, *, lost: bool) -> tuple[str, ...]:
    gone = (("request", request is None), ("head", head is None), ("payload", lost and head is not None))
    return tuple(name for name, is_gone in gone if is_gone)
