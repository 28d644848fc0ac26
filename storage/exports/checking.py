"""Proves an export by its manifest: every byte of every part, the number of records, and the chain inside its WARC."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from storage.codec import unwritten, written
from storage.errors import ArchiveDamaged, ArchiveUnwritable, refused
from storage.exports import form, warc
from storage.exports.draft import MANIFEST
from storage.exports.form import RecordType, Told
from storage.exports.sink import Measured
from storage.records import ExportProof, Finding

_INSIDE = "manifest.json"
_IN_A_BAG = f"data/{_INSIDE}"
_PACKAGE = "datapackage.json"
_PIECE = 1 << 20  # bytes read at a time
_PAYLOAD = 7  # where the SHA-256 of the payload stands in what a link covers (storage.exports.holdings)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, ValueError, KeyError, TypeError, NotImplementedError)

#: Told of each part before it is read: its name, how many there are behind it, and of how many.
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Part:
    path: str
    size: int
    digest: str  # SHA-256 in hex


@dataclass
class _Chain:
    """The links that the metadata records of a WARC name, in their order."""

    links: dict[str, int] = field(default_factory=dict)  # number of the capture by its link
    broken: list[Finding] = field(default_factory=list)
    last: str = ""
    first_before: str = ""
    gaps: int = 0
    answer: tuple[str, str] = ("", "")  # target and SHA-256 of the payload of the last response


def check(path: Path, head: str | None, step: Step) -> ExportProof:
    """Compare a file or folder that ``export`` wrote with its manifest.

    ``head`` (hex, or its first digits) is looked for among the links of the captures. Damage is a finding.

    Raises:
        ArchiveUnwritable: for what is not there or cannot be read, or has no manifest beside or inside.
        ArchiveDamaged: for a manifest that cannot be read.
    """
    try:
        if path.is_dir():
            return _checked(_Folder(path), None, head, step)
        beside = path.with_name(path.name + MANIFEST)
        if not path.exists():
            raise ArchiveUnwritable(f"{path}: no such file")
        outer = _facts(beside.read_bytes(), beside.name) if beside.exists() else None
        return _checked(_File(path), outer, head, step)
    except OSError as error:
        raise refused(Path(error.filename or path), "read", error) from error


class _Folder:
    """An export that is a folder."""

    is_zip = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def inner(self) -> bytes | None:
        """The manifest in it, None without one."""
        found = next((self.path / name for name in (_INSIDE, _IN_A_BAG) if (self.path / name).is_file()), None)
        return found.read_bytes() if found else None

    def names(self) -> frozenset[str]:
        """Every file in it."""
        return frozenset(str(each.relative_to(self.path)) for each in self.path.rglob("*") if each.is_file())

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """One file in it. Raises KeyError where it is not there."""
        place = self.path / name
        if not place.is_file():
            raise KeyError(name)
        with place.open("rb") as stream:
            yield stream


class _File:
    """An export that is one file; of a ZIP file the parts inside it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_zip = path.suffix in (".zip", ".wacz")

    def inner(self) -> bytes | None:
        """The manifest in it, None without one."""
        if not self.is_zip:
            return None
        try:
            with zipfile.ZipFile(self.path) as package:
                for name in (_INSIDE, _IN_A_BAG, _PACKAGE):
                    for found in package.namelist():
                        if found == name or found.endswith(f"/{name}"):
                            return package.read(found)
        except _BROKEN:
            raise ArchiveDamaged(f"{self.path}: no whole ZIP file: it is cut, or damaged") from None
        return None

    def names(self) -> frozenset[str]:
        """Nothing: the digest of the whole covers what was put in."""
        return frozenset()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The file itself by the empty name, or one inside it. Raises KeyError where it is not there."""
        if not name:
            with self.path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(self.path) as package:
            found = next((each for each in package.namelist() if each == name or each.endswith(f"/{name}")), name)
            with package.open(found) as stream:
                yield stream


def _checked(place: _Folder | _File, outer: dict[str, Any] | None, head: str | None, step: Step) -> ExportProof:
    inner = place.inner() if outer is None else None
    facts = outer if outer is not None else _facts(inner, _INSIDE) if inner is not None else None
    if facts is None:
        beside = f"no {place.path.name}{MANIFEST} beside it" if isinstance(place, _File) else f"no {_INSIDE} in it"
        raise ArchiveUnwritable(
            f"{place.path}: {beside}, so nothing says what it ought to be; "
            "`verify FILE` takes what `export` or `backup` wrote, with what they put beside it"
        )
    parts = _parts(facts)
    if outer is not None and parts:
        parts = [_Part("", parts[0].size, parts[0].digest), *(parts[1:] if place.is_zip else [])]
    findings: list[Finding] = []
    for number, part in enumerate(parts):
        step(part.path or place.path.name, number, len(parts))
        findings += _compare(place, part)
    listed = {part.path for part in parts} | {_IN_A_BAG}
    findings += [
        Finding(part="file", item=name, detail="is not in the manifest")
        for name in sorted(place.names() - listed)
        if name.startswith("data/")
    ]
    said = facts.get("amtsblick", facts)
    chain = _Chain()
    if not findings:
        findings += _records(place, parts, said, chain)
    return ExportProof(
        path=place.path,
        format=str(said.get("format", "")),
        findings=tuple(findings),
        captures=int(said.get("captures", 0)),
        records=dict(said.get("records", {})),
        head=str(said.get("chain_head", "")),
        position=int(said.get("chain_position", 0)),
        beside=outer is not None,
        proven=_proven(chain, head),
        chained=len(chain.links),
        gaps=chain.gaps,
    )


def _facts(manifest: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(manifest)
        _parts(found)
    except _BROKEN:
        raise ArchiveDamaged(f"{name}: no manifest of an export, or a damaged one") from None
    return dict(found)


def _parts(facts: Mapping[str, Any]) -> list[_Part]:
    """Of our own manifest, or of a WACZ's."""
    if "resources" in facts:
        return [
            _Part(row["path"], int(row["bytes"]), row["hash"].removeprefix("sha256:")) for row in facts["resources"]
        ]
    return [_Part(row["path"], int(row["bytes"]), row["sha256"]) for row in facts["parts"]]


