"""What one crawl saw, put beside what was known: one :class:`Seen` per address, and how well its host is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from alerts.detect.likeness import left_over, likeness
from extractors import address, sameness, text
from extractors.model import FOREIGN_PAGE, Outcome
from storage.pages import StoredPage
from storage.records import (
    Capture,
    Crawl,
    CrawlView,
    DetectionState,
    Look,
    Role,
    Source,
    SourceState,
    Standing,
    Version,
    Watch,
)

# A schedule starts some seconds early or late: two looks 48 h apart by the plan may lie 47:59:40 apart by the clock.
PUNCTUALITY = timedelta(minutes=5)
# Dice overlap of sentences from which a redirect's target is the same page and not a stand-in for a lost one.
SAME_PAGE = 0.6
CUT = "cut"
# Share of a page's words that stand in sentences of the former one, from which it is what is left of that one. A
# stand-in has none; of a page that goes on being edited after the cut, an edited sentence or two may differ.
LEFT_OVER = 0.7
# Share of a host's looked-at pages from which their loss is that of the section: an odd page may be kept or cached.
WHOLE_SECTION = 0.9
COMMON = "common"  # what looks agree on that show one text on many addresses


class Stand(StrEnum):
    """How one address stands by its own word in this crawl."""

    GOOD = "good"  # it showed its page
    GONE = "gone"  # it says that there is no page any more
    MOVED = "moved"  # it leads to another address
    SUSPECT = "suspect"  # readable, but unlike itself, and not confirmed yet
    OPEN = "open"  # nothing could be learnt, or it was not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One address: what was known of it, and what this crawl saw there.

    ``before`` is the version that a change is told against, and ``was`` its page with what stood round the text at the
    last look; ``page`` is what the address shows as far as is known after this crawl (the new reading, else the kept
    one). ``settled`` is true when this look confirmed a suspect one.
    """

    address: str
    uri: str
    role: Role
    watch: Watch | None
    look: Look | None
    before: Version | None
    was: StoredPage | None
    page: StoredPage | None
    stand: Stand
    settled: bool = False
    changed: bool = False

    @property
    def live(self) -> bool:
        """True while readers take the address for present."""
        return self.watch is not None and self.watch.standing in {Standing.LIVE, Standing.MISSING}

    @property
    def read_anew(self) -> bool:
        """True when this look gave a new reading; one that brought the same bytes as before has nothing new to say."""
        return self.stand is Stand.GOOD and self.look is not None and self.look.capture.outcome is not Outcome.UNCHANGED

    @property
    def host(self) -> str:
        """The host the address lies on."""
        return address.host(self.uri)

    @property
    def title(self) -> str:
        """The page's title, or its address where it has none."""
        for page in (self.page, self.before.page if self.before else None):
            if page is not None and page.title:
                return page.title
        return self.uri

    @property
    def observed_at(self) -> datetime | None:
        """When this crawl looked."""
        return self.look.capture.captured_at if self.look else None

    @property
    def mark_before(self) -> str:
        """Names the version before, for the id of a change."""
        return f"{self.before.text_digest}@{self.before.id}" if self.before else ""

    @property
    def mark_after(self) -> str:
        """Names what this crawl saw, for the id of a change."""
        return f"{self.look.capture.text_digest or self.stand}@{self.look.capture.id}" if self.look else ""


