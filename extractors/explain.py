"""What became of every visible block of a page: the full text, read without any page object, beside what was kept."""

from __future__ import annotations

from collections.abc import Iterator

from extractors import charset, html
from extractors.blocks import Area, Place, pieces
from extractors.html import Element
from extractors.model import Answer, Block, BlockKind, Hints, Page, PageKind, Part, Shown
from extractors.pages import selectors
from extractors.pages.furniture import is_noise
from extractors.tape import Span, Tape, tight

# How many blocks behind a document's label may hold its size and edition (berlin.de: one).
FACTS_WITHIN = 3

_NAVIGATION_ROLES = frozenset(("navigation", "menu", "menubar", "search", "toolbar"))
_REST = Place(area=Area.FRAME, rule="left-out")
_NAVIGATION = Place(area=Area.FRAME, rule="navigation")
_IGNORED = Place(area=Area.FRAME, rule="ignored")


def explain(answer: Answer, hints: Hints, page: Page) -> tuple[Shown, ...]:
    """Say what became of every visible block, in the order of the page.

    The page's blocks are looked for in the full text, so that whatever a page object loses shows. Documents and
    feeds have no text beside their blocks.
    """
    tree = html.parse(charset.decode(answer.body, answer.header("Content-Type")).text)
    if page.kind in (PageKind.DOCUMENT, PageKind.FEED) or not isinstance(tree, Element):
        return tuple(Shown(part=Part.TEXT, rule=each.rule, kind=each.kind, text=each.text) for each in page.blocks)
    tape = Tape(_full_text(tree, answer.uri, hints), frozenset((_NAVIGATION.rule, _IGNORED.rule)))
    _find_title(tape, page.title)
    tape.find(Part.TEXT, page.blocks)
    for notice in page.notices:
        rule = notice.blocks[0].rule if notice.blocks else "notice-like"
        heading = Block(kind=BlockKind.HEADING, text=notice.title, rule=rule)
        tape.find(Part.NOTICE, (heading, *notice.blocks) if notice.title else notice.blocks)
    _find_documents(tape, page)
    tape.find(Part.NOTHING, page.frame)
    return tuple(_tidied(tape.result()))


def _full_text(tree: Element, uri: str, hints: Hints) -> list[Block]:
    """Every visible block; its rule is why it is dropped if nothing takes it."""
    ignored = frozenset(() if selectors.check("ignore", hints.ignore) else selectors.matches(tree, hints.ignore))

    def enter(element: Element, place: Place) -> Place:
        if element in ignored:
            return _IGNORED
        navigates = element.tag in ("nav", "search") or element.get("role") in _NAVIGATION_ROLES
        return _NAVIGATION if navigates and place is _REST else place

    body = next(tree.iter("body"), tree)
    return [piece.block for piece in pieces(body, html.base_of(tree, uri), _REST, enter)]


def _find_title(tape: Tape, title: str) -> None:
    wanted = tight(title)
    for n, block in enumerate(tape.blocks):
        if block.kind is BlockKind.HEADING and tight(block.text) == wanted:
            shown = Shown(part=Part.TITLE, rule="title", kind=block.kind, text=block.text)
            tape.take(tape.starts[n], len(wanted), shown)
            return


def _find_documents(tape: Tape, page: Page) -> None:
    """Find the blocks that became a document's label, size and edition; links in running text stay text."""
    kept = (*page.blocks, *(block for notice in page.notices for block in notice.blocks))
    linked = {link.uri for block in kept for link in block.links}
    for document in page.attachments:
        start = -1 if document.uri in linked else tape.position(tight(document.label))
        if start < 0:
            continue
        first = tape.block_at(start)
        facts = [tight(fact) for fact in (document.size, document.note) if fact]
        for n in range(first, min(first + FACTS_WITHIN, len(tape.blocks))):
            block = tape.blocks[n]
            text = tight(block.text)
            if n == first or any(fact in text for fact in facts):
                at = tape.position(text, tape.starts[n], tape.starts[n] + len(text))
                if at >= 0:
                    shown = Shown(part=Part.DOCUMENT, rule="document", kind=block.kind, text=block.text)
                    tape.take(at, len(text), shown)


def _tidied(spans: list[Span]) -> Iterator[Shown]:
    """The blocks without leftovers of punctuation; lines on the page's own making are named as such."""
    for span in spans:
        shown = span.shown
        if shown.part is not Part.NOTHING or shown.rule != _REST.rule:
            yield shown
        elif any(letter.isalnum() for letter in shown.text):
            rule = "stamp" if is_noise(shown.text) else shown.rule
            yield Shown(part=Part.NOTHING, rule=rule, kind=shown.kind, text=shown.text)
