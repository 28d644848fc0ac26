"""Archived states: as a page of ours round them, as they looked, as text, and as the bytes that were received."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from extractors import charset, coding, media, replay
from extractors.heads import fields
from extractors.html import Refusal
from extractors.model import Notice, Page
from storage.imports.found import Origin
from storage.records import Citation, ErasureKind, Memento, Tombstone
from web import rows
from web.answers import Answer, Elsewhere, Headers, Nothing, Sent, Shown
from web.articles import Lines, article
from web.ask import Ask
from web.timeline import LINKS, link_field, link_format, memento_headers, timemap_row
from web.unknown import never_seen
from web.written import digits, from_http_date, last_moment, moment

_WHEN = re.compile(r"(\d{4,14})(|if_|id_|im_|tx_)", re.ASCII)
#: Of a page as it looked: nothing but the styles, images and fonts that lie here; no script; links lead out of the
#: frame when somebody follows them, archived PDFs as downloads (docs/adr/0020).
FRAMED = (
    "sandbox allow-top-navigation-by-user-activation allow-downloads; default-src 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
#: Of bytes as they were received, and of styles, images and fonts where somebody opens them by themselves.
BARE = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# Bytes once decoded; what was archived was below a source's max_bytes, 32 MB unless set otherwise.
_LARGEST = 128 << 20
_MOST_MISSING = 100  # addresses that are named one by one
# A basis that names a law, a court or an order (RFC 7725: what a legal demand keeps from being shown).
_LEGAL = re.compile(
    r"§|\bArt(?:ikel|icle|\.)?\s*\d|DSGVO|GDPR|BDSG|UrhG|[Gg]esetz|[Uu]rteil|[Bb]eschluss|[Vv]erfügung|[Aa]nordnung"
    r"|\b(?:law|court|act|order|injunction)\b"
)
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
_FIELD_VALUE = re.compile(r"[^\x20-\x7e\xa1-\xff\t]")
_LONGEST_VALUE = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One archived state, as its page tells of it.

    ``frame`` is the path of the state as it looked, "" where there is nothing to show; ``missing`` are addresses of
    styles, images and fonts that were not archived, ``named`` those of them that are listed, ``parts`` how many the
    page asks for.
    """

    state: Memento
    heading: str
    page: Page | None
    notices: tuple[tuple[Notice, tuple[Lines, ...]], ...]
    text: tuple[Lines, ...]
    frame: str
    parts: int
    missing: tuple[str, ...]
    named: tuple[str, ...]
    citation: Citation | None
    origins: tuple[Origin, ...]
    zone: str
    permanent: str


def memento(ask: Ask) -> Answer:
    """The state that an address and digits name, in the form that letters behind the digits name."""
    if ask.path["when"] == "*":  # as other archives list all states
        return Elsewhere(to=ask.to.page(ask.target))
    named = _WHEN.fullmatch(ask.path["when"])
    at = last_moment(named[1]) if named else None
    if named is None or at is None:
        return Nothing(what="no_such_page")
    form = named[2]
    if form == "im_":
        return _part(ask, at)
    state = ask.archive.memento_at(ask.target, at)
    if state is None:
        return never_seen(ask, ask.target)
    if digits(state.capture.captured_at) != named[1]:
        there = ask.to.memento(state.capture.captured_at, state.capture.uri, form)
        return Elsewhere(to=there, headers=(("Link", link_field(ask, state)),))
    if not form:
        form = "page" if ask.json or state.erased is not None or _is_html(state) else "id_"
    return _FORMS[form](ask, state)


def timegate(ask: Ask) -> Answer:
    """The state that a program asks for by ``Accept-Datetime``; the newest one where it names no time."""
    wanted = ask.headers.get("accept-datetime")
    at = from_http_date(wanted) if wanted else ask.now
    if at is None:
        return Nothing(what="no_moment", status=400)
    state = ask.archive.memento_at(ask.target, at.replace(microsecond=999_999))
    if state is None:
        return never_seen(ask, ask.target)
    return Elsewhere(
        to=ask.absolute(ask.permanent.memento(state.capture.captured_at, state.capture.uri)),
        headers=(("Vary", "accept-datetime"), ("Link", link_field(ask, state))),
    )


def timemap(ask: Ask) -> Answer:
    """All states of an address, for programs."""
    states = ask.archive.mementos(ask.target)
    if not states:
        return never_seen(ask, ask.target)
    body = ",\n".join(link_format(ask, states))
    return Sent(body=f"{body}\n".encode(), media_type=LINKS)


