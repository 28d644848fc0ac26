"""A site in memory and an archive in memory, so that a test of the rules reads like the story it tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from alerts.detect import rules
from extractors import address
from extractors.model import (
    Attachment,
    Block,
    BlockKind,
    Link,
    Notice,
    Outcome,
    Page,
    PageKind,
    StatedDate,
)
from extractors.text import text_digest
from storage.looks import EARLIER_LOOKS
from storage.pages import StoredPage, at_hand
from storage.records import (
    Capture,
    Change,
    Crawl,
    CrawlView,
    Detection,
    DetectionState,
    Held,
    Look,
    NoticeRow,
    Role,
    SeminarRow,
    Source,
    SourceState,
    Version,
    Watch,
)

HOST = "https://amt.example"
START = datetime(2021, 3, 1, 5, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def uri(path: str) -> str:
    return path if "://" in path else HOST + path


def key(path: str) -> str:
    return address.key(uri(path))


def para(text: str, *links: tuple[str, str]) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, links=_links(links))


def heading(text: str, *links: tuple[str, str]) -> Block:
    return Block(kind=BlockKind.HEADING, text=text, links=_links(links), level=2)


def item(text: str, path: str | None = None) -> Block:
    return Block(kind=BlockKind.ITEM, text=text, links=_links(((text, path),) if path else ()))


def box(text: str, title: str = "Hinweis", certain: bool = True) -> Notice:
    return Notice(title=title, blocks=(para(text),), certain=certain)


def paper(path: str, label: str, size: str = "") -> Attachment:
    return Attachment(uri=uri(path), label=label, size=size)


def _links(links: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(uri=uri(path), text=text) for text, path in links)


def page(
    path: str,
    title: str,
    *blocks: Block | str,
    notices: Iterable[Notice] = (),
    papers: Iterable[Attachment] = (),
    frame: Iterable[Block | str] = (),
    nav: Iterable[str] = (),
    kind: PageKind = PageKind.ARTICLE,
    canonical: str | None = None,
    identity: str | None = None,
    dates: Iterable[StatedDate] = (),
) -> Page:
    made = tuple(para(block) if isinstance(block, str) else block for block in blocks)
    framed = tuple(para(block) if isinstance(block, str) else block for block in frame)
    inner = tuple(link for block in made for link in block.links)
    return Page(
        uri=uri(path),
        title=title,
        kind=kind,
        language="de",
        blocks=made,
        notices=tuple(notices),
        attachments=tuple(papers),
        frame=framed,
        links=(*inner, *(Link(uri=uri(target), text=target) for target in nav)),
        canonical=uri(canonical) if canonical else None,
        identity=identity,
        dates=tuple(dates),
    )


def pdf(path: str, *texts: str, identity: str = "") -> Page:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text, sheet=1) for text in texts)
    return Page(
        uri=uri(path), title="", kind=PageKind.DOCUMENT, blocks=blocks, identity=identity or None, extractor="pdf"
    )


@dataclass(frozen=True)
class Moved:
    """A redirect."""

    to: str
    status: int = 301


@dataclass(frozen=True)
class Doubtful:
    """An answer that the judge took for suspect."""

    page: Page


@dataclass(frozen=True)
class Same:
    """The very bytes of the last good look (or a 304)."""


Answer = Page | Outcome | Moved | Doubtful | Same


@dataclass
class Sim:
    """An archive in memory that runs the rules after each crawl, as :func:`alerts.detection.detect_missing` does.

    It keeps what the real one keeps: a version only where the text differs, and of a version the page
    of its first look, whose frame grows stale.
    """

    source: Source
    at: datetime = START
    state: SourceState | None = None
    watches: dict[str, Watch] = field(default_factory=dict)
    notices: dict[str, NoticeRow] = field(default_factory=dict)
    seminars: dict[str, SeminarRow] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    good: dict[str, int] = field(default_factory=dict)
    shown: dict[str, StoredPage] = field(default_factory=dict)  # what the last good look at each address showed
    earlier: dict[str, tuple[StoredPage, ...]] = field(default_factory=dict)  # what the good looks showed, newest first
    told: list[Change] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    crawls: int = 0
    captures: int = 0
    last: tuple[DetectionState, CrawlView, Detection] | None = None

    def crawl(
        self,
        answers: Mapping[str, Answer],
        *,
        after: timedelta = WEEK,
        exhausted: bool = True,
        reason: str = "finished",
        home: Outcome = Outcome.OK,
        robots: Outcome = Outcome.OK,
    ) -> list[Change]:
        """One crawl ``after`` the last one: what each path answers; known paths that are left out are not asked."""
        self.crawls += 1
        self.at += after
        crawl = Crawl(
            id=self.crawls,
            source=self.source.name,
            started_at=self.at,
            ended_at=self.at,
            exhausted=exhausted,
            reason=reason,
        )
        last_good = {
            name: self.versions[watch.held_version or self.good[name]]
            for name, watch in self.watches.items()
            if name in self.good
        }
        state = DetectionState(
            source=self.state or SourceState(name=self.source.name),
            watches=dict(self.watches),
            notices=tuple(self.notices.values()),
            seminars=tuple(self.seminars.values()),
            last_good=last_good,
        )
        looks = self._looks(answers, crawl)
        probes = tuple(
            self._capture(crawl, path, outcome, None) for path, outcome in (("/", home), ("/robots.txt", robots))
        )
        view = CrawlView(crawl=crawl, looks=looks, probes=probes)
        detection = rules.apply(state, view, self.source, self.at)
        self._commit(detection, looks)
        self.last = (state, view, detection)
        return list(detection.changes)

    def _looks(self, answers: Mapping[str, Answer], crawl: Crawl) -> dict[str, Look]:
        linked: dict[str, list[str]] = {}
        for path, answer in answers.items():
            for target in _targets(answer):
                if target != key(path):
                    linked.setdefault(target, []).append(key(path))
        made: dict[str, Look] = {}
        new_versions: dict[str, Version] = {}
        for path, answer in answers.items():
            name = key(path)
            before = self.versions[self.good[name]] if name in self.good else None
            outcome, shown, target = _judge(answer, before)
            capture = self._capture(
                crawl, path, outcome, shown, 301 if not isinstance(answer, Moved) else answer.status
            )
            if outcome is Outcome.OK and shown is not None:
                version = before
                if before is None or before.text_digest != text_digest(shown.whole):
                    version = Version(
                        id=len(self.versions) + len(new_versions) + 1, address=name, uri=uri(path),
                        text_digest=text_digest(shown.whole), since=self.at, first_capture=capture.id, page=shown,
                    )  # fmt: skip
                    new_versions[name] = version
                capture = replace(capture, version_id=version.id if version else None)
            made[name] = Look(
                capture=capture,
                role=Role.DOCUMENT if path.endswith(".pdf") else Role.PAGE,
                before=before,
                page=shown,
                target=key(target) if target else None,
                target_uri=uri(target) if target else None,
                linked_from=tuple(dict.fromkeys(linked.get(name, ()))),
                shown=shown if outcome is Outcome.OK else self.shown.get(name) if outcome.good else None,
                last=self.shown.get(name),
                earlier=self.earlier.get(name, ()) if outcome is Outcome.OK else (),
            )
            if outcome is Outcome.OK and shown is not None:
                self.shown[name] = shown
            if outcome.good and name in self.shown:
                self.earlier[name] = (self.shown[name], *self.earlier.get(name, ()))[:EARLIER_LOOKS]
        for name, version in new_versions.items():
            self.versions[version.id] = version
            self.good[name] = version.id
        return made

    def _capture(
        self, crawl: Crawl, path: str, outcome: Outcome, shown: StoredPage | None, status: int = 200
    ) -> Capture:
        self.captures += 1
        return Capture(
            id=self.captures, crawl_id=crawl.id, address=key(path), uri=uri(path), captured_at=self.at, request=b"", head=b"",
            status=status, payload_digest=None, payload_size=0, peer="", elapsed_ms=1, location=None, hop_of=None,
            revisit_of=None, probe=False, outcome=outcome, rule="test", detail="",
            text_digest=text_digest(shown.whole) if shown is not None else None, version_id=None,
        )  # fmt: skip

    def _commit(self, detection: Detection, looks: Mapping[str, Look]) -> None:
        self.told.extend(detection.changes)
        self.held.extend(detection.held)
        self.state = detection.source
        self.watches.update({watch.address: watch for watch in detection.watches})
        self.notices.update({row.id: row for row in detection.notices})
        self.seminars.update({row.id: row for row in detection.seminars})
        for name, look in looks.items():
            if look.capture.id in detection.settled and look.page is not None:
                version = Version(
                    id=len(self.versions) + 1, address=name, uri=look.capture.uri, text_digest=text_digest(look.page.whole),
                    since=self.at, first_capture=look.capture.id, page=look.page,
                )  # fmt: skip
                self.versions[version.id] = version
                self.good[name] = version.id


def _judge(answer: Answer, before: Version | None) -> tuple[Outcome, StoredPage | None, str | None]:
    if isinstance(answer, Page):
        return Outcome.OK, at_hand(answer), None
    if isinstance(answer, Moved):
        return Outcome.MOVED, None, answer.to
    if isinstance(answer, Doubtful):
        return Outcome.SUSPECT, at_hand(answer.page), None
    if isinstance(answer, Same):
        return Outcome.UNCHANGED, before.page if before else None, None
    return answer, None, None


def _targets(answer: Answer) -> set[str]:
    if not isinstance(answer, Page):
        return set()
    return {address.key(link.uri) for link in answer.links} | {address.key(one.uri) for one in answer.attachments}


def source(**changes: object) -> Source:
    base = Source(name="amt", start=(uri("/p"),), scope=(uri("/p"),), register="seminars")
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Source


def kinds(changes: Iterable[Change]) -> list[str]:
    return [change.kind for change in changes]


def events(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """Kind and path of each change, in a fixed order."""
    return sorted((change.kind, change.uri.removeprefix(HOST)) for change in changes)
