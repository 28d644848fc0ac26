"""The PDFs of the replay: which file stands at which address in a given week, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from crawler.replay import paths
from crawler.replay.weeks import Doing, monday_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF as the server has it: its bytes, and when they were put there."""

    body: bytes
    uploaded: datetime

    @property
    def etag(self) -> str:
        """A strong validator made from the bytes, as Apache would from inode and time."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'

    @property
    def size(self) -> str:
        """The size as the portal writes it: decimal point, one digit."""
        return f"{len(self.body) / 1000:.1f} kB"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edition:
    path: str
    file: str
    since: Doing | date


# The last edition whose doing is done stands at the address.
_EDITIONS: Final = (
    _Edition(path=paths.PDF_AGREEMENT, file="fachvereinbarung_kurzfassung.pdf", since=date(2018, 3, 5)),
    _Edition(path=paths.PDF_2020, file="informationsmaterial_moskau_2020.1.pdf", since=date(2020, 11, 26)),
    _Edition(path=paths.PDF_2020, file="informationsmaterial_moskau_2020.2.pdf", since=Doing.PDF_SAVED_AGAIN),
    _Edition(path=paths.PDF_PROGRAMME, file="programm_23_seminar.1.pdf", since=Doing.SEMINAR_ANNOUNCED),
    _Edition(path=paths.PDF_PROGRAMME, file="programm_23_seminar.2.pdf", since=Doing.PDF_REPLACED),
)


def documents(done: frozenset[Doing]) -> dict[str, Document]:
    """All PDFs by path; none once the section is taken down."""
    if Doing.SECTION_TAKEN_DOWN in done:
        return {}
    return {
        edition.path: Document(body=_read(edition.file), uploaded=_uploaded(edition.since))
        for edition in _EDITIONS
        if isinstance(edition.since, date) or edition.since in done
    }


def _uploaded(since: Doing | date) -> datetime:
    day = since if isinstance(since, date) else monday_of(since)
    return datetime.combine(day, time(1, 15), UTC)  # before the weekly look, so that no validator lies in the future


@cache
def _read(name: str) -> bytes:
    return files("crawler.replay").joinpath("pdf", name).read_bytes()
