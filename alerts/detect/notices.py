"""Notices: one event per host when a text in a notice's place comes, changes or goes, however many pages show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from alerts.detect import sentences
from alerts.detect.board import (
    Board,
    addresses,
    claim_words,
    in_force,
    is_back,
    is_spent,
    join,
    leave,
    remember_texts,
)
from alerts.detect.boxes import Box, boxes, shows, successor, text_key
from alerts.detect.claims import Side
from alerts.detect.ledger import Draft, Ledger
from alerts.detect.scene import Seen, Stand
from extractors import address
from storage.pages import StoredPage
from storage.records import NoticeRow


@dataclass(slots=True)
class _Spots:
    """What happened to one host's notices, page by page: the pages of each kind of event."""

    flips: defaultdict[tuple[str, str], list[Seen]] = field(default_factory=lambda: defaultdict(list))
    posts: defaultdict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    losses: defaultdict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    known: defaultdict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))  # new pages
    wordings: dict[str, str] = field(default_factory=dict)


def baseline(ledger: Ledger, names: frozenset[str]) -> None:
    """Register the notices on some pages without telling them."""
    for host in sorted({seen.host for seen in ledger.scene.present if seen.address in names}):
        board = Board(ledger, host)
        spots = _Spots()
        for seen in board.pages:
            if seen.address in names and seen.page is not None:
                for box in board.notices_on(seen.page):
                    if box.key not in spots.known:  # from here on it is a notice wherever it stands
                        join(board, box.key, box.wording, [seen])
                        spots.wordings[box.key] = box.wording
                    spots.known[box.key].append(seen)
        _join_known(board, spots)
        remember_texts(ledger, board)


def claim(ledger: Ledger) -> None:
    """Tell what happened to the notices of each host, and claim their words on every page."""
    for host in sorted({seen.host for seen in ledger.scene.present}):
        board = Board(ledger, host)
        spots = _look_round(board)
        _flip(board, spots)
        _post(board, spots)
        _lose(board, spots)
        _join_known(board, spots)
        remember_texts(ledger, board)


def _join_known(board: Board, spots: _Spots) -> None:
    for key, seen in spots.known.items():
        join(board, key, spots.wordings[key], seen)


def forget_pages(ledger: Ledger, names: Sequence[str], moved: dict[str, str] | None = None) -> None:
    """Take removed pages off the notices they showed, or put their new addresses there; neither lifts a notice."""
    gone = set(names)
    for row in list(ledger.notices.values()):
        if row.lifted_at is not None or not gone & addresses(row):
            continue
        uris = {uri for uri in row.uris if address.key(uri) not in gone}
        if moved:
            uris |= {moved[key] for uri in row.uris if (key := address.key(uri)) in moved}
        if not uris:
            ledger.notices[row.id] = replace(row, lifted_at=ledger.scene.ended_at)
            ledger.hold(row.uris[0], "notice-with-pages", "all pages that showed this notice are gone")
            continue
        peak = max(len(uris), row.peak_pages - (len(row.uris) - len(uris)))
        ledger.notices[row.id] = replace(row, uris=tuple(sorted(uris)), peak_pages=peak)


def _look_round(board: Board) -> _Spots:
    spots = _Spots()
    for seen in board.pages:
        if seen.stand is not Stand.GOOD or seen.look is None or seen.page is None:
            continue
        before = board.ledger.page(seen, Side.BEFORE)
        if before is None or not (seen.live or seen.address in board.ledger.origins):
            _look_at_new(board, seen, seen.page, spots)
        elif seen.changed or seen.read_anew:
            _look_at_known(board, seen, before, seen.page, spots)
    return spots


def _look_at_new(board: Board, seen: Seen, page: StoredPage, spots: _Spots) -> None:
    """A new page that shows a known notice, or one that other pages share, tells nothing of it."""
    for box in board.notices_on(page):
        spots.wordings[box.key] = box.wording
        silent = box.key in board.by_key or seen.address in board.ledger.silent or not box.certain
        (spots.known if silent else spots.posts)[box.key].append(seen)


