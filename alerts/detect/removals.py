"""Pages that are gone: told when their own address has said so twice, far enough apart, on a host that is well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from alerts.detect import notices, sentences
from alerts.detect.claims import Side
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.lines import claim_lines
from alerts.detect.scene import COMMON, WHOLE_SECTION, Seen, Stand, agreed_on
from storage.pages import StoredPage
from storage.records import Role, Standing

GONE = "gone"
# So many pages that were all there was below one address are a part of the site, taken down as such (design §4.5 calls
# a text shared from three pages on).
FOLDER_PAGES = 3


def claim(ledger: Ledger) -> None:
    """Follow what is missing or doubtful, tell what is confirmed, and claim the lines that linked it.

    A vanished list line is claimed as soon as the address it led to says that it is gone, so that the list is not
    told first and the removal later.
    """
    confirmed = [seen for seen in ledger.scene.known if _is_confirmed(ledger, seen)]
    for host in sorted({seen.host for seen in confirmed}):
        _tell_host(ledger, host, [seen for seen in confirmed if seen.host == host])
    claim_lines(ledger, Side.BEFORE, _lost(ledger))


def documents_of(ledger: Ledger, names: set[str]) -> list[Seen]:
    """The documents that only some pages linked."""
    return [
        seen
        for seen in ledger.scene.documents
        if seen.live and seen.watch is not None and seen.watch.linked_from and set(seen.watch.linked_from) <= names
    ]


def follow(ledger: Ledger, seen: Seen) -> bool:
    """Keep count of equal looks at an address that says it is gone; True once they are believed."""
    watch = ledger.watches.get(seen.address)
    since = watch.missing_since if watch and watch.doubt == GONE else None
    if ledger.scene.confirmed(since):
        return True
    if since is None:
        ledger.watch(seen, standing=Standing.MISSING, missing_since=ledger.scene.crawl.started_at, doubt=GONE)
    if watch is not None and watch.held_version is None and seen.before and seen.look and seen.look.capture.version_id:
        # What stands in its place was read like a page, and made a version; readers still know the one before.
        ledger.watch(seen, held_version=seen.before.id)
    ledger.hold(seen.uri, "awaiting-confirmation", "its own address says that it is gone")
    return False


def _is_confirmed(ledger: Ledger, seen: Seen) -> bool:
    watch = ledger.watches[seen.address]
    if watch.standing in {Standing.MOVED, Standing.REMOVED}:
        return False
    if seen.stand is Stand.GONE:
        return follow(ledger, seen)
    if seen.stand is Stand.GOOD:
        if seen.settled and seen.look is not None:
            ledger.settled.append(seen.look.capture.id)
        if watch.standing is Standing.MISSING:
            ledger.hold(seen.uri, "back-before-confirmation", "it was missing, and is there again")
        if watch.missing_since is not None or watch.doubt:
            ledger.watch(seen, standing=Standing.LIVE, missing_since=None, doubt="")
    elif seen.stand is Stand.SUSPECT and seen.look is not None:
        common, stands_in = seen.address in ledger.scene.common, ledger.scene.stands_in(seen.address)
        doubt = COMMON if common else agreed_on(seen.look)
        if watch.doubt != doubt:
            ledger.watch(seen, standing=Standing.LIVE, missing_since=ledger.scene.crawl.started_at, doubt=doubt)
        why = f"unlike the last good look ({seen.look.capture.rule}); waits for an equal one"
        if stands_in:
            why = "another page without the site's own links stands in for it"
        ledger.hold(seen.uri, "suspect", "it shows the same text as other addresses" if common else why)
    elif seen.stand is Stand.OPEN and seen.look is not None:
        ledger.hold(seen.uri, "not-judged", f"{seen.look.capture.outcome}: {seen.look.capture.rule}")
    return False


def _tell_host(ledger: Ledger, host: str, confirmed: Sequence[Seen]) -> None:
    scene = ledger.scene
    known = [
        seen
        for seen in scene.known
        if seen.host == host and ledger.watches[seen.address].standing is not Standing.MOVED
    ]
    gone = [seen for seen in known if seen.stand is Stand.GONE]
    if len(known) > 1 and len(gone) >= WHOLE_SECTION * len(known):
        if not scene.probed_well(host):
            for seen in confirmed:
                ledger.hold(
                    seen.uri, "host-unwell", "the whole section is gone, and home page or robots.txt do not answer"
                )
        elif len(confirmed) < len(gone):
            for seen in confirmed:
                ledger.hold(seen.uri, "awaiting-confirmation", "the rest of the section is gone too, but not as long")
        else:
            _tell_section(ledger, confirmed)
        return
    for group in _folders(known, confirmed):
        if not scene.host_is_well(host, [seen.address for seen in group]):
            for seen in group:
                ledger.hold(
                    seen.uri, "host-unwell", "most of the host's other addresses do not show their pages either"
                )
        elif len(group) > 1:
            _tell_section(ledger, group)
        else:
            _tell_page(ledger, group[0])


def _folders(known: Sequence[Seen], confirmed: Sequence[Seen]) -> list[list[Seen]]:
    """The removed pages, those together that were all the known pages below one part of the path; else one by one."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for seen in known:
        for folder in _parents(seen.address):
            below[folder].add(seen.address)
    left = {seen.address: seen for seen in confirmed}
    groups: list[list[Seen]] = []
    for folder, names in sorted(below.items(), key=lambda item: (len(item[0]), item[0])):
        if len(names) >= FOLDER_PAGES and names <= left.keys():
            itself = {folder} & left.keys()
            groups.append([left.pop(name) for name in sorted(names | itself)])
    return [*groups, *([seen] for seen in left.values())]


