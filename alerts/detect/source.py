"""Whether a crawl could see its source at all (design §4.9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from alerts.detect import sentences
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.scene import Scene, Seen, Stand

# Ends of a crawl that say nothing about the site: what was not looked at then is no sign of anything.
INTERRUPTED = frozenset(
    {"max_pages", "max_depth", "deadline", "shutdown", "stopped"}
    | {"imported"}  # what another archive holds of a day: what it lacks was not asked
    | {"crashed", "abandoned", "locked", "no-space", "unwritable", "damaged", "unusable"}
)
# The crawl stopped because robots.txt could not be had: nothing may be asked (RFC 9309 §2.3.1.4).
ROBOTS = "robots"
_ANSWERED = frozenset({Stand.GOOD, Stand.GONE, Stand.MOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What could be seen: how many known pages there are, how many of them could be judged, and why that is too little.

    ``blind`` is "" while the source can be seen.
    """

    blind: str
    known: int
    judged: int


def judge(scene: Scene) -> Sight:
    """Tell whether the source could be seen in this crawl.

    It could not when every start page was forbidden or failed, or when fewer than half of the
    pages that have ever been read could be judged. A page that is doubtful for itself was seen, and its second look
    will settle it; one that shows what stands on other pages too was not. A crawl that was cut short by a cap or a
    stop counts only its start pages.
    """
    known = len(scene.known)
    judged = sum(_was_seen(scene, seen) for seen in scene.known)
    starts = [seen for name in sorted(scene.starts) if (seen := scene.seen.get(name)) is not None and seen.look]
    blind = ""
    if starts and all(seen.stand is Stand.OPEN for seen in starts):
        blind = "start"
    elif scene.crawl.reason == ROBOTS:
        blind = "robots"
    elif scene.crawl.reason not in INTERRUPTED and (2 * judged < known or not scene.view.looks):
        blind = "half"
    return Sight(blind=blind, known=known, judged=judged)


def _was_seen(scene: Scene, seen: Seen) -> bool:
    return seen.stand in _ANSWERED or (seen.stand is Stand.SUSPECT and not scene.stands_in(seen.address))


def go_blind(ledger: Ledger, sight: Sight) -> None:
    """Tell once that the source cannot be checked, and remember what its pages were when readers last heard of them."""
    scene = ledger.scene
    for seen in scene.seen.values():
        if seen.changed and seen.watch is not None and seen.before is not None:
            if seen.watch.held_version is None:
                ledger.watch(seen, held_version=seen.before.id)
            ledger.hold(seen.uri, "source-blind", "changed while most of the source could not be checked")
    if scene.before.blind_since is not None:
        ledger.hold(scene.start_uri, "source-blind", f"still not checkable ({sight.blind}), told before")
        return
    ledger.source = replace(ledger.source, blind_since=scene.ended_at)
    unjudged = [seen for seen in scene.known if not _was_seen(scene, seen)]
    ledger.tell(
        Draft(
            kind="source.blind",
            subject=scene.source.name,
            uri=scene.start_uri,
            uris=tuple(seen.uri for seen in scene.known) or scene.source.start,
            title=scene.source.name,
            summary=sentences.blind(_hosts(scene), sight.known, sight.judged),
            importance=70,
            reason="Prüfung nicht möglich",
            marks=("", f"blind@{scene.crawl.id}"),
            before={"judged": sight.known, "known": sight.known},
            after={"judged": sight.judged, "known": sight.known},
            facts={
                "why": sight.blind,
                "known": sight.known,
                "judged": sight.judged,
                "unjudged": [s.uri for s in unjudged],
            },
        )
    )


def see_again(ledger: Ledger, sight: Sight) -> None:
    """Tell once that a source that could not be checked can be again."""
    scene = ledger.scene
    since = scene.before.blind_since
    if since is None:
        return
    ledger.source = replace(ledger.source, blind_since=None)
    ledger.tell(
        Draft(
            kind="source.seeing",
            subject=scene.source.name,
            uri=scene.start_uri,
            uris=tuple(seen.uri for seen in scene.known) or scene.source.start,
            title=scene.source.name,
            summary=sentences.seeing(_hosts(scene)),
            importance=40,
            reason="Prüfung wieder möglich",
            marks=("", f"seeing@{scene.crawl.id}"),
            before={"blind_since": _written(since)},
            after={"judged": sight.judged, "known": sight.known},
            facts={"blind_since": _written(since), "known": sight.known, "judged": sight.judged},
        )
    )


def _hosts(scene: Scene) -> tuple[str, ...]:
    uris = scene.source.start or tuple(seen.uri for seen in scene.known)
    from_uris = (uri.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.") for uri in uris)
    return tuple(dict.fromkeys(from_uris))[:3]


def _written(moment: datetime) -> str:
    """A time as every JSON object has it: RFC 3339 with ``Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
