"""The register of one host's notices: which texts are notices, and which pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256

from alerts.detect.boxes import Box, boxes, line_speaks, shows, speaking, text_key
from alerts.detect.claims import Side
from alerts.detect.ledger import Ledger
from alerts.detect.scene import Seen, Stand
from alerts.detect.world import Carried, carried, is_shared
from extractors import address
from storage.pages import StoredPage
from storage.records import NoticeRow


class Board:
    """The notices of one host, before and while a crawl is worked through."""

    def __init__(self, ledger: Ledger, host: str) -> None:
        self.ledger = ledger
        self.host = host
        self.pages = [seen for seen in ledger.scene.present if seen.host == host]
        self.by_key = {text_key(row.text): row for row in ledger.notices.values() if row.host == host}
        after = [seen.page for seen in self.pages if seen.page]
        before = [page for seen in self.pages if (page := ledger.page(seen, Side.BEFORE)) is not None]
        looked = [seen.page for seen in self.pages if seen.page and seen.read_anew]
        self._worlds = (after,) if len(looked) == len(after) else (after, looked)  # a first crawl reads all of them
        self._shown_at: dict[str, tuple[NoticeRow, set[str]]] = {}
        self._many = is_shared(len(looked), len(after))
        self._shared = {
            key
            for world in (before, after, looked)
            for key, count in Counter(box.key for page in world for box in boxes(page)).items()
            if is_shared(count, len(world))
        }

    def is_notice(self, box: Box) -> bool:
        """Tell whether a box is a notice: named as one, known as one, or shared by the host's pages."""
        return box.certain or box.key in self.by_key or box.key in self._shared

    def line_is_shared(self, line: str) -> bool:
        """Tell whether a line stands on enough of the host's pages after this crawl."""
        return line in self._carried.lines

    @cached_property
    def _carried(self) -> Carried:
        """The lines that are shared by all of the host's pages, or by those that were read anew."""
        return carried(self._worlds, self.ledger.lines)

    @cached_property
    def _speaks(self) -> bool:
        """Whether any shared line speaks of a restriction: mostly none does, and no page need be looked through."""
        return any(map(line_speaks, self._carried.lines))

    @cached_property
    def _speaks_in_main(self) -> bool:
        return any(map(line_speaks, self._carried.in_main))

    def notices_on(self, page: StoredPage, *, before: StoredPage | None = None, main: bool = True) -> tuple[Box, ...]:
        """The notices a page shows: its boxes, and shared lines elsewhere on it that speak of a restriction.

        ``before`` is what it showed at the last look; ``main`` False does without those in the main text.
        """
        own = tuple(box for box in boxes(page) if self.is_notice(box))
        if self._many:  # of most pages: then who shares a line is asked before what it says
            if not self._speaks:
                return own
            main = main and self._speaks_in_main
        found = speaking(page, self.ledger.lines, self.line_is_shared, before=before, main=main)
        return (*own, *found)

    def is_over(self, key: str) -> bool:
        """Tell whether a text is that of a notice told as lifted or replaced everywhere."""
        row = self.by_key.get(key)
        return row is not None and row.lifted_at is not None

    def carried_by(self, seen: Seen) -> list[NoticeRow]:
        """The notices that were on a page before and have not been told as lifted, in the page's order."""
        mine = [row for row in self.by_key.values() if row.lifted_at is None]
        before = self.ledger.page(seen, Side.BEFORE)
        shown = [box.key for box in boxes(before)] if before else []
        found = [row for row in mine if text_key(row.text) in shown or seen.address in self._addresses(row)]
        return sorted(
            found, key=lambda row: (*(i for i, key in enumerate(shown) if key == text_key(row.text)), len(shown))
        )

    def _addresses(self, row: NoticeRow) -> set[str]:
        """:func:`addresses`, worked out once: it is asked for each page, and there may be thousands of both."""
        found = self._shown_at.get(row.id)
        if found is None or found[0] is not row:
            found = self._shown_at[row.id] = (row, addresses(row))
        return found[1]

    def outdated_on(self, seen: Seen) -> list[NoticeRow]:
        """The notices told as lifted or replaced whose words a page, read late, has only now given up."""
        lines = self.ledger.lines
        before, after = self.ledger.page(seen, Side.BEFORE), seen.page
        if before is None or after is None:
            return []
        over = [(key, row) for key, row in self.by_key.items() if row.lifted_at is not None]
        return [row for key, row in over if shows(before, key, lines) and not shows(after, key, lines)]