def _look_at_known(board: Board, seen: Seen, before: StoredPage, after: StoredPage, spots: _Spots) -> None:
    lines = board.ledger.lines
    carried = board.carried_by(seen)
    lost = [row for row in carried if not shows(after, text_key(row.text), lines)]
    lost += [row for row in board.outdated_on(seen) if row not in carried]
    had = {box.key for box in boxes(before)} | {text_key(row.text) for row in carried}
    accepted = [
        box
        for box in board.notices_on(after, before=before, main=seen.changed or not seen.live)
        if box.key not in had and not _is_part(box, had)
    ]
    keys = {box.key for box in accepted}
    doubtful = [box for box in boxes(after) if lost and box.key not in had | keys]
    gained: list[Box] = []
    for box in (*accepted, *doubtful):
        spots.wordings[box.key] = box.wording
        if shows(before, box.key, lines) and not board.is_over(box.key):
            spots.known[box.key].append(seen)  # the same words as before, in another template
        else:
            gained.append(box)
    for row, successor_box in _pair(lost, gained, before, after, board):
        if successor_box is not None:
            spots.wordings[successor_box.key] = successor_box.wording
        if row is not None and successor_box is not None:
            spots.flips[row.id, successor_box.key].append(seen)
        elif row is not None:
            spots.losses[row.id].append(seen)
        elif successor_box is not None and successor_box.key in keys:
            spots.posts[successor_box.key].append(seen)


def _is_part(box: Box, had: set[str]) -> bool:
    return any(set(box.lines) <= set(key.split("\n")) for key in had)


def _pair(
    lost: list[NoticeRow], gained: list[Box], before: StoredPage, after: StoredPage, board: Board
) -> list[tuple[NoticeRow | None, Box | None]]:
    """Pair what went with what came in its place, the most alike first; a lost one may be replaced line by line."""
    in_place = [successor(before, after, text_key(row.text), board.ledger.lines) for row in lost]
    heirs = {i: box for i, box in enumerate(in_place) if box is not None and _takes_in(box, gained)}
    left = [box for box in gained if not any(set(box.lines) <= set(heir.lines) for heir in heirs.values())]
    ranked = sorted(
        ((_alike(row, box), -i, -j) for i, row in enumerate(lost) if i not in heirs for j, box in enumerate(left)),
        reverse=True,
    )
    by_row: dict[int, int] = {}
    for _, i, j in ranked:
        if -i not in by_row and -j not in by_row.values():
            by_row[-i] = -j
    pairs: list[tuple[NoticeRow | None, Box | None]] = []
    for i, row in enumerate(lost):
        pairs.append((row, heirs.get(i) or (left[by_row[i]] if i in by_row else in_place[i])))
    pairs.extend((None, box) for j, box in enumerate(left) if j not in by_row.values())
    return pairs


def _takes_in(heir: Box, gained: Sequence[Box]) -> bool:
    """True where what stands in a notice's place is one of the new boxes with lines it kept, its heading say."""
    return any(set(box.lines) <= set(heir.lines) for box in gained)


def _alike(row: NoticeRow, box: Box) -> float:
    one, other = text_key(row.text), box.key
    same_title = one.split("\n")[0] == other.split("\n")[0]
    # The first 2,000 characters tell boxes apart; the ratio is quadratic in the length.
    return same_title + SequenceMatcher(None, one[:2000], other[:2000], autojunk=False).quick_ratio()


# --- events


def _flip(board: Board, spots: _Spots) -> None:
    """Where one text took another's place it is one change, told when the new text is first seen."""
    arrivals: defaultdict[str, list[tuple[NoticeRow, list[Seen]]]] = defaultdict(list)
    for (row_id, key), seen in spots.flips.items():
        arrivals[key].append((board.ledger.notices[row_id], seen))
    news: list[tuple[NoticeRow, NoticeRow]] = []
    for key, sources in arrivals.items():
        old, _ = max(sources, key=lambda item: (len(item[1]), item[0].id))
        pages = [*(seen for _, on in sources for seen in on), *spots.posts.pop(key, ())]
        known = board.by_key.get(key)
        told = known is None or (not in_force(known) and is_back(board, key, known) and is_spent(sources))
        row = join(board, key, spots.wordings[key], pages, revive=told)
        if told:
            news.append((old, row))
        elif not in_force(row):
            board.ledger.hold(pages[0].uri, "notice-stray", f"an earlier wording showed on {len(pages)} page(s)")
        for other, on in sources:
            claim_words(board, other, row, on)
            leave(board, other, on, row if in_force(row) else None)
    for group in _together(news):
        _tell_changed(board, group)


