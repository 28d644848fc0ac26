"""Where the reading of a page moved and the page did not: held back, never told, and never silent.

Lines that the main text lost and that still stand on the page are no change of it (:mod:`alerts.detect.remainder` drops
them), so a page whose main text shrank for that reason need not wait for a second look: what really changed on it is
told at once, and that the reader lost sight of the rest is held here.
"""

from __future__ import annotations

from collections import defaultdict

from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen, Stand
from alerts.detect.world import SHARED_PAGES, is_navigation, still
from extractors import address, drift, text
from storage.pages import StoredPage

SHARED = f"{drift.AROUND_TEXT}-shared"


def claim(ledger: Ledger) -> None:
    """Hold what moved without being told: sharp cuts of the main text at once, text round it once it stays."""
    groups: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[Seen]] = defaultdict(list)
    for seen in ledger.scene.known:
        if seen.stand is not Stand.GOOD or seen.look is None or seen.before is None or seen.page is None:
            continue
        if seen.changed:
            found = (
                drift.drift(seen.before.page.said, seen.page.said)
                if drift.is_sharply_shorter(seen.before.page.said, seen.page.said)
                else None
            )
            if found is not None and found.rule == drift.MAIN_SHRUNK and found.still_there:
                ledger.hold(seen.uri, drift.MAIN_SHRUNK, found.detail)
        elif lines := _lasting(ledger, seen):
            groups[lines].append(seen)
    for (came, went), pages in groups.items():
        detail = drift.told(came, went)
        if len(pages) >= SHARED_PAGES:
            _hold_once(ledger, ledger.scene.start_uri, SHARED, f"{detail[:-1]}, auf mehreren Seiten.")
        else:
            for seen in pages:
                _hold_once(ledger, seen.uri, drift.AROUND_TEXT, detail)


def _lasting(ledger: Ledger, seen: Seen) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The lines round the text that two looks in a row show, or miss, since the text last changed.

    A line that is another one at every look is decoration; what many pages share is told as such, or a new template.
    """
    look, version = seen.look, ledger.origins.get(seen.address, seen).before
    if look is None or look.shown is None or look.last is None or version is None:
        return None
    before = version.page  # with the frame of its first look
    if look.shown is before or look.last is before:
        return None
    came_now, went_now = drift.around(before.frame, look.shown.frame)
    came_then, went_then = drift.around(before.frame, look.last.frame)
    shared = {still(text.fold(line)) for line in (*ledger.scene.before.shared, *ledger.source.shared)}
    menus = _menus(before) | _menus(look.shown)

    def lasting(now: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line for line in now if line in then and line not in menus and still(line) not in shared)

    lines = lasting(came_now, came_then), lasting(went_now, went_then)
    return lines if any(lines) else None


def _menus(page: StoredPage) -> set[str]:
    return {text.fold(block.text) for block in page.frame if is_navigation(block)}


def _hold_once(ledger: Ledger, uri: str, rule: str, detail: str) -> None:
    """Once a page until its text changes: a frame that rotates must not fill the record at every look."""
    where = address.key(uri)
    drifted = ledger.scene.state.drifted
    again = any(
        held == (where, rule, detail) or held[:2] == (where, drift.AROUND_TEXT) == (where, rule) for held in drifted
    )
    if not again:
        ledger.hold(uri, rule, detail)
