"""Which styles, images and fonts a crawl asks for, so that its pages can be replayed as they looked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from crawler.clock import Clock
from crawler.config import SourceConfig
from crawler.frontier import Candidate
from extractors import address
from extractors.assets import is_near
from storage.archive import Archive
from storage.records import Known, KnownAsset, Role

logger = logging.getLogger("amtsblick.crawl")

# They change with a relaunch, once in years, and most under a new address; a browser would not ask more often either.
AGAIN_AFTER = timedelta(days=7)
# A portal's layout has some hundred. With a delay of two seconds this is half an hour at most, behind all pages.
MOST_PER_CRAWL = 1_000
# A sheet imports a sheet that names a font: deeper chains are rare, and each link of one costs requests.
DEEPEST = 3


class Assets:
    """Hands out each address once a crawl, if it was not asked lately. ``first``: the last whole crawl did not."""

    def __init__(self, archive: Archive, source: SourceConfig, clock: Clock) -> None:
        self._archive, self._source, self._clock = archive, source, clock
        self._seen: set[str] = set()
        self.first = source.assets and not archive.kept_assets(source.name)

    def named(self, uris: Iterable[str], by: Candidate, base: str) -> Iterator[Candidate]:
        """What a page or a style sheet needs that has to be asked for; ``base`` is where it was found."""
        depth = by.depth + 1 if by.is_asset else 0
        if not self._source.assets or depth > DEEPEST:
            return
        for uri in uris:
            found = address.key(uri)
            if found in self._seen or not self._is_near(uri, base):
                continue
            if len(self._seen) == MOST_PER_CRAWL:
                logger.info("%s: more than %d styles, images and fonts", self._source.name, MOST_PER_CRAWL)
                return
            self._seen.add(found)
            known = self._archive.known_asset(found)
            if known is None or self._clock.now() - known.asked_at >= AGAIN_AFTER:
                yield Candidate(
                    uri=uri,
                    address=found,
                    depth=depth,
                    linked_from=base,
                    known=_known(uri, found, known) if known else None,
                    is_asset=True,
                )

    def _is_near(self, uri: str, base: str) -> bool:
        return is_near(uri, base) or any(is_near(uri, start) for start in self._source.start)


def _known(uri: str, found: str, known: KnownAsset) -> Known:
    return Known(
        uri=uri,
        address=found,
        role=Role.PAGE,
        depth=0,
        label="",
        etag=known.etag,
        last_modified=known.last_modified,
        last_good=known.capture,
        page=None,
    )
