"""Which pages link which addresses: as long as the links of a section are many, and asked for seldom."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class _Chains:
    """Lists that grow by one at a time, each as its last entry and the list before it.

    Where each page of a part of the site links all the others, the lists of all of them are one.
    """

    def __init__(self) -> None:
        self._pages: list[str] = []
        self._before, self._last = array("I", [0]), array("I", [0])  # list 0 is the empty one

    def grown(self, where: str, lists: Iterable[int]) -> Mapping[int, int]:
        """Some lists with a page at the end of each, by the list before."""
        self._pages.append(where)
        found = {}
        for each in set(lists):
            found[each] = len(self._last)
            self._before.append(each)
            self._last.append(len(self._pages) - 1)
        return found

    def is_only(self, each: int, name: str) -> bool:
        """Whether a list has one entry, and this."""
        return not self._before[each] and self._pages[self._last[each]] == name

    def names(self, each: int) -> Iterator[str]:
        """One list, its last entry first."""
        while each:
            yield self._pages[self._last[each]]
            each = self._before[each]


class _Chained(Linking):
    __slots__ = ("_chains", "_list", "_own")

    def __init__(self, chains: _Chains, number: int, own: str) -> None:
        self._chains, self._list, self._own = chains, number, own

    def names(self) -> tuple[str, ...]:
        return tuple([name for name in self._chains.names(self._list) if name != self._own])[::-1]


def linked_from(pages: Iterable[tuple[str, Page]], wanted: Mapping[str, str]) -> Mapping[str, Linking]:
    """For each wanted address that is linked or offered as a document, the pages that do so, in their order.

    ``wanted`` has the addresses by how they are spelled: a URI that is not among them is brought into its normal form.
    A page is none of those that link it. As tuples the links of a large section were a third of a crawl's memory:
    eighty a page, both ways.
    """
    chains = _Chains()
    known = {name: name for name in wanted.values()}
    lists: dict[str, int] = {}
    for where, page in pages:
        uris = [link.uri for link in page.links] + [attachment.uri for attachment in page.attachments]
        targets = {wanted.get(uri) or known.get(address.key(uri)) for uri in uris} - {None}
        found = {target: lists.get(target, 0) for target in targets if target is not None}
        grown = chains.grown(where, found.values())
        lists.update({target: grown[each] for target, each in found.items()})
    linked = ((target, each) for target, each in lists.items() if not chains.is_only(each, target))
    return {target: _Chained(chains, each, target) for target, each in linked}
