"""Taking back a change that proved wrong: it stays in the history, is marked, and is corrected where it was told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from alerts.detect.sentences import quote
from storage.records import Change, change_id

#: A change of ours and not of the world; its ``subject`` is the id of the change that was wrong.
KIND = "change.retracted"
_IMPORTANCE = 100  # a reader who acted on a wrong report has to hear of it before anything else


def retraction_id(change: Change) -> str:
    """Return the id that the retraction of a change has, if there is one."""
    return change_id(change.source, KIND, change.id, "", "")


def retraction(change: Change, reason: str, now: datetime) -> Change:
    """Return the change that takes another one back; the same one however often it is asked for."""
    return Change(
        id=retraction_id(change),
        kind=KIND,
        source=change.source,
        subject=change.id,
        uri=change.uri,
        uris=change.uris,
        title=change.title,
        summary=f"Diese Meldung war falsch: {quote(change.summary)} Grund: {reason}",
        minor=False,
        before={"id": change.id, "kind": change.kind, "summary": change.summary},
        after=None,
        facts={"reason": reason},
        detected_at=now,
        observed_at=now,
        crawl_id=change.crawl_id,
        importance=_IMPORTANCE,
        reason=reason,
        source_ids=change.source_ids,
    )


def retracted(changes: Sequence[Change]) -> Mapping[str, Change]:
    """Return the retractions among some changes, by the id of what they take back."""
    return {change.subject: change for change in changes if change.kind == KIND}


def still_true(
    changes: Sequence[Change], wanted: Callable[[Change], bool], told: Callable[[], Collection[str]]
) -> tuple[Change, ...]:
    """Return what a window has to tell one subscription: what it wants, and the corrections it is owed.

    What was taken back before it was told is not told at all. A correction goes to those who were told, whatever they
    want otherwise; ``told`` gives the ids of all they were told; it is asked only where something was taken back.
    """
    wrong = retracted(changes)
    if not wrong:
        return tuple(filter(wanted, changes))
    known = told()
    return tuple(
        change
        for change in changes
        if (change.subject in known if change.kind == KIND else wanted(change) and change.id not in wrong)
    )