def _compare(place: _Folder | _File, part: _Part) -> Iterator[Finding]:
    name = part.path or place.path.name
    seen = Measured(None)
    try:
        with place.open(part.path) as stream:
            while piece := stream.read(_PIECE):
                seen.write(piece)
    except KeyError:
        yield Finding(part="file", item=name, detail="is not there")
        return
    except _BROKEN as error:
        yield Finding(part="file", item=name, detail=f"cannot be read ({' '.join(str(error).split())[:80]})")
        return
    row = seen.row(name)
    if row.bytes != part.size:
        yield Finding(part="file", item=name, detail=f"has {row.bytes} bytes, {part.size} were written")
    elif row.sha256 != part.digest:
        yield Finding(part="file", item=name, detail=f"has other bytes than were written (sha256 {row.sha256})")


def _records(
    place: _Folder | _File, parts: Sequence[_Part], said: Mapping[str, Any], chain: _Chain
) -> Iterator[Finding]:
    """The records of the WARC in it against their own digests, the manifest and the chain."""
    if not said.get("records"):
        return
    inside = next((part.path for part in parts if part.path.endswith(".warc.gz")), "")
    counted: Counter[str] = Counter()
    try:
        with place.open(inside) as stream:
            for record in warc.read(stream):
                counted[record.type] += 1
                if not record.whole:
                    chain.broken.append(Finding(part="record", item=record.id, detail="does not fit its digest"))
                _follow(record, chain)
    except _BROKEN as error:
        yield Finding(part="record", item=inside or place.path.name, detail=f"cannot be read ({error})")
        return
    yield from chain.broken
    if dict(counted) != dict(said["records"]):
        yield Finding(part="record", item=inside or place.path.name, detail="has other records than the manifest says")
    whole = not any(dict(said.get("selection") or {}).values())
    if whole and chain.links and (chain.gaps or chain.last != said.get("chain_head")):
        yield Finding(
            part="chain", item=str(said.get("chain_head")), detail="the links of the captures do not lead to it"
        )


def _follow(record: warc.Seen, chain: _Chain) -> None:
    """One more record: an answer's payload, or the link of a capture."""
    if record.type == RecordType.RESPONSE:
        chain.answer = (record.uri, record.payload)
        return
    if record.type != RecordType.METADATA:
        return
    told = form.read_fields(record.block)
    if Told.ARRIVAL not in told or Told.CHAIN not in told:
        return
    before, arrival, link = told[Told.CHAIN_BEFORE], told[Told.ARRIVAL], told[Told.CHAIN]
    number = told.get(Told.CAPTURE, "")
    if written(sha256(unwritten(before) + arrival.encode()).digest()) != link:
        chain.broken.append(Finding(part="chain", item=f"capture {number}", detail="does not fit its link"))
    uri, payload = chain.answer
    if uri and uri == record.uri and json.loads(arrival)[_PAYLOAD] not in (None, payload):
        chain.broken.append(Finding(part="chain", item=f"capture {number}", detail="its link is of another payload"))
    chain.answer = ("", "")
    chain.gaps += bool(chain.last) and chain.last != before
    chain.last = link
    chain.links[link] = int(number)


def _proven(chain: _Chain, head: str | None) -> int | None:
    """The capture whose link a head is."""
    if head is None:
        return None
    return next((number for link, number in chain.links.items() if link.removeprefix("sha256:").startswith(head)), None)
