"""What changed, as Atom feeds: of everything, of one source, of one kind of change or family of kinds."""

from __future__ import annotations

from alerts.feed import About, feed
from alerts.languages import wording
from web.answers import Answer, Nothing, Sent
from web.ask import Ask
from web.texts.common import COMMON
from web.views.source import is_known

_ATOM = "application/atom+xml; charset=utf-8"
_KINDS = frozenset(kind for kind in COMMON["de"].kinds if not kind.startswith(("source.", "change.")))
_FAMILIES = frozenset(kind.partition(".")[0] for kind in _KINDS)


def everything(ask: Ask) -> Answer:
    """The newest changes of all sources."""
    return _feed(ask)


def of_source(ask: Ask) -> Answer:
    """The newest changes of one source."""
    name = ask.path["source"]
    return _feed(ask, source=name) if is_known(ask, name) else Nothing(what="no_source", values={"name": name})


def of_kind(ask: Ask) -> Answer:
    """The newest changes of one kind, as ``document.changed``, or of one family, as ``seminar``."""
    kind = ask.path["kind"]
    return _feed(ask, kind=kind) if kind in _KINDS | _FAMILIES else Nothing(what="no_such_page")


def _feed(ask: Ask, *, source: str = "", kind: str = "") -> Answer:
    """A feed, written once for all who ask until there is something new, or something was erased."""
    state = (ask.archive.installation_id, ask.changes.newest, ask.archive.last_erasure())
    body = ask.kept.get((_feed, (source, kind)), state, lambda: _written(ask, source, kind))
    return Sent(body=body, media_type=_ATOM)


def _written(ask: Ask, source: str, kind: str) -> bytes:
    """A feed is in German, as the files that are published beside the mail: it has one address for all readers."""
    words = wording("de", ask.settings.zone)
    changes = ask.archive.changes_numbered(head.seq for head in ask.changes.to_feed(source, kind))
    base = ask.settings.base
    page = ask.to.source(source) if source else _page_of(ask, kind)
    below = len(ask.to.root)
    about = About(
        installation=ask.archive.installation_id,
        since=ask.archive.first_time() or ask.now,
        source=source,
        kind=kind,
        name=source or _name_of(kind),
        link=f"{base}{page[below:]}" if base else "",
        itself=f"{base}{ask.to.feed(source=source, kind=kind).removeprefix(ask.to.mount)}" if base else "",
    )
    return feed(changes, about, words, ask.settings.web)


def _page_of(ask: Ask, kind: str) -> str:
    family = kind.partition(".")[0]
    lists = {"seminar": "seminars", "notice": "notices", "document": "documents"}
    return ask.to.path(lists[family]) if family in lists else ask.to.start()


def _name_of(kind: str) -> str:
    german = COMMON["de"]
    families = {"seminar": german.seminars, "notice": german.notices, "document": german.documents, "page": "Seiten"}
    return german.kinds.get(kind, "") or families.get(kind, german.kinds["press.new"] if kind == "press" else "")
