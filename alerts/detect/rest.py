"""What changed on a page and no other event explains: as facts, as one sentence, and how much it weighs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from alerts.detect import changes, sentences
from extractors import diff, text
from extractors.diff import BlockChange, Op, Run, RunOp
from extractors.model import Block, BlockKind, Link
from storage.records import Json

TITLE = "title"
_LINES = frozenset({TITLE, "attachment", "link"})  # kinds of a difference in a line that is no block of text


class Weight(NamedTuple):
    """Whether a difference is minor (design §4.11), its importance (0…100), and why."""

    minor: bool
    importance: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Changed passages, and changed lines beside the text: the title, and what the page says of its documents."""

    passages: tuple[BlockChange, ...] = ()
    title: Json = None
    attachments: tuple[Json, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.passages or self.title or self.attachments)

    @classmethod
    def from_facts(cls, facts: Iterable[Json]) -> Self:
        """Return what :meth:`facts` wrote down; of the links in the text only those that changed are known again."""
        entries = list(facts)
        return cls(
            passages=tuple(_passage(entry) for entry in entries if entry["kind"] not in _LINES),
            title=next((entry for entry in entries if entry["kind"] == TITLE), None),
            attachments=tuple(entry for entry in entries if entry["kind"] in _LINES - {TITLE}),
        )

    def without(self, told: Collection[BlockChange]) -> Self:
        """Return what is left when some of the passages are told elsewhere."""
        return replace(self, passages=tuple(change for change in self.passages if change not in told))

    def facts(self) -> list[Json]:
        """Return the differences as plain facts (docs/json.md, ``diff``)."""
        return [*([self.title] if self.title else []), *changes.as_facts(self.passages), *self.attachments]

    @property
    def before(self) -> str:
        """The passages as they were; what only moved is in neither."""
        return _lines(change.before for change in self.told)

    @property
    def after(self) -> str:
        """The passages as they are now."""
        return _lines(change.after for change in self.told)

    @property
    def told(self) -> tuple[BlockChange, ...]:
        """The passages without those that only moved."""
        return tuple(change for change in self.passages if change.op is not Op.MOVED)

    @property
    def weight(self) -> Weight:
        """How much the difference weighs, and the reason that is given for it."""
        minor = self._is_minor()
        return Weight(minor, *self._weight(minor))

    def summary(self, title: str) -> str:
        """Return the German sentence that says it, for the page of this title."""
        if self.title and not self.passages and not self.attachments:
            return sentences.renamed(self.title["before"], self.title["after"])
        if not self.passages and self.attachments:
            return sentences.attachments_changed(title, [line["after"] or line["before"] for line in self.attachments])
        links = [link for change in self.passages for link in changes.link_change(change)]
        if links and all(
            c.before and c.after and text.fold(c.before.text) == text.fold(c.after.text) for c in self.told
        ):
            return sentences.link_changed(title, links[0]["label"], links[0]["after"], len(links))
        single = len(self.told) == 1 and not self.title and not self.attachments
        before, after = _wording(self.told[0]) if single else ("", "")
        return sentences.page_changed(title, before, after, changes.counts(self.passages))

    def _is_minor(self) -> bool:
        if not diff.all_minor(list(self.told)):
            return False
        lines = ([self.title] if self.title else []) + list(self.attachments)
        return all(
            line["op"] == str(Op.CHANGED)
            and line["kind"] != "link"
            and diff.is_minor_text(line["before"], line["after"])
            for line in lines
        )

    def _weight(self, minor: bool) -> tuple[int, str]:
        pairs = [(c.before.text, c.after.text) for c in self.passages if c.before and c.after and c.op is Op.CHANGED]
        if pairs and not self.title and all(changes.invisible_only(*pair) for pair in pairs):
            return 55, "Unsichtbare Zeichen geändert"
        if any(map(changes.link_change, self.passages)) or any(line["kind"] == "link" for line in self.attachments):
            same_words = all(text.fold(one) == text.fold(other) for one, other in pairs)
            return (50, "Linkziel geändert") if same_words else (50, "Text und Linkziel geändert")
        if self.passages and not self.title and not self.attachments and not self.told:
            return 12, "Reihenfolge geändert"
        if minor:
            return 10, "Kleine Korrektur"
        if self.passages and all(c.after and c.after.kind is BlockKind.CAPTION for c in self.passages):
            return 10, "Bildunterschrift geändert"
        return (45, "Titel geändert") if self.title and not self.passages else (40, "Text geändert")


def _wording(change: BlockChange) -> tuple[str, str]:
    """What one passage said and says: the words that differ where it was edited, else all of it."""
    before, after = changes.wording(change) if change.runs else ("", "")
    before = before or (change.before.text if change.before and not change.after else "")
    after = after or (change.after.text if change.after and not change.before else "")
    if change.op is Op.CHANGED and not (before and after) and change.before and change.after:
        return change.before.text, change.after.text
    return before, after


def _lines(blocks: Iterable[Block | None]) -> str:
    return "\n".join(block.text for block in blocks if block)


def _passage(entry: Json) -> BlockChange:
    links: Sequence[Json] = entry.get("links") or ()
    return BlockChange(
        op=Op(entry["op"]),
        before=_block(entry, "before", links),
        after=_block(entry, "after", links),
        runs=tuple(Run(op=RunOp(op), text=words) for op, words in entry["runs"]),
    )


def _block(entry: Json, side: str, links: Sequence[Json]) -> Block | None:
    if entry[side] is None:
        return None
    targets = tuple(Link(uri=link[side], text=link["label"]) for link in links)
    return Block(kind=BlockKind(entry["kind"]), text=entry[side], links=targets, sheet=entry.get("sheet", 0))
