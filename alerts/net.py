"""The net change of a window: the steps of one thing told as one, from first to last, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alerts.detect import sentences
from alerts.detect.rest import Rest
from extractors import address, diff
from extractors.diff import Op
from extractors.text import fold
from storage.records import Change, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A window's changes in the order of their last steps.

    ``steps`` says for how many steps a change stands, where these are several. ``undone`` are the last steps of things
    that are again as they were when the window began: they are not told.
    """

    changes: tuple[Change, ...]
    steps: Mapping[str, int] = field(default_factory=dict)
    undone: tuple[Change, ...] = ()


class _Undone:
    """What two steps come to that take each other back."""


UNDONE = _Undone()
_Fold = Callable[[Change, Change], "Change | _Undone | None"]


def net(changes: Sequence[Change]) -> Net:
    """Fold the steps of each page, document, notice and seminar into one; pure.

    What concerns many pages at once, press releases and ``source.*`` stay as they are: each says something of its own.
    Two steps that cannot be said in one sentence (a page that moved away and back) both stay.
    """
    threads: list[list[Change]] = []
    open_at: dict[str, int] = {}
    for change in sorted(changes, key=lambda change: change.seq):
        begins, ends = _thread(change)
        n = open_at.pop(begins, None)
        if n is None:
            n = len(threads)
            threads.append([])
        threads[n].append(change)
        open_at[ends] = n
    told: list[tuple[Change, int]] = []
    undone: list[Change] = []
    for thread in threads:
        for result, steps in _folded(thread):
            if isinstance(result, _Undone):
                undone.append(thread[-1])
            else:
                told.append((result, steps))
    told.sort(key=lambda entry: entry[0].seq)
    return Net(
        changes=tuple(change for change, _ in told),
        steps={change.id: steps for change, steps in told if steps > 1},
        undone=tuple(undone),
    )


def _thread(change: Change) -> tuple[str, str]:
    """Name the thing a change is about, as it was before and as it is after: a page that moved has two names."""
    family = change.kind.partition(".")[0]
    if (family in {"page", "document"} and len(change.uris) <= 1) or family == "document":
        before = _uri(change.before) or change.uri
        return f"{family} {address.key(before)}", f"{family} {address.key(change.uri)}"
    if family == "notice":
        first, last = _said(change.before) or _said(change.after), _said(change.after) or _said(change.before)
        host = address.host(change.uri)
        return f"notice {host} {fold(first)}", f"notice {host} {fold(last)}"
    if family == "seminar":
        return f"seminar {change.subject}", f"seminar {change.subject}"
    return f"single {change.id}", f"single {change.id}"


def _uri(facts: Json) -> str:
    """The former address of a page that moved, or of a document that was replaced."""
    if isinstance(facts, str):
        return facts
    return str(facts.get("uri") or "") if isinstance(facts, Mapping) else ""


def _said(facts: Json) -> str:
    return str(facts.get("text") or "") if isinstance(facts, Mapping) else ""


def _folded(thread: Sequence[Change]) -> list[tuple[Change | _Undone, int]]:
    """Fold step by step; a step that does not fold into what was before it begins anew."""
    done: list[tuple[Change | _Undone, int]] = []
    for change in thread:
        last, steps = done[-1] if done else (UNDONE, 0)
        result = None if isinstance(last, _Undone) else _fold(last, change)
        if result is None:
            done.append((change, 1))
        else:
            done[-1] = (result, steps + 1)
    told = [entry for entry in done if not isinstance(entry[0], _Undone)]
    return told or done[-1:]


def _fold(first: Change, then: Change) -> Change | _Undone | None:
    rule = _RULES.get((first.kind, then.kind))
    result = rule(first, then) if rule is not None else None
    if not isinstance(result, Change):
        return result
    return replace(result, id=then.id, seq=then.seq, detected_at=then.detected_at, observed_at=then.observed_at)


# --- pages and documents


def _both_changed(first: Change, then: Change) -> Change | _Undone | None:
    """Both steps' differences as one; null facts stand for a document whose text cannot be read."""
    if first.after is None or then.before is None:
        return replace(then, before=first.before, version_before=first.version_before)
    rest = _together(first, then)
    if not rest:
        return UNDONE
    if then.kind == "document.changed":
        facts = {**then.facts, "diff": rest.facts()}
        return replace(then, before=first.before, facts=facts, version_before=first.version_before)
    minor, importance, reason = rest.weight
    return replace(
        then,
        summary=rest.summary(then.title),
        minor=minor,
        importance=importance,
        reason=reason,
        before={"title": _title(first.before), "text": rest.before},
        after={"title": then.title, "text": rest.after},
        facts={**then.facts, "diff": rest.facts()},
        version_before=first.version_before,
    )


def _came_then_changed(first: Change, then: Change) -> Change:
    """Readers have not heard of it yet: it came as it is now."""
    known = {**first.after, "title": then.title} if isinstance(first.after, Mapping) else then.after
    if first.kind == "document.added":
        return replace(first, after=then.after or first.after, version_after=then.version_after)
    summary = sentences.page_added(then.title)
    return replace(first, title=then.title, summary=summary, after=known, version_after=then.version_after)


def _came_then_moved(first: Change, then: Change) -> Change:
    return replace(first, uri=then.uri, uris=then.uris, title=then.title, version_after=then.version_after)


def _moved_and_changed(first: Change, then: Change) -> Change:
    """In either order: the new address, and all that is different there."""
    moved = first if first.kind == "page.moved" else then
    rest = _together(first, then)
    return replace(
        moved,
        title=then.title,
        summary=sentences.pages_moved((then.title,), bool(rest), moved.uri),
        reason="Neue Adresse und neuer Text" if rest else "Neue Adresse",
        facts={**moved.facts, "diff": rest.facts()},
        version_before=first.version_before,
        version_after=then.version_after,
    )


