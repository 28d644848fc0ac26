"""The slow, obvious monitor that says what is right: every page asked again, its text compared with what it said last.

It knows how the site is built (the text stands in ``main``, the notice in ``div.banner``), which no monitor does.
"""

from __future__ import annotations

import re
import urllib.request
from collections import defaultdict
from pathlib import Path
from urllib.parse import urljoin

from storage.archive import Archive

_TEXT = re.compile(r'<div role="alert".*?</div>|<main.*?</main>', re.DOTALL)
_HREF = re.compile(r'<a [^>]*href="([^"]+)"')


class Reference:
    """What has been seen: the texts of each address, one after the other, each as long as it stood."""

    def __init__(self, home: str) -> None:
        self._home = home
        self.texts: defaultdict[str, list[str | bytes]] = defaultdict(list)

    def look(self) -> set[str]:
        """Ask for everything that is linked, and return what changed since the last look."""
        waiting, seen, changed = [self._home], {self._home}, set()
        while waiting:
            uri = waiting.pop()
            with urllib.request.urlopen(uri) as answer:
                body = answer.read()
            page = uri.endswith(".pdf") or body.decode()
            said = body if page is True else "".join(_TEXT.findall(page))
            if not self.texts[uri] or self.texts[uri][-1] != said:
                if self.texts[uri]:
                    changed.add(uri)
                self.texts[uri].append(said)
            found = [] if page is True else [urljoin(uri, href) for href in _HREF.findall(page)]
            waiting += [each for each in dict.fromkeys(found) if each not in seen]
            seen.update(found)
        return changed


def compare(archive: Path, reference: Reference, told: dict[str, int], changed: set[str]) -> list[str]:
    """Where an archive disagrees with the reference, in words; ``told`` counts the last crawl's changes by page."""
    wrong = []
    with Archive.open(archive, readonly=True) as kept:
        watched = {watch.uri for watch in kept.watches("site")}
        for uri, texts in reference.texts.items():
            versions = len(kept.versions_of(uri))
            if versions != len(texts):
                wrong.append(f"{uri}: {versions} versions, {len(texts)} texts")
    wrong += [f"{uri}: not watched" for uri in sorted(set(reference.texts) - watched)]
    wrong += [f"{uri}: watched, but not linked" for uri in sorted(watched - set(reference.texts))]
    wrong += [f"{uri}: changed, told {told.get(uri, 0)} times" for uri in sorted(changed) if told.get(uri, 0) != 1]
    wrong += [f"{uri}: told, but did not change" for uri in sorted(set(told) - changed)]
    return wrong


def told_since(archive: Path, seq: int) -> tuple[dict[str, int], int]:
    """Changes behind a commit number, counted by address, and the newest number."""
    told: dict[str, int] = {}
    with Archive.open(archive, readonly=True) as kept:
        newest = kept.last_seq()
        for change in kept.changes_between(seq, newest):
            told[change.uri] = told.get(change.uri, 0) + 1
    return told, newest
