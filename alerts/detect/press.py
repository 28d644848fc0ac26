"""Press releases: in a source that says so, every new page that is neither start nor list is one."""

from __future__ import annotations

from alerts.detect import sentences
from alerts.detect.ledger import Draft
from alerts.detect.scene import Scene, Seen
from extractors.model import PageKind
from storage.pages import StoredPage
from storage.records import Json

_LISTS = frozenset({PageKind.LIST, PageKind.FEED})


def is_release(scene: Scene, seen: Seen, page: StoredPage) -> bool:
    """Tell whether a new page is a press release of this source."""
    return scene.source.press and seen.address not in scene.starts and page.kind not in _LISTS


def draft(seen: Seen, page: StoredPage) -> Draft:
    """Return the event of a press release, with its date as the page states it."""
    day = next((stated.day for stated in page.said.dates if stated.role == "press"), None)
    day = day or next((stated.day for stated in page.said.dates if stated.role == "published"), None)
    first_words = sentences.cut(" ".join(block.text for block in page.blocks[:3]), 400)
    attachments: Json = [{"label": one.label, "uri": one.uri, "size": one.size} for one in page.attachments]
    return Draft(
        kind="press.new",
        subject=seen.address,
        uri=seen.uri,
        uris=(seen.uri,),
        title=seen.title,
        summary=sentences.press_new(seen.title, day),
        importance=70,
        reason="Neue Pressemitteilung",
        marks=("", seen.mark_after),
        after={"title": page.title, "date": day.isoformat() if day else None, "text": first_words},
        facts={"date": day.isoformat() if day else None, "teaser": first_words, "attachments": attachments},
        observed_at=seen.observed_at,
        version_after=seen.look.capture.version_id if seen.look else None,
    )
