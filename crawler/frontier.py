"""What a crawl still has to ask: every address once, within scope and caps, decided before any request is built."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from extractors import address
from extractors.files import is_offered
from extractors.model import Link, PageKind
from storage.pages import AnyPage, whole
from storage.records import Known, Role

# One pattern of addresses that breeds itself (each page of a calendar links the next ones) may take this share of a
# source's max_pages, so that it never starves the rest. Pages that a list or a sitemap links do not count.
SELF_BRED_SHARE = 0.5

# What a browser would show, play or save, but no reader of the archive reads.
_UNREAD = re.compile(
    r"\.(?:avif|bmp|css|csv|docx?|eot|epub|exe|gif|gz|ico|ics|iso|jpe?g|js|json|m4[av]|mjs|mov|mp[34]|od[pst]|ogg|otf|png|"
    r"pptx?|rar|rtf|svgz?|tar|tgz|tiff?|ttf|vcf|wav|webm|webp|woff2?|xlsx?|zip)$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
SITEMAP_RULE = "feed:sitemap"  # the rule of a block that names another sitemap


class Bounds(Protocol):
    """The part of a source's config that says how far a crawl goes."""

    @property
    def start(self) -> tuple[str, ...]:
        """Where it begins."""

    @property
    def scope(self) -> tuple[str, ...]:
        """What it may reach."""

    @property
    def documents(self) -> bool:
        """Whether linked documents are taken too."""

    @property
    def max_pages(self) -> int:
        """How many addresses in all."""

    @property
    def max_depth(self) -> int:
        """How many links away from a start address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One address to ask. ``known`` is what the archive has of it, ``linked_from`` the page that named it.

    ``is_asset``: a style, an image or a font, kept for replay and nothing to be watched.
    """

    uri: str
    address: str
    depth: int = 0
    is_document: bool = False
    label: str = ""
    linked_from: str | None = None
    known: Known | None = None
    is_asset: bool = False

    @property
    def is_guess(self) -> bool:
        """Whether nothing but a link's words say that a document is here; the answer settles it."""
        return self.is_document and self.known is None and not address.is_document(self.uri)


class Frontier:
    """Hands out each address once. ``capped`` names the cap that kept addresses out, "" while none did."""

    def __init__(self, bounds: Bounds, known: Iterable[Known] = ()) -> None:
        self._bounds = bounds
        self._known: Mapping[str, Known] = {one.address: one for one in known}
        self._seen: set[str] = set()
        self._spellings: set[str] = set()  # URIs already looked at: a navigation is the same on every page
        self._self_bred: Counter[str] = Counter()
        self.capped = ""
        self.pattern_capped = ""

    @property
    def size(self) -> int:
        """How many addresses were handed out so far."""
        return len(self._seen)

    @property
    def known(self) -> Mapping[str, Known]:
        """What the archive knows, by address."""
        return self._known

    def seeds(self) -> Iterator[Candidate]:
        """The start addresses, then every address that the archive knows, the near ones first."""
        for uri in self._bounds.start:
            cleaned = address.clean(uri) or uri
            yield from self._admit(cleaned, address.key(cleaned), depth=0)
        for one in sorted(self._known.values(), key=lambda known: known.depth):
            yield from self._admit(
                one.uri, one.address, depth=one.depth, is_document=one.role is Role.DOCUMENT, label=one.label
            )

    def links(self, page: AnyPage, depth: int) -> Iterator[Candidate]:
        """The links of a page that nobody has asked yet and that the source wants; ``depth`` is the page's own."""
        if depth >= self._bounds.max_depth:
            return
        labels = {attachment.uri: attachment.label for attachment in page.attachments}
        offered = {file.uri for file in page.attachments if is_offered(file)}
        sitemaps, listed = self._listed(page, depth)
        canonical = page.canonical  # mostly the page itself, whose title need not be fetched for that
        own = [(canonical, page.title)] if canonical and address.key(canonical) not in self._seen else []
        for spelled, text in [*own, *labels.items(), *((link.uri, link.text) for link in self._leads(page))]:
            if spelled in self._spellings:
                continue
            uri, found = sys.intern(spelled), sys.intern(address.key(spelled))  # one string for all, as in the archive
            self._spellings.add(uri)
            if found in self._seen:
                continue
            document = uri in offered or address.is_document(uri)
            wanted = uri in sitemaps or uri in listed or self._wanted(uri, page.uri, document=document)
            if wanted and self._may_breed(found, page.uri):
                yield from self._admit(
                    uri,
                    found,
                    depth=depth if uri in sitemaps else depth + 1,  # a sitemap of the start is a start as well
                    is_document=document,
                    label=text if document else "",
                    linked_from=page.uri,
                )

    def redirected(self, uri: str) -> bool:
        """Note a redirect's target as asked; False if somebody asked it already."""
        found = address.key(uri)
        if found in self._seen:
            return False
        self._seen.add(found)
        return True

    def _leads(self, page: AnyPage) -> tuple[Link, ...]:
        """The links that may lead to what nobody has asked; of a page that shows what it did, not to what is known."""
        known = self._known.get(address.key(page.uri))
        return known.leads if known is not None and known.page is page else page.links

    def _listed(self, page: AnyPage, depth: int) -> tuple[frozenset[str], frozenset[str]]:
        """The sitemaps and the pages on its own host that a feed or sitemap adds to the scope, if it is a start.

        The sitemaps of a sitemap index lie where they like. A source without a scope of its own watches what its
        feed or sitemap lists.
        """
        if page.kind is not PageKind.FEED or depth > 0:
            return frozenset(), frozenset()
        host = address.host(page.uri)
        page = whole(page)
        sitemaps = {link.uri for block in page.blocks if block.rule == SITEMAP_RULE for link in block.links}
        listed = {link.uri for link in page.links} if self._bounds.scope == self._bounds.start else set()
        near = {uri for uri in sitemaps | listed if address.host(uri) == host}
        return frozenset(near & sitemaps), frozenset(uri for uri in near - sitemaps if not _UNREAD.search(uri))

    def _wanted(self, uri: str, page_uri: str, *, document: bool) -> bool:
        if document:
            return self._bounds.documents and address.host(uri) == address.host(page_uri)
        return not _UNREAD.search(uri.partition("?")[0]) and address.in_scope(uri, self._bounds.scope)

    def _may_breed(self, found: str, page_uri: str) -> bool:
        pattern = _DIGITS.sub("0", found)
        if found in self._known or pattern != _DIGITS.sub("0", address.key(page_uri)):
            return True
        if self._self_bred[pattern] >= max(1, int(self._bounds.max_pages * SELF_BRED_SHARE)):
            self.pattern_capped = pattern
            return False
        self._self_bred[pattern] += 1
        return True

    def _admit(
        self,
        uri: str,
        found: str,
        *,
        depth: int,
        is_document: bool = False,
        label: str = "",
        linked_from: str | None = None,
    ) -> Iterator[Candidate]:
        if found in self._seen:
            return
        if len(self._seen) >= self._bounds.max_pages:
            self.capped = "max_pages"
            return
        self._seen.add(found)
        known = self._known.get(found)
        yield Candidate(
            uri=uri,
            address=found,
            depth=min(depth, known.depth) if known else depth,
            is_document=is_document,
            label=label or (known.label if known else ""),
            linked_from=linked_from,
            known=known,
        )
