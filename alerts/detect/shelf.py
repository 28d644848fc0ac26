"""Which pages link which documents, by what label and with what stated size, before and after a crawl."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from alerts.detect.claims import Side
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen, Stand
from extractors import address, model
from extractors.model import PageKind
from storage.pages import StoredPage

# Pages with links in their text that are not among the page's own.
_LISTING = frozenset({PageKind.DOCUMENT, PageKind.FEED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A document as one page presents it."""

    page: Seen
    label: str
    size: str


class Shelf:
    """Which pages link which documents, before and after the crawl.

    Only pages that changed are looked through; of the others the watch of a document remembers that they link it.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.before: defaultdict[str, list[Link]] = defaultdict(list)
        self.after: defaultdict[str, list[Link]] = defaultdict(list)
        documents = {seen.address for seen in ledger.scene.documents}
        self._read_anew: set[str] = set()
        for seen in ledger.scene.pages:
            if seen.changed or (seen.stand is Stand.GOOD and not seen.live):
                self._read_anew.add(seen.address)
                self._collect(seen, Side.AFTER, documents, self.after)
            if seen.changed or seen.address in ledger.origins:
                self._collect(seen, Side.BEFORE, documents, self.before)

    @cached_property
    def linked_before(self) -> frozenset[str]:
        """The documents that known pages linked before this crawl; each of these pages is unpacked for that, once."""
        documents = {seen.address for seen in self.ledger.scene.documents}
        known = (seen.before.page for seen in self.ledger.scene.known if seen.before)
        return frozenset(name for page in known for name, _, _ in linked_documents(page, documents))

    def _collect(self, seen: Seen, side: Side, documents: set[str], into: defaultdict[str, list[Link]]) -> None:
        page = self.ledger.page(seen, side)
        for name, label, size in linked_documents(page, documents) if page else ():
            into[name].append(Link(page=seen, label=label, size=size))

    def linking(self, seen: Seen) -> tuple[Seen, ...]:
        """The pages that link a document after the crawl, as far as known; a page that is gone keeps its links."""
        remembered = seen.watch.linked_from if seen.watch else seen.look.linked_from if seen.look else ()
        kept = [
            self.ledger.scene.seen[name]
            for name in remembered
            if name in self.ledger.scene.seen and name not in self._read_anew and name not in self.ledger.claims.moved
        ]
        found = {page.address: page for page in (*kept, *(link.page for link in self.after[seen.address]))}
        return tuple(found[name] for name in sorted(found))

    def label(self, seen: Seen) -> str:
        """What the pages call a document."""
        for link in (*self.after[seen.address], *self.before[seen.address]):
            if link.label:
                return link.label
        known = (seen.watch.label if seen.watch else "") or (seen.look.label if seen.look else "")
        return known or seen.title.rsplit("/", 1)[-1]

    def size(self, seen: Seen, side: Side) -> str:
        """The size that the pages state for a document, "" if none does."""
        links = self.after if side is Side.AFTER else self.before
        stated = next((link.size for link in links[seen.address] if link.size), "")
        if stated or side is Side.BEFORE:
            return stated
        pages = (page.page for page in self.linking(seen) if page.page)
        return next(
            (one.size for page in pages for one in page.attachments if address.key(one.uri) == seen.address), ""
        )


def labels(ledger: Ledger) -> dict[str, str]:
    """What the pages call the documents they link, by address; of a crawl that worked out who links what."""
    present = {seen.address: seen.page for seen in ledger.scene.present if seen.page}
    listing = {name for name, page in present.items() if page.kind in _LISTING}
    found: dict[str, str] = {}
    for seen in ledger.scene.documents:
        for name in sorted({*(seen.look.linked_from if seen.look else ()), *listing} & present.keys()):
            called = [label for _, label, _ in linked_documents(present[name], {seen.address})]
            if called:
                found[seen.address] = called[0]
                break
    return found


def linked_documents(page: StoredPage, documents: set[str]) -> list[tuple[str, str, str]]:
    """The documents a page links: address, label and stated size; an attachment's label before a link's text."""
    found: dict[str, tuple[str, str]] = {}
    for attachment in page.attachments:
        name = address.key(attachment.uri)
        if name in documents and name not in found:
            found[name] = (attachment.label, attachment.size)
    for link in _links(page):
        if len(found) == len(documents):
            break
        name = address.key(link.uri)
        if name in documents and name not in found:
            found[name] = (link.text, "")
    return [(name, label, size) for name, (label, size) in found.items()]


def _links(page: StoredPage) -> Iterator[model.Link]:
    """The links in a page's text, and then all others."""
    for block in page.blocks:
        yield from block.links
    yield from page.links
