"""Looks a thousand times a second of processor time where a program is, and sorts what it finds by part.

It costs some per cent, where a tracing profiler makes small functions look many times as dear as they are.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_EVERY = 0.001  # seconds of processor time

# The innermost frame that a line fits says what was going on: a part of its file's path, its functions ("" for all).
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("start-up (imports)", "<frozen importlib", ""),
    ("hashing (seals, chain, digests)", "/storage/seals.py", ""),
    ("hashing (seals, chain, digests)", "/storage/chain.py", ""),
    ("compression", "/storage/payloads.py", "_packed _fresh _alone _against _inflate _unpack _compressor"),
    ("SQLite", "/sqlite_utils/", ""),
    ("SQLite", "/storage/connection.py", ""),
    ("index of words", "/storage/search.py", ""),
    ("index of words", "/extractors/find.py", ""),
    ("detection", "/alerts/", ""),
    ("telling the parent", "/crawler/keeper.py", "_looked _as_json"),
    ("telling the parent", "/crawler/summary.py", ""),
    ("links", "/crawler/frontier.py", ""),
    ("network", "/crawler/handler.py", ""),
    ("network", "/crawler/politeness.py", ""),
    ("network", "/crawler/guard.py", ""),
    ("network", "/crawler/robots.py", ""),
    ("network", "/scrapy/core/downloader/", ""),
    ("network", "/twisted/", ""),
    ("handing over to readers", "/crawler/readers.py", ""),
    ("handing over to readers", "/pebble/", ""),
    ("handing over to readers", "/multiprocessing/", ""),
    ("parsing", "/extractors/html.py", "parse"),
    ("links", "/extractors/html.py", "links _link_text resolve"),
    ("decoding", "/extractors/charset.py", ""),
    ("judging", "/extractors/judge.py", ""),
    ("judging", "/extractors/stand_in.py", ""),
    ("judging", "/extractors/signs.py", ""),
    ("judging", "/extractors/wholeness.py", ""),
    ("text digest", "/extractors/text.py", "text_digest _passage"),
    ("PDF", "/extractors/pdf.py", ""),
    ("extraction", "/extractors/pages/", ""),
    ("extraction", "/extractors/blocks.py", ""),
    ("extraction", "/extractors/read.py", ""),
    ("storing, the rest", "/storage/", ""),
    ("recording, the rest", "/crawler/recorder.py", ""),
    ("Scrapy, the rest", "/crawler/spiders/", ""),
    ("Scrapy, the rest", "/scrapy/", ""),
    ("event loop", "/asyncio/", ""),
)
_RULES = tuple((part, path, frozenset(names.split())) for part, path, names in _PARTS)


class Sampler:
    """Counts samples by part while :meth:`on` lasts; ``places`` counts them by function."""

    def __init__(self) -> None:
        self.parts: Counter[str] = Counter()
        self.places: Counter[str] = Counter()

    @contextmanager
    def on(self) -> Iterator[None]:
        """Sample this process."""
        before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _look(self, _number: int, frame: FrameType | None) -> None:
        if frame is not None:
            place = f"{frame.f_code.co_filename.rpartition('site-packages/')[2]}:{frame.f_code.co_name}"
            self.places[place] += 1
        self.parts[_part(frame)] += 1


def _part(frame: FrameType | None) -> str:
    while frame is not None:
        path, name = frame.f_code.co_filename, frame.f_code.co_name
        for part, wanted, names in _RULES:
            if wanted in path and (not names or name in names):
                return part
        frame = frame.f_back
    return "the rest"