def _together(news: list[tuple[NoticeRow, NoticeRow]]) -> list[list[tuple[NoticeRow, NoticeRow]]]:
    """Boxes that came together on the same pages, and change together on the same pages, are one notice."""
    groups: defaultdict[tuple[object, ...], list[tuple[NoticeRow, NoticeRow]]] = defaultdict(list)
    for old, new in news:
        groups[old.first_seen, old.uris, new.uris].append((old, new))
    return list(groups.values())


def _tell_changed(board: Board, group: list[tuple[NoticeRow, NoticeRow]]) -> None:
    rows = [board.ledger.notices[new.id] for _, new in group]
    before = "\n\n".join(old.text for old, _ in group)
    after = "\n\n".join(row.text for row in rows)
    uris = tuple(sorted({uri for row in rows for uri in row.uris}))
    board.ledger.tell(
        Draft(
            kind="notice.changed",
            subject=rows[0].id,
            uri=board.ledger.scene.start_uri,
            uris=uris,
            title=sentences.cut(after, 80),
            summary=sentences.notice_changed(after, len(uris)),
            importance=80,
            reason="Wortlaut des Hinweises geändert",
            marks=(group[0][0].text_digest, f"{rows[0].text_digest}@{board.ledger.scene.crawl.id}"),
            before={"text": before},
            after={"text": after},
            facts={"pages": len(uris), "host": board.host, "notices": [row.id for row in rows]},
        )
    )


def _post(board: Board, spots: _Spots) -> None:
    news: defaultdict[tuple[str, ...], list[NoticeRow]] = defaultdict(list)
    for key, pages in spots.posts.items():
        known = board.by_key.get(key)
        told = known is None or (not in_force(known) and is_back(board, key, known))
        if known is not None and not told and not in_force(known):
            board.ledger.hold(pages[0].uri, "notice-stray", f"a lifted notice showed on {len(pages)} page(s)")
        row = join(board, key, spots.wordings[key], pages, revive=told)
        claim_words(board, None, row, pages)
        if told:
            news[row.uris].append(row)
    for uris, rows in news.items():
        after = "\n\n".join(row.text for row in rows)
        board.ledger.tell(
            Draft(
                kind="notice.posted",
                subject=rows[0].id,
                uri=board.ledger.scene.start_uri,
                uris=uris,
                title=sentences.cut(after, 80),
                summary=sentences.notice_posted(after, len(uris)),
                importance=85,
                reason="Neuer Hinweis",
                marks=("", f"{rows[0].text_digest}@{board.ledger.scene.crawl.id}"),
                after={"text": after},
                facts={"pages": len(uris), "host": board.host, "notices": [row.id for row in rows]},
            )
        )


def _lose(board: Board, spots: _Spots) -> None:
    lifted: defaultdict[tuple[str, ...], list[tuple[NoticeRow, int]]] = defaultdict(list)
    for row_id, pages in spots.losses.items():
        before = board.ledger.notices[row_id]
        claim_words(board, before, None, pages)
        if before.lifted_at is not None:
            continue  # told before; these pages are late
        after = leave(board, before, pages, None)
        if after.lifted_at is not None and before.replaced_by is None:
            lifted[before.uris].append((after, before.peak_pages))
        elif after.lifted_at is None:
            board.ledger.hold(pages[0].uri, "notice-remains", f"left {len(pages)} page(s), still on {len(after.uris)}")
    for uris, rows in lifted.items():
        text_before = "\n\n".join(row.text for row, _ in rows)
        number = max(peak for _, peak in rows)
        board.ledger.tell(
            Draft(
                kind="notice.lifted",
                subject=rows[0][0].id,
                uri=board.ledger.scene.start_uri,
                uris=uris,
                title=sentences.cut(text_before, 80),
                summary=sentences.notice_lifted(text_before, number),
                importance=75,
                reason="Hinweis aufgehoben",
                marks=(rows[0][0].text_digest, f"lifted@{board.ledger.scene.crawl.id}"),
                before={"text": text_before},
                facts={"pages": number, "host": board.host, "notices": [row.id for row, _ in rows]},
            )
        )
