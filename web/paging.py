"""Long lists in pages: ``?page=2``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from web.ask import Ask

_PAGE = "page"
_DIGITS = 6  # of a page's number that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """One page of a list: its number from 1, how many there are, where it begins, paths of its neighbours or ""."""

    number: int
    last: int
    first: int
    size: int
    previous: str
    next: str


def paging(ask: Ask, path: str, total: int, size: int) -> Paging:
    """The page that is asked for; what is no page's number means the first one, a number too high the last one."""
    last = max(1, -(-total // size))
    number = min(page_asked(ask), last)
    return Paging(
        number=number,
        last=last,
        first=(number - 1) * size,
        size=size,
        previous=link(ask, path, number - 1) if number > 1 else "",
        next=link(ask, path, number + 1) if number < last else "",
    )


def page_asked(ask: Ask) -> int:
    """The number in the request, at least 1."""
    text = ask.query.get(_PAGE, "")[:_DIGITS]
    return max(1, int(text)) if text.isascii() and text.isdigit() else 1


def link(ask: Ask, path: str, number: int) -> str:
    """The path of a page of the same list, with the request's other parameters."""
    kept = {name: value for name, value in ask.query.items() if name != _PAGE and value}
    parameters = urlencode(kept | ({_PAGE: str(number)} if number > 1 else {}))
    return f"{path}?{parameters}" if parameters else path