def _moved_again(first: Change, then: Change) -> Change | None:
    if address.key(str(first.before)) == address.key(then.uri):
        return None
    return replace(_moved_and_changed(first, then), uri=then.uri, uris=then.uris, before=first.before, after=then.after)


def _went_and_returned(first: Change, then: Change) -> Change | _Undone:
    rest = Rest.from_facts(then.facts.get("diff") or ())
    if not rest:
        return UNDONE
    minor, importance, reason = rest.weight
    return replace(
        then,
        kind="page.changed",
        summary=rest.summary(then.title),
        minor=minor,
        importance=importance,
        reason=reason,
        before={"title": _title(first.before), "text": rest.before},
        after={"title": then.title, "text": rest.after},
        version_before=first.version_before,
    )


def _last(_first: Change, then: Change) -> Change:
    return then


def _undone(_first: Change, _then: Change) -> _Undone:
    return UNDONE


def _title(facts: Json) -> str:
    return str(facts.get("title") or "") if isinstance(facts, Mapping) else ""


def _together(first: Change, then: Change) -> Rest:
    """The differences of two steps as one: a passage that was edited twice is edited once, from first to last."""
    entries: list[Json] = [dict(entry) for entry in first.facts.get("diff") or ()]
    for entry in then.facts.get("diff") or ():
        n = _predecessor(entries, entry)
        if n is None:
            entries.append(entry)
        else:
            entries[n : n + 1] = _combined(entries[n], entry)
    return Rest.from_facts(entries)


def _predecessor(entries: Sequence[Json], entry: Json) -> int | None:
    """Which of the earlier differences ended where this one begins; what only moved has no such."""
    if entry["op"] == str(Op.ADDED):  # what was taken out and put in again
        ends = [(n, other["before"]) for n, other in enumerate(entries) if other["op"] == str(Op.REMOVED)]
        return next((n for n, said in ends if fold(said) == fold(entry["after"])), None)
    same = [n for n, other in enumerate(entries) if other["kind"] == entry["kind"] and other["after"] is not None]
    return next((n for n in same if fold(entries[n]["after"]) == fold(entry["before"] or "")), None)


def _combined(one: Json, other: Json) -> list[Json]:
    if one["op"] == str(Op.REMOVED) and other["op"] == str(Op.ADDED):
        return []
    before, after = one["before"], other["after"]
    if one["op"] == str(Op.ADDED):
        before = None
    if before is None and after is None:
        return []
    links = _links(one.get("links") or (), other.get("links") or ())
    if before is not None and after is not None and fold(before) == fold(after) and not links:
        moved = str(Op.MOVED) in (one["op"], other["op"])
        return [{**other, "before": before, "op": str(Op.MOVED), "runs": []}] if moved else []
    op = Op.ADDED if before is None else Op.REMOVED if after is None else Op.CHANGED
    runs = [[str(run.op), run.text] for run in diff.words(before or "", after or "")]
    combined = {**one, **other, "op": str(op), "before": before, "after": after, "runs": runs}
    return [{**combined, "links": links} if links else {k: v for k, v in combined.items() if k != "links"}]


def _links(one: Sequence[Json], other: Sequence[Json]) -> list[Json]:
    """Where each label leads, from the first step to the last; those that lead where they led are left out."""
    ends = {link["label"]: dict(link) for link in one}
    for link in other:
        begun = ends.get(link["label"])
        ends[link["label"]] = {**link, "before": begun["before"] if begun else link["before"]}
    return [link for link in ends.values() if link["before"] != link["after"]]


# --- notices


def _notice(kind: str, sentence: Callable[[str, int], str], side: str) -> _Fold:
    """The fold of two notice steps into one of this kind; ``side`` says whose wording its sentence quotes."""

    def fold_notices(first: Change, then: Change) -> Change | _Undone:
        if kind == "notice.changed" and fold(_said(first.before)) == fold(_said(then.after)):
            return UNDONE
        wording = _said(then.after) if side == "after" else _said(first.before)
        return replace(
            then,
            kind=kind,
            summary=sentence(wording, len(then.uris) or len(first.uris)),
            before=first.before,
            after=then.after,
            importance=first.importance if kind == first.kind else then.importance,
            reason=first.reason if kind == first.kind else then.reason,
        )

    return fold_notices


_RULES: Mapping[tuple[str, str], _Fold] = {
    ("page.added", "page.changed"): _came_then_changed,
    ("page.added", "page.moved"): _came_then_moved,
    ("page.added", "page.removed"): _undone,
    ("page.changed", "page.changed"): _both_changed,
    ("page.changed", "page.moved"): _moved_and_changed,
    ("page.changed", "page.removed"): _last,
    ("page.moved", "page.changed"): _moved_and_changed,
    ("page.moved", "page.moved"): _moved_again,
    ("page.moved", "page.removed"): _last,
    ("page.removed", "page.returned"): _went_and_returned,
    ("page.returned", "page.removed"): _undone,
    ("document.added", "document.changed"): _came_then_changed,
    ("document.added", "document.removed"): _undone,
    ("document.changed", "document.changed"): _both_changed,
    ("document.changed", "document.removed"): _last,
    ("notice.posted", "notice.changed"): _notice("notice.posted", sentences.notice_posted, "after"),
    ("notice.posted", "notice.lifted"): _undone,
    ("notice.changed", "notice.changed"): _notice("notice.changed", sentences.notice_changed, "after"),
    ("notice.changed", "notice.lifted"): _notice("notice.lifted", sentences.notice_lifted, "before"),
}