class Scene:
    """All of one crawl that the rules ask about, worked out once."""

    def __init__(self, state: DetectionState, view: CrawlView, source: Source, now: datetime) -> None:
        self.state: DetectionState = state
        self.view: CrawlView = view
        self.source: Source = source
        self.now: datetime = now
        self.crawl: Crawl = view.crawl
        self.before: SourceState = state.source
        self.starts: frozenset[str] = frozenset(address.key(uri) for uri in source.start)
        # Versions and what is shown now, of pages that changed, with their texts: each rule compares them.
        self._compared: dict[str, tuple[Version, StoredPage]] = {}
        self.common: frozenset[str] = self._common()
        self.seen: dict[str, Seen] = {name: self._see(name) for name in self._addresses()}
        for host in sorted({seen.host for seen in self.seen.values() if seen.look}):
            self._take_common_page_for_gone(host)

    @property
    def ended_at(self) -> datetime:
        """When the crawl ended."""
        return self.crawl.ended_at or self.crawl.started_at

    @property
    def start_uri(self) -> str:
        """The address under which things that concern many pages are told."""
        return self.source.start[0] if self.source.start else ""

    @cached_property
    def pages(self) -> tuple[Seen, ...]:
        """Every known or newly seen page, in a fixed order."""
        return tuple(seen for seen in self.seen.values() if seen.role is Role.PAGE)

    @cached_property
    def documents(self) -> tuple[Seen, ...]:
        """Every known or newly seen document, in a fixed order."""
        return tuple(seen for seen in self.seen.values() if seen.role is Role.DOCUMENT)

    @cached_property
    def known(self) -> tuple[Seen, ...]:
        """The pages that have shown themselves before and are not told as gone."""
        return tuple(seen for seen in self.pages if seen.live and seen.before is not None and self._wanted(seen))

    @cached_property
    def present(self) -> tuple[Seen, ...]:
        """The pages that are there after this crawl, new ones included, as far as their text is known."""
        return tuple(
            seen
            for seen in self.pages
            if seen.page is not None
            and (seen.live or seen.stand is Stand.GOOD)
            and seen.stand is not Stand.MOVED
            and self.alias_of(seen) is None
        )

    def alias_of(self, seen: Seen) -> str | None:
        """The address that a page names as its own (``rel=canonical``), if another of this host shows the page."""
        canonical = seen.page.canonical if seen.page else None
        name = address.key(canonical) if canonical else seen.address
        other = self.seen.get(name)
        if name == seen.address or other is None or other.host != seen.host or other.page is None or seen.page is None:
            return None
        if other.page.canonical and address.key(other.page.canonical) != name:
            return None  # two pages that name each other, or a third one
        there = other.live or other.stand is Stand.GOOD
        same = text.fold(other.page.title) == text.fold(seen.page.title)
        return name if there and same else None

    def forget_lists(self) -> None:
        """Let the lists of pages be made anew, after an entry of ``seen`` was replaced."""
        for name in ("pages", "documents", "known", "present"):
            self.__dict__.pop(name, None)

    def confirmed(self, since: datetime | None) -> bool:
        """True when two equal looks, the first at ``since``, lie far enough apart to be believed."""
        if since is None or since >= self.crawl.started_at:
            return False
        tolerance = min(PUNCTUALITY, self.source.confirm_after / 100)
        return self.crawl.started_at - since >= self.source.confirm_after - tolerance

    def probed_well(self, host: str) -> bool:
        """True when the host's home page and robots.txt were asked and answer as they should.

        Where one leads on, to https say, the answer there is a probe of its own.
        """
        probes = [probe for probe in self.view.probes if address.host(probe.uri) == host]
        homes = [probe for probe in probes if not _is_robots(probe)]
        known_home = self.seen.get(host)
        if known_home is not None and known_home.stand is Stand.GOOD and not known_home.changed:
            homes_well = True
        else:
            homes_well = bool(homes) and all(_home_is_well(probe) and not self._is_common(probe) for probe in homes)
        robots_well = all(
            probe.outcome.good or probe.outcome in {Outcome.GONE, Outcome.SOFT404, Outcome.MOVED}
            for probe in probes
            if _is_robots(probe)
        )
        return homes_well and robots_well

    def host_is_well(self, host: str, apart_from: Iterable[str]) -> bool:
        """True when at least half of the host's other looked-at addresses showed their page, or its probes did.

        A host of which nothing else was looked at, probes included, gives no reason to doubt.
        """
        left_out = set(apart_from)
        others = [
            seen for seen in self.seen.values() if seen.look and seen.host == host and seen.address not in left_out
        ]
        well = sum(seen.stand in {Stand.GOOD, Stand.MOVED} for seen in others)
        if others and 2 * well >= len(others):
            return True
        if self.probed_well(host):
            return True
        return not others and not any(address.host(probe.uri) == host for probe in self.view.probes)

    def stands_in(self, name: str) -> bool:
        """True when what an address shows stands in for its page, so that no second look at it settles anything."""
        look = self.view.looks.get(name)
        return name in self.common or (look is not None and look.capture.rule == FOREIGN_PAGE)

    @property
    def doubted(self) -> tuple[int, ...]:
        """The captures that were taken for their pages, and show what stands on many addresses."""
        looks = (self.view.looks[name] for name in sorted(self.common))
        return tuple(sorted(look.capture.id for look in looks if look.capture.outcome is Outcome.OK))

    def _common(self) -> frozenset[str]:
        """The addresses that show one text that none of them had: an error, a refusal, in words we do not know."""
        pages = {name: look for name, look in self.view.looks.items() if look.role is Role.PAGE}
        if not any(name in self.state.last_good or look.before is not None for name, look in pages.items()):
            return frozenset()  # a first crawl: no page has shown anything of its own before
        shown_now = {name: page for name, look in pages.items() if (page := self._not_its_own(name, look)) is not None}
        # Mostly no text stands on so many, and what all the others showed before need not be worked out.
        counts = Counter(hash(sameness.key(page.said)) for page in shown_now.values())
        if max(counts.values(), default=0) < sameness.COMMON_PAGES:
            return frozenset()
        now = {name: sameness.key(page.said) for name, page in shown_now.items()}
        shown = {}
        for name, look in pages.items():
            before = self.state.last_good.get(name) or look.before
            if look.page is not None:
                was = sameness.key(before.page.said) if before is not None else ""
                shown[name] = sameness.Shown(now=now.get(name, was), before=was)
        return sameness.common(shown)

    def _not_its_own(self, name: str, look: Look) -> StoredPage | None:
        """What an address shows, unless these are the same bytes as last time, or the text that it is known for."""
        before = self.state.last_good.get(name) or look.before
        if look.page is None or look.capture.outcome is Outcome.UNCHANGED:
            return None
        if before is None:
            return look.page
        if look.capture.text_digest == before.text_digest:
            return None
        self._compared[name] = held = _held(before, look.page)
        return held[1] if held[0].page.text != held[1].text else None

    def _is_common(self, probe: Capture) -> bool:
        page = self.view.probed.get(probe.id)
        pages = (self.view.looks[name].page for name in self.common)
        return page is not None and sameness.key(page.said) in {
            sameness.key(each.said) for each in pages if each is not None
        }

    def _addresses(self) -> list[str]:
        return sorted({*self.state.watches, *self.view.looks})

    def _wanted(self, seen: Seen) -> bool:
        """False for what the config no longer covers: it is not asked for any more, and misses nobody."""
        if self.source.scope == self.before.scope and self.source.start == self.before.start:
            return True
        return seen.look is not None or seen.address in self.starts or address.in_scope(seen.uri, self.source.scope)

    def _take_common_page_for_gone(self, host: str) -> None:
        """Pages of a well host that all show one text that none of them had are gone, whatever their status says."""
        looked = [seen for seen in self.known if seen.look and seen.host == host and seen.stand is not Stand.OPEN]
        shown: dict[str, list[Seen]] = {}
        for seen in looked:
            if seen.look and (seen.stand is Stand.SUSPECT or seen.changed or seen.settled):
                agreed = COMMON if seen.address in self.common else doubt_of(seen.look)
                shown.setdefault(agreed, []).append(seen)
        if not shown:
            return
        digest, common = max(shown.items(), key=lambda item: (len(item[1]), item[0]))
        own = {seen.before.text_digest for seen in common if seen.before}
        gone = sum(seen.stand is Stand.GONE for seen in looked)
        doubtful = sum(seen.stand is Stand.SUSPECT for seen in common)
        if (
            len(common) < (2 if doubtful else sameness.COMMON_PAGES)
            or digest in own
            or len(common) + gone < WHOLE_SECTION * len(looked)
        ):
            return
        if not self.probed_well(host):
            return
        for seen in common:
            page = seen.before.page if seen.before else None
            self.seen[seen.address] = replace(seen, stand=Stand.GONE, page=page, changed=False, settled=False)
        self.forget_lists()

    def _see(self, name: str) -> Seen:
        watch, look = self.state.watches.get(name), self.view.looks.get(name)
        before = self.state.last_good.get(name) or (look.before if look else None)
        role = look.role if look else watch.role if watch else Role.PAGE
        uri = look.capture.uri if look else watch.uri if watch else name
        stand = self._stand(name, look, before) if look else Stand.OPEN
        if stand is Stand.GOOD and look is not None and _still_stood_in_for(watch, look):
            stand = Stand.GONE
        if name in self.common and stand in {Stand.GOOD, Stand.SUSPECT}:
            stand = Stand.SUSPECT
        doubtful = stand is Stand.SUSPECT and not self.stands_in(name)
        settled = doubtful and look is not None and self._repeats_doubt(watch, look)
        if settled:
            stand = Stand.GOOD
        page = look.page if look and stand is Stand.GOOD and look.page is not None else before.page if before else None
        changed = stand is Stand.GOOD and look is not None and _differs(watch, look, before, page)
        held = watch is not None and watch.held_version is not None
        if changed and before is not None and page is not None:
            before, page = self._compared.get(name) or _held(before, page)
        was = before.page if before else None
        return Seen(
            address=name, uri=uri, role=role, watch=watch, look=look, before=before,
            was=_framed(was, look.last if look and not held else None),
            page=_framed(page, look.shown if look and stand is Stand.GOOD else None),
            stand=stand, settled=settled, changed=changed,
        )  # fmt: skip

    def _stand(self, name: str, look: Look, before: Version | None) -> Stand:
        outcome = look.capture.outcome
        if outcome.good:
            return Stand.GOOD
        if outcome in {Outcome.GONE, Outcome.SOFT404}:
            return Stand.GONE
        if outcome is Outcome.SUSPECT:
            return Stand.SUSPECT
        if outcome is Outcome.MOVED:
            return self._where_it_leads(name, look, before)
        return Stand.OPEN

    def _where_it_leads(self, name: str, look: Look, before: Version | None) -> Stand:
        """A redirect to home, a start page or a lost page is a removal in disguise, unless the text went along."""
        if look.target is None or look.target == name:
            return Stand.OPEN
        target = self.view.looks.get(look.target)
        if target is not None and not target.capture.outcome.settles:
            return Stand.OPEN
        if target is not None and not target.capture.outcome.good:
            return Stand.GONE
        home = look.target == address.host(look.capture.uri)
        if home or look.target in self.starts:
            shown = target.page if target else None
            went_along = before is not None and shown is not None and likeness(before.page, shown) >= SAME_PAGE
            return Stand.MOVED if went_along else Stand.GONE
        return Stand.MOVED

    def _repeats_doubt(self, watch: Watch | None, look: Look) -> bool:
        return watch is not None and watch.doubt == agreed_on(look) and self.confirmed(watch.missing_since)


