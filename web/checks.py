"""How far each source was checked by its last look, worked out once for each look: it goes through all its captures."""

from __future__ import annotations

from collections.abc import Iterable

from alerts import standing
from alerts.letter import Check
from web.ask import Ask


def checks(ask: Ask, sources: Iterable[str]) -> tuple[Check, ...]:
    """One for each source, in the order given."""
    return tuple(check(ask, source) for source in sources)


def check(ask: Ask, source: str) -> Check:
    """How far one source was checked."""
    newest = next(iter(ask.archive.crawls(source, limit=1)), None)
    state = (ask.archive.installation_id, newest, ask.changes.newest, ask.archive.last_erasure())
    return ask.kept.get(
        (check, (source, ask.visitor.language)),
        state,
        lambda: standing.check(ask.archive, source, None, ask.now, ask.visitor.words),
    )
