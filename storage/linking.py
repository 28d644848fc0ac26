"""Which pages link which addresses: as long as the links of a section are many, and asked for seldom."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import overload

from extractors import address
from extractors.model import Page


class Linking(Sequence[str]):
    """The addresses of the pages that link one address; equal to a tuple of the same."""

    __slots__ = ()

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """All of them."""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self.names()[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __len__(self) -> int:
        return len(self.names())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Linking | tuple):
            return NotImplemented
        return self is other or self.names() == names(other)

    def __hash__(self) -> int:
        return hash(self.names())

    def __repr__(self) -> str:
        return repr(self.names())


def names(linking: Sequence[str]) -> tuple[str, ...]:
    """The same as a tuple, asked for once: one that is made of a :class:`Linking` asks for its length before."""
    return linking.names() if isinstance(linking, Linking) else tuple(linking)


class _Counted(Linking):
    """Pages by their number. Where each page of a part of the site links all the others, all have the same numbers."""

    __slots__ = ("_numbers", "_own", "_pages")

    def __init__(self, pages: Sequence[str], numbers: array[int], own: str) -> None:
        self._pages, self._numbers, self._own = pages, numbers, own

    def names(self) -> tuple[str, ...]:
        return tuple([name for number in self._numbers if (name := self._pages[number]) != self._own])


def linked_from(pages: Iterable[tuple[str, Page]], wanted: Collection[str]) -> Mapping[str, Linking]:
    """For each wanted address that is linked or offered as a document, the pages that do so, in their order.

    A page is no page that links itself. As tuples of strings the links of a large section were a third of a crawl's
    memory: eighty a page, both ways.
    """
    order: list[str] = []
    found: dict[str, array[int]] = {}
    for number, (where, page) in enumerate(pages):
        order.append(where)
        targets = [link.uri for link in page.links] + [attachment.uri for attachment in page.attachments]
        for target in {address.key(uri) for uri in targets}:
            if target in wanted:
                found.setdefault(target, array("I")).append(number)
    alike: dict[bytes, array[int]] = {}
    return {
        target: _Counted(order, alike.setdefault(numbers.tobytes(), numbers), target)
        for target, numbers in found.items()
    }