def _held(before: Version, page: StoredPage) -> tuple[Version, StoredPage]:
    """A version and what is shown now, each with its text at hand."""
    was = before.page.held()
    return replace(before, page=was), page.held(was)


def _framed(page: StoredPage | None, shown: StoredPage | None) -> StoredPage | None:
    """A page with what stood round its text at one look: a version keeps only what its first look showed there."""
    if page is None or shown is None or page.frame == shown.frame:
        return page
    return replace(page, frame=shown.frame)


def agreed_on(look: Look) -> str:
    """Return what two suspect looks must agree on: that the page was cut, else the digest of the text they show.

    What is left of a page that was cut is known to be that page, so that it may be edited between the two looks. What
    stands in its place (an error in words we do not know) has nothing of it, and must not change at all.
    """
    cut = look.before and look.page and left_over(look.before.page, look.page) >= LEFT_OVER
    return CUT if cut else doubt_of(look)


def doubt_of(look: Look) -> str:
    """Return the digest of the text that a look shows."""
    if look.capture.text_digest:
        return look.capture.text_digest
    return text.text_digest(look.page.said) if look.page is not None else str(look.capture.outcome)


def _still_stood_in_for(watch: Watch | None, look: Look) -> bool:
    """True for a page told as removed that goes on showing what took its place, instead of coming back."""
    if watch is None or watch.standing is not Standing.REMOVED or watch.held_version is None or look.before is None:
        return False
    same = look.capture.outcome is Outcome.UNCHANGED or look.capture.text_digest == look.before.text_digest
    return same and look.before.id != watch.held_version


def _differs(watch: Watch | None, look: Look, before: Version | None, page: StoredPage | None) -> bool:
    if before is None or page is None:
        return False
    if look.capture.outcome is Outcome.UNCHANGED and (watch is None or watch.held_version is None):
        return False
    return (look.capture.text_digest or text.text_digest(page.said)) != before.text_digest


def _is_robots(probe: Capture) -> bool:
    return probe.uri.split("?", 1)[0].endswith("/robots.txt")


def _home_is_well(probe: Capture) -> bool:
    return probe.outcome.good or (probe.outcome is Outcome.MOVED and probe.location is not None)