def in_force(row: NoticeRow) -> bool:
    """True while a notice stands: neither lifted nor replaced."""
    return row.lifted_at is None and row.replaced_by is None


def is_back(board: Board, key: str, row: NoticeRow) -> bool:
    """An earlier text is back when it stands on half of the pages it once had; less is a page from a cache."""
    now = sum(shows(seen.page, key, board.ledger.lines) for seen in board.pages if seen.page is not None)
    return 2 * now >= min(row.peak_pages, len(board.pages))


def is_spent(sources: Sequence[tuple[NoticeRow, list[Seen]]]) -> bool:
    """True when a text that gives way to an earlier one keeps fewer than half of its pages: a way back and no stray."""
    return any(2 * (len(row.uris) - len(pages)) < row.peak_pages for row, pages in sources)


def join(board: Board, key: str, wording: str, pages: Sequence[Seen], revive: bool = False) -> NoticeRow:
    """Put pages on a notice, making its row where there is none; ``revive`` puts it in force again."""
    scene = board.ledger.scene
    row = board.by_key.get(key)
    if row is None:
        row = NoticeRow(
            id=_name(board, key), host=board.host, text=wording, text_digest=digest_of(key), uris=(), peak_pages=0,
            first_seen=scene.ended_at, last_seen=scene.ended_at,
        )  # fmt: skip
    elif row.lifted_at is not None and revive:
        row = replace(row, uris=(), peak_pages=0)
    if revive:
        row = replace(row, lifted_at=None, replaced_by=None)
    elif row.lifted_at is not None:
        return row
    had = addresses(row)
    uris = tuple(sorted({*row.uris, *(seen.uri for seen in pages if seen.address not in had)}))
    row = replace(row, uris=uris, peak_pages=max(row.peak_pages, len(uris)), last_seen=scene.ended_at)
    return keep(board, row)


def digest_of(key: str) -> str:
    """The digest of a notice's folded text, as ``sha256:<hex>``."""
    return "sha256:" + sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _name(board: Board, key: str) -> str:
    """A notice's id: of host and text, but never that of a notice which today's extractor words otherwise."""
    name = sha256(f"{board.host}\x1f{key}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    while name in board.ledger.notices:
        name = sha256(f"{name}\x1f{key}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return name


def leave(board: Board, row: NoticeRow, pages: Sequence[Seen], heir: NoticeRow | None) -> NoticeRow:
    """Take pages off a notice; with fewer than half of its pages left it is over, and keeps its last pages."""
    row = board.ledger.notices[row.id]
    gone = {seen.address for seen in pages}
    left = tuple(uri for uri in row.uris if address.key(uri) not in gone)
    replaced_by = heir.id if heir is not None and heir.id != row.id else row.replaced_by
    if row.lifted_at is not None:
        return row
    if 2 * len(left) < row.peak_pages:
        return keep(board, replace(row, lifted_at=board.ledger.scene.ended_at, replaced_by=replaced_by))
    return keep(board, replace(row, uris=left, replaced_by=replaced_by))


def keep(board: Board, row: NoticeRow) -> NoticeRow:
    """Put a row into the register and on the board."""
    board.ledger.notices[row.id] = row
    board.by_key[text_key(row.text)] = row
    return row


def addresses(row: NoticeRow) -> set[str]:
    """The addresses of the pages that show a notice."""
    return {address.key(uri) for uri in row.uris}


def remember_texts(ledger: Ledger, board: Board) -> None:
    """Let all other rules know which boxes are notices, and keep the time the standing ones were last seen."""
    shared = {box.key for seen in board.pages if seen.page for box in boxes(seen.page) if board.is_notice(box)}
    ledger.notice_texts |= shared | set(board.by_key)
    looked = {seen.address for seen in board.pages if seen.stand is Stand.GOOD}
    for row in list(board.by_key.values()):
        if row.lifted_at is not None or row.last_seen >= ledger.scene.ended_at:
            continue
        if any(address.key(uri) in looked for uri in row.uris):
            keep(board, replace(row, last_seen=ledger.scene.ended_at))


def claim_words(board: Board, old: NoticeRow | None, new: NoticeRow | None, pages: Sequence[Seen]) -> None:
    """Claim a notice's lines where they stood in the main text."""
    ledger = board.ledger
    for row, side in ((old, Side.BEFORE), (new, Side.AFTER)):
        if row is None:
            continue
        lines = set(text_key(row.text).split("\n"))
        for seen in pages:
            page = ledger.page(seen, side)
            for index, line in enumerate(ledger.lines.main(page) if page else ()):
                if line in lines:
                    ledger.claims.block(seen.address, side, index)
