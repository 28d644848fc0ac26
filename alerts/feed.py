"""What changed, as an Atom feed (RFC 4287): the sentences of the digests, newest first, and nobody's address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from alerts import items
from alerts.letter import Item, Passage, Run
from alerts.model import WebSettings
from alerts.retraction import KIND as RETRACTED
from alerts.visible import one_line, web_link
from alerts.wording import Wording
from storage.records import Change

ENTRIES = 100  # a reader that asks once a day misses nothing; in the years watched so far no week had more than 40
_ATOM = "http://www.w3.org/2005/Atom"
_PASSAGES = 5  # of one page in its entry; the page itself has the rest
# What XML 1.0 §2.2 has no place for, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS: Mapping[str, str] = {"ins": "ins", "del": "del"}

ET.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a feed is: ``installation`` (32 hex digits) makes its ids, ``source`` "" means all of them.

    ``kind`` is one kind of change, or the family of several (``seminar``), "" means all; ``name`` is how people call
    it. ``link`` is the page that a person may want to see, ``itself`` the feed's own address, "" where it has none.
    ``since`` is the time of a feed without entries.
    """

    installation: str
    since: datetime
    source: str = ""
    kind: str = ""
    name: str = ""
    link: str = ""
    itself: str = ""


def feed(changes: Sequence[Change], about: About, wording: Wording, web: WebSettings) -> bytes:
    """The feed of changes given in the order of commit; the same changes give the same bytes.

    What concerns only operators (``source.*``) and what was imported is left out.
    """
    by_id = {change.id: change for change in changes}
    told = [change for change in changes if _is_told(change, about, by_id)][-ENTRIES:]
    root = ET.Element(f"{{{_ATOM}}}feed")
    of_kind = f":{about.kind}" if about.kind else ""
    _add(root, "id", _urn(about.installation, f"feed:{about.source}{of_kind}"))
    title = about.name or about.kind or about.source
    _add(root, "title", f"Amtsblick: {title}" if title else "Amtsblick")
    _add(root, "updated", _time(max((change.detected_at for change in told), default=about.since)))
    _add(_add(root, "author"), "name", "Amtsblick")
    for relation, target in (("self", about.itself), ("alternate", about.link)):
        if web_link(target):
            _add(root, "link", rel=relation, href=web_link(target))
    for change in reversed(told):
        _entry(root, change, _item(change, by_id, wording, web), about, web)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def is_of(kind: str, wanted: str) -> bool:
    """Whether a kind of change is the one that is wanted, or of that family; "" wants all."""
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


def _is_told(change: Change, about: About, by_id: Mapping[str, Change]) -> bool:
    concerned = not about.source or about.source in {change.source, *change.source_ids}
    wrong = by_id.get(change.subject) if change.kind == RETRACTED else None  # a correction goes where its report went
    kind = wrong.kind if wrong else change.kind
    told = not change.imported and not kind.startswith("source.")
    return concerned and told and is_of(kind, about.kind)


def _item(change: Change, by_id: Mapping[str, Change], wording: Wording, web: WebSettings) -> Item:
    wrong = by_id.get(change.subject) if change.kind == RETRACTED else None
    return items.correction(change, wrong, wording, web) if wrong else items.item_of(change, wording, web)


def _entry(root: ET.Element, change: Change, item: Item, about: About, web: WebSettings) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", _urn(about.installation, change.id))
    _add(entry, "title", item.headline, type="text")
    _add(entry, "published", _time(change.detected_at))
    _add(entry, "updated", _time(change.detected_at))
    base = web_link(web.base_url).rstrip("/")
    page = web_link(item.uri)
    for relation, target in (("alternate", f"{base}/change/{change.id}" if base else page), ("related", page)):
        if target and not (relation == "related" and not base):
            _add(entry, "link", rel=relation, href=target)
    _add(entry, "category", term=change.kind)
    _add(entry, "content", str(Markup("").join(_content(item))) or str(escape(item.headline)), type="html")


def _content(item: Item) -> Iterator[Markup]:
    """The entry as HTML: what happened, when and where, and the words that changed; every byte of a site is escaped."""
    seminar = (item.seminar.when, item.seminar.city, item.seminar.state) if item.seminar else ()
    for text in (item.sentence, ", ".join(filter(None, seminar)), item.teaser):
        if text:
            yield Markup("<p>{}</p>").format(text)
    if item.seminar and item.seminar.quote:
        yield Markup("<blockquote>{}</blockquote>").format(item.seminar.quote)
    for passage in item.passages[:_PASSAGES]:
        yield Markup("<p>{}</p>").format(_passage(passage))


def _passage(passage: Passage) -> Markup:
    return Markup(" ").join(map(_run, passage.runs))


def _run(run: Run) -> Markup:
    tag = _TAGS.get(run.op)
    if tag is None:
        return Markup("…") if run.op == "gap" else escape(run.text)
    return Markup("<{tag}>{text}</{tag}>").format(tag=Markup(tag), text=run.text)  # noqa: S704 - one of two of ours


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        element.text = _FORBIDDEN.sub("\ufffd", text if attributes.get("type") == "html" else one_line(text))
    return element


def _urn(installation: str, name: str) -> str:
    """The same for the same thing for ever, and different from every other installation's (RFC 4122, version 5)."""
    return f"urn:uuid:{uuid5(UUID(installation), name)}"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