def _parents(name: str) -> list[str]:
    """The addresses above one, its host left out."""
    parts = name.partition("?")[0].split("/")
    return ["/".join(parts[:end]) for end in range(2, len(parts))]


def _tell_section(ledger: Ledger, gone: Sequence[Seen]) -> None:
    """Tell pages that went together, a whole source or a folder of it, as one event."""
    papers = documents_of(ledger, {seen.address for seen in gone})
    top = min(gone, key=lambda seen: (seen.address not in ledger.scene.starts, len(seen.address), seen.address))
    change = ledger.tell(
        Draft(
            kind="page.removed",
            subject=top.address,
            uri=top.uri,
            uris=tuple(sorted(seen.uri for seen in gone)),
            title=top.title,
            summary=sentences.section_removed(len(gone), len(papers)),
            importance=100,
            reason="Ganzer Bereich entfernt",
            marks=(top.mark_before, f"removed@{ledger.scene.crawl.id}"),
            before={"title": top.title, "uri": top.uri},
            facts={
                "pages": len(gone),
                "section": True,
                "titles": [[seen.title, seen.uri] for seen in gone],
                "documents": [[seen.watch.label if seen.watch else "", seen.uri] for seen in papers],
            },
            observed_at=top.observed_at,
            version_before=top.before.id if top.before else None,
        )
    )
    for seen in (*gone, *papers):
        ledger.watch(seen, standing=Standing.REMOVED)
    for seen in papers:
        ledger.hold(seen.uri, "with-its-page", "the document went with the section that linked it", into=change)
    notices.forget_pages(ledger, [seen.address for seen in gone])


def _tell_page(ledger: Ledger, seen: Seen) -> None:
    papers = documents_of(ledger, {seen.address})
    change = ledger.tell(
        Draft(
            kind="page.removed",
            subject=seen.address,
            uri=seen.uri,
            uris=(seen.uri,),
            title=seen.title,
            summary=sentences.page_removed(seen.title, len(papers)),
            importance=65,
            reason="Seite entfernt",
            marks=(seen.mark_before, f"removed@{ledger.scene.crawl.id}"),
            before={"title": seen.title, "uri": seen.uri},
            facts={
                "pages": 1,
                "documents": [[paper.watch.label if paper.watch else "", paper.uri] for paper in papers],
            },
            observed_at=seen.observed_at,
            version_before=seen.before.id if seen.before else None,
        )
    )
    for one in (seen, *papers):
        ledger.watch(one, standing=Standing.REMOVED)
    for paper in papers:
        ledger.hold(paper.uri, "with-its-page", "the document went with the page that linked it", into=change)
    notices.forget_pages(ledger, [seen.address])


def _lost(ledger: Ledger) -> dict[str, StoredPage | None]:
    """Every page that is not there any more, with what it last said."""
    lost: dict[str, StoredPage | None] = {}
    for name, watch in ledger.watches.items():
        if watch.role is Role.PAGE and watch.standing is not Standing.LIVE:
            seen = ledger.scene.seen.get(name)
            lost[name] = seen.before.page if seen and seen.before else None
    return lost