def timemap_json(ask: Ask) -> Answer:
    """The same as JSON."""
    states = ask.archive.mementos(ask.target)
    if not states:
        return never_seen(ask, ask.target)
    return Sent(body=rows.dumped(timemap_row(ask, states)), media_type="application/json")


# --- the forms of a state


def _page(ask: Ask, state: Memento) -> Answer:
    row, page = state.capture, state.page
    citation = ask.archive.citation((state.original or row).id)
    origins = ask.archive.origins([row.id])
    parts = _parts(ask, state) if state.payload and _is_html(state) else None
    held = ask.archive.held_bytes(parts or ())
    missing = tuple(each for each in parts or () if each not in held)
    to = _links(ask, row.captured_at)
    content = Seen(
        state=state,
        heading=(page.title if page and (_is_left(page) or not state.erased) else "") or row.uri,
        page=page,
        notices=tuple((each, article(each.blocks, to)) for each in (page.notices if page else ())),
        text=article(page.blocks, to) if page else (),
        frame=ask.to.memento(row.captured_at, row.uri, "if_") if parts is not None else "",
        parts=len(parts or ()),
        missing=missing,
        named=missing[:_MOST_MISSING],
        citation=citation,
        origins=origins.get(row.id, ()),
        zone=ask.settings.zone.key,
        permanent=ask.cited(ask.permanent.memento(row.captured_at, row.uri)),
    )
    data = {
        **rows.state(row, origins.get(row.id, ()), page, state.erased),
        "citation": rows.citation(citation, state.original or row) if citation else None,
        "missing": list(missing),
        "first": moment(state.first),
        "previous": moment(state.previous),
        "next": moment(state.next),
        "last": moment(state.last),
    }
    return Shown(
        template="memento.html.j2",
        title=content.heading,
        content=content,
        row=data,
        status=_status(state.erased) if state.erased else 200,
        headers=(("Link", link_field(ask, state)),) if state.erased else memento_headers(ask, state),
    )


def _framed(ask: Ask, state: Memento) -> Answer:
    """The state as it looked, for the frame of its page."""
    if state.erased:
        return _gone(ask, state)
    text = _markup(state)
    if text is None:
        return Nothing(what="not_shown", status=404)
    made = replay.replayed(text, state.capture.uri, _targets(ask, state.capture.captured_at))
    if isinstance(made, Refusal):
        return Nothing(what="not_shown", status=404)
    return Sent(
        body=made.html.encode("utf-8", "replace"),
        media_type="text/html; charset=utf-8",
        policy=FRAMED,
        headers=(*memento_headers(ask, state), ("X-Frame-Options", "SAMEORIGIN")),
    )


