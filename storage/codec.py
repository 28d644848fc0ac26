"""Frozen dataclasses to canonical JSON and to table rows, and back."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache, cached_property
from hashlib import sha256
from sqlite3 import Row
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from extractors.model import Page, link
from storage import seals

T = TypeVar("T")

_SCALARS = (str, int, float, bytes, datetime, StrEnum, types.NoneType)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def stamp(moment: datetime) -> str:
    """A moment as it stands in the archive: UTC with six digits of a second, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment!r}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The inverse of :func:`stamp`."""
    return datetime.fromisoformat(text)


def maybe_stamp(value: datetime | None) -> str | None:
    """:func:`stamp` for a time that may be missing."""
    return None if value is None else stamp(value)


def maybe_moment(text: str | None) -> datetime | None:
    """:func:`moment` for a time that may be missing."""
    return None if text is None else moment(text)


def written(digest: bytes) -> str:
    """A digest as the contract writes it: ``sha256:<hex>``."""
    return f"sha256:{digest.hex()}"


def unwritten(digest: str) -> bytes:
    """The 32 bytes of ``sha256:<hex>``. ValueError if it is none."""
    name, _, digits = digest.partition(":")
    raw = bytes.fromhex(digits)
    if name != "sha256" or len(raw) != 32:
        raise ValueError(f"not a SHA-256 digest: {digest}")
    return raw


def plain(text: str) -> str:
    """The same text with lone surrogates, which no UTF-8 can carry, replaced by U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
    return text


def json_text(value: Any) -> str:
    """Compact JSON with sorted keys, fit for UTF-8."""
    return plain(_CANONICAL.encode(value))


@cache
def _pages() -> TypeAdapter[Page]:
    """What turns pages into JSON and back; made when the first one is, as those of rows are: it takes a while."""
    return TypeAdapter(Page)


def dump_page(page: Page) -> bytes:
    """A page as canonical JSON: equal pages give equal bytes.

    Fields that hold their default are left out: that is shorter, and a field added later with a
    default does not alter the digest of an old page. A hostile page may hold lone surrogates, which
    UTF-8 cannot carry: each becomes U+FFFD.
    """
    return dumped(page)[0]


def dumped(page: Page) -> tuple[bytes, Page]:
    """:func:`dump_page`, and the page that :func:`load_page` will make of it."""
    try:
        return _pages().dump_json(page, exclude_defaults=True), page
    except PydanticSerializationError:
        cleaned = _pages().validate_python(_scrub(_pages().dump_python(page, exclude_defaults=True)))
        return _pages().dump_json(cleaned, exclude_defaults=True), cleaned


def load_page(data: bytes) -> Page:
    """The inverse of :func:`dump_page`; pages share the links that they have in common, a third of their memory."""
    page = _pages().validate_json(data)
    return replace(page, links=tuple([link(each.uri, each.text) for each in page.links]))


def frame_digest(page: Page) -> bytes:
    """SHA-256 over the texts of a page's frame."""
    return sha256(json_text([plain(block.text) for block in page.frame]).encode()).digest()


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _scrub(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_scrub(item) for item in value]
    return value


_NAMES = frozenset({"address", "uri", "source"})  # what many rows have in common


def _shared(value: Any) -> Any:
    """A list with the strings that others have too: every page of a section is linked by the same eighty."""
    return [sys.intern(each) if type(each) is str else each for each in value] if isinstance(value, list) else value


class RowCodec(Generic[T]):
    """Between a dataclass and a table that has one column per field: times as text, nested values as JSON."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self.columns = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]  # T is a dataclass

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind)

    @cached_property
    def _hints(self) -> Mapping[str, Any]:
        return get_type_hints(self._kind)

    @cached_property
    def _nested(self) -> frozenset[str]:
        return frozenset(name for name in self.columns if not _is_scalar(self._hints[name]))

    @cached_property
    def _times(self) -> frozenset[str]:
        return frozenset(name for name, hint in self._hints.items() if datetime in (hint, *get_args(hint)))

    def row(self, value: T) -> dict[str, str | int | float | bytes | None]:
        """The columns of one value."""
        dumped = self._adapter.dump_python(value, mode="json", include=set(self._nested))
        return {name: self._cell(name, getattr(value, name), dumped.get(name)) for name in self.columns}

    def value(self, row: Row) -> T:
        """The value of one row of its table; columns that are no field are passed over.

        Raises ArchiveDamaged for a row that is not what was written.
        """
        self.require(row)
        return self.made(row)

    def made(self, row: Row | Mapping[str, Any]) -> T:
        """:meth:`value` of a row that was compared with its seal already."""
        return self._adapter.validate_python({name: self._field(name, row[name]) for name in self.columns})

    def require(self, row: Row) -> None:
        """Raise ArchiveDamaged for a row that is not what was written: for who needs little of it."""
        seals.require(row, f"a stored {self._kind.__name__} ({row[self.columns[0]]})")

    def _field(self, name: str, cell: Any) -> Any:
        if name in self._nested:
            value = _shared(json.loads(cell))
            return tuple(value) if get_origin(self._hints[name]) is Sequence else value
        if name in self._times:
            return maybe_moment(cell)
        return sys.intern(cell) if name in _NAMES and type(cell) is str else cell

    def _cell(self, name: str, value: Any, dumped: Any) -> str | int | float | bytes | None:
        if name in self._nested:
            return json_text(dumped)
        if isinstance(value, datetime):
            return stamp(value)
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, str):
            return plain(str(value))
        cell: int | float | bytes | None = value
        return cell


def _is_scalar(hint: Any) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return all(_is_scalar(part) for part in get_args(hint))
    return isinstance(hint, type) and issubclass(hint, _SCALARS)
