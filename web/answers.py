"""What a view answers with: a page to be laid out, bytes as they are, another address, or why there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.rows import Row

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page: ``template`` laid out with ``content``; ``row`` is the same for programs.

    ``headers`` go out with either form. ``status`` is that of the page; a page that tells of something erased has 410.
    """

    template: str
    title: str
    content: object
    row: Row
    status: int = 200
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Bytes as they are. ``policy`` replaces the Content-Security-Policy of our own pages."""

    body: bytes
    media_type: str
    headers: Headers = ()
    status: int = 200
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another address of the view, a path made by :class:`web.addresses.Addresses`."""

    to: str
    headers: Headers = ()
    status: int = 302


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Why there is nothing to show. ``what`` is a field of :class:`web.texts.common.Common`; ``links`` lead on.

    ``values`` are filled into its sentence; ``links`` are (label, path).
    """

    what: str
    values: Mapping[str, str] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    status: int = 404


Answer = Shown | Sent | Elsewhere | Nothing