def _part(ask: Ask, at: datetime) -> Answer:
    """A style, an image or a font as it was archived nearest in time."""
    state = ask.archive.nearest(ask.target, at)
    if state is None:
        return never_seen(ask, ask.target)
    head = _head(state)
    body = _decoded(state)
    kind = media.passive(head.get("content-type", ""), body, state.capture.uri) if body is not None else ""
    if body is None or not kind:
        return Nothing(what="not_shown", status=404)
    if kind == "text/css":
        text = charset.decode(body, head.get("content-type", "")).text
        body = replay.replayed_style(text, state.capture.uri, _targets(ask, at)).encode("utf-8", "replace")
        kind = "text/css; charset=utf-8"
    return Sent(
        body=body,
        media_type=kind,
        policy=BARE,
        headers=(
            *memento_headers(ask, state),
            # The frame has no origin: fonts are asked for across origins, and everything else is from another one.
            ("Access-Control-Allow-Origin", "*"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
        ),
    )


def _text(ask: Ask, state: Memento) -> Answer:
    page = state.page
    if state.erased and not _is_left(page):
        return _gone(ask, state)
    if page is None or not page.text:
        return Nothing(what="no_text")
    return Sent(
        body=f"{page.text}\n".encode("utf-8", "replace"),
        media_type="text/plain; charset=utf-8",
        policy=BARE,
        headers=memento_headers(ask, state),
    )


def _bytes(ask: Ask, state: Memento) -> Answer:
    """The payload as it was received; its coding is undone for whom would not understand it."""
    if state.erased:
        return _gone(ask, state)
    head = _head(state)
    codings = head.get("content-encoding", "")
    body, kept = state.payload, codings
    if codings and not _accepts(ask.headers.get("accept-encoding", ""), codings):
        decoded = _decoded(state)
        if decoded is not None:
            body, kept = decoded, ""
    kind = head.get("content-type", "")
    at, uri = state.capture.captured_at, state.capture.uri
    own: Headers = (
        *memento_headers(ask, state),
        ("Content-Disposition", f"attachment; filename={digits(at)}.{media.ending(kind, uri)}"),
        *((("Content-Encoding", _sane(kept)),) if kept else ()),
        *((("Vary", "Accept-Encoding"),) if codings else ()),
    )
    return Sent(
        body=body,
        media_type=_sane(kind) if media.named(kind) else media.OCTETS,
        policy=BARE,
        headers=(*own, *_original(state)),
    )


_FORMS: Mapping[str, Callable[[Ask, Memento], Answer]] = {
    "page": _page,
    "if_": _framed,
    "id_": _bytes,
    "tx_": _text,
}


# --- what they are made of


def _gone(ask: Ask, state: Memento) -> Nothing:
    """Why the bytes of a state are not there any more."""
    stone = state.erased
    if stone is None:
        raise AssertionError("nothing was erased")
    values = {
        "uri": state.capture.uri,
        "day": ask.visitor.words.day(stone.erased_at),
        "reason": stone.reason,
        "basis": stone.basis,
    }
    what = "expired" if stone.kind == ErasureKind.RETENTION else "erased"
    return Nothing(what=what, values=values, status=_status(stone))


def _is_left(page: Page | None) -> bool:
    """Whether an erasure left any text; a title that was erased is a mark."""
    return page is not None and bool(page.blocks or page.notices)


def _status(stone: Tombstone) -> int:
    legal = stone.kind != ErasureKind.RETENTION and bool(_LEGAL.search(stone.basis))
    return 451 if legal else 410


def _head(state: Memento) -> dict[str, str]:
    """The header fields that belong to the bytes: of a state that a 304 confirmed, those of the answer before."""
    looks = (state.original, state.capture) if state.original else (state.capture,)
    return {name.lower(): value for row in looks if row for name, value in fields(row.head)}


def _decoded(state: Memento) -> bytes | None:
    """The payload without its coding; None where it cannot be undone."""
    try:
        return coding.decode(state.payload, _head(state).get("content-encoding", ""), _LARGEST).body
    except coding.CodingError:
        return None


def _is_html(state: Memento) -> bool:
    if not state.payload:
        return False
    kind = _head(state).get("content-type", "")
    if media.named(kind) and "html" not in kind.lower() and media.named(kind) != media.OCTETS:
        return False
    return media.is_html(kind, _decoded(state) or b"")


def _markup(state: Memento) -> str | None:
    body = _decoded(state) if _is_html(state) else None
    return None if body is None else charset.decode(body, _head(state).get("content-type", "")).text


def _parts(ask: Ask, state: Memento) -> tuple[str, ...] | None:
    """The styles, images and fonts that a page names; None where it cannot be shown as it looked."""
    text = _markup(state)
    if text is None:
        return None
    made = replay.replayed(text, state.capture.uri, _targets(ask, state.capture.captured_at))
    return None if isinstance(made, Refusal) else made.parts


def _targets(ask: Ask, at: datetime) -> replay.Targets:
    return replay.Targets(page=_links(ask, at), part=lambda uri: ask.to.memento(at, uri, "im_"))


def _links(ask: Ask, at: datetime) -> Callable[[str], str]:
    return lambda uri: ask.to.memento(at, uri)


def _original(state: Memento) -> Headers:
    """All header fields of the answer, under names that do nothing."""
    row = state.original or state.capture
    return tuple(
        (f"X-Archive-Orig-{name}", _sane(value)) for name, value in fields(row.head) if _FIELD_NAME.fullmatch(name)
    )


def _sane(value: str) -> str:
    return _FIELD_VALUE.sub(" ", value)[:_LONGEST_VALUE].strip()


def _accepts(accepted: str, codings: str) -> bool:
    """Whether an Accept-Encoding takes all of some codings (RFC 9110 §12.5.3); one that is not there takes none."""
    taken: dict[str, bool] = {}
    for part in accepted[:1000].split(","):
        name, _, rest = part.partition(";")
        refused = re.fullmatch(r"\s*q\s*=\s*0(?:\.0{0,3})?\s*", rest) is not None
        taken[name.strip().lower()] = not refused
    wanted = [each.strip().lower() for each in codings.split(",") if each.strip()]
    return all(taken.get(each, taken.get("*", False)) for each in wanted)
