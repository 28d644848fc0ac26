"""What to say of an address that the archive does not hold: the nearest it does."""

from __future__ import annotations

from alerts.visible import readable
from web.answers import Nothing
from web.ask import Ask


def never_looked_at(ask: Ask, uri: str) -> Nothing:
    """Nobody ever looked there."""
    near = ask.archive.nearest_uris(uri)
    return Nothing(
        what="not_archived",
        values={"uri": readable(uri)},
        links=tuple((readable(each), ask.to.page(each)) for each in near),
    )


def never_seen(ask: Ask, uri: str) -> Nothing:
    """There is no state of it: nobody looked, or no look showed the page."""
    if not ask.archive.known(uri):
        return never_looked_at(ask, uri)
    return Nothing(what="not_archived", values={"uri": readable(uri)}, links=((readable(uri), ask.to.page(uri)),))
