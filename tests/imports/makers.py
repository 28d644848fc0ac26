"""Small WARC and WACZ files as others write them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from gzip import compress
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from storage.imports.found import customary

HOST = "https://amt.example.org"
SECTION = f"{HOST}/section/"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of a server at one moment."""

    uri: str
    at: str
    body: bytes = b""
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    more: tuple[tuple[str, str], ...] = ()


def html(title: str, *paragraphs: str, links: Iterable[str] = ()) -> bytes:
    """A page with enough text to be one."""
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    led = "".join(f'<li><a href="{link}">{link.rstrip("/").rsplit("/", 1)[-1]}</a></li>' for link in links)
    return (
        f"<!DOCTYPE html><html lang=de><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><main><h1>{title}</h1>{text}<ul>{led}</ul></main></body></html>"
    ).encode()


def record(kind: str, uri: str, block: bytes, *fields: tuple[str, str], media: str = "text/plain") -> bytes:
    """A record as it stands in a file, with just these fields."""
    first = {"WARC-Type": kind, "WARC-Target-URI": uri, "WARC-Date": "2015-03-02T05:00:00Z"}
    fields = (("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{kind} {uri} {fields}')}>"), *fields)
    named = {**first, "Content-Type": media, **dict(fields), "Content-Length": str(len(block))}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def response(answer: Answer) -> bytes:
    """The response record of an answer, with its digests."""
    head = _head(answer)
    digests = (("WARC-Block-Digest", customary(head + answer.body)), ("WARC-Payload-Digest", customary(answer.body)))
    return record("response", answer.uri, head + answer.body, ("WARC-Date", answer.at), *digests)


def revisit(answer: Answer) -> bytes:
    """The same, without the body."""
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    fields = (("WARC-Date", answer.at), ("WARC-Profile", profile), ("WARC-Payload-Digest", customary(answer.body)))
    return record("revisit", answer.uri, _head(answer), *fields)


def _head(answer: Answer) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in (("Content-Type", answer.kind), *answer.more))
    return f"HTTP/1.1 {answer.status}\r\n{lines}\r\n".encode()


def packed(*records: bytes) -> bytes:
    """A file of one gzip member for each record."""
    return b"".join(compress(each, mtime=0) for each in records)


def warc(answers: Iterable[Answer], *, gzip: bool = True, requests: bool = False) -> bytes:
    """A WARC file with one response record for each answer."""
    records = [record("warcinfo", "", b"software: test\r\n", media="application/warc-fields")]
    for each in answers:
        records.append(response(each))
        if requests:
            asked = b"GET / HTTP/1.1\r\nHost: amt.example.org\r\n\r\n"
            records.append(record("request", each.uri, asked, ("WARC-Date", each.at)))
    return packed(*records) if gzip else b"".join(records)


def wacz(path: Path, files: dict[str, bytes], *, wrong: str = "") -> Path:
    """A WACZ package; ``wrong`` names the file whose hash is not right."""
    resources = [
        {
            "name": Path(name).name,
            "path": f"archive/{name}",
            "hash": f"sha256:{sha256(data + (b'x' if name == wrong else b'')).hexdigest()}",
            "bytes": len(data),
        }
        for name, data in files.items()
    ]
    description = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in files.items():
            package.writestr(f"archive/{name}", data)
        package.writestr("datapackage.json", description)
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(description).hexdigest()}"}
        package.writestr("datapackage-digest.json", json.dumps(digest))
    return path


CONFIG = f"""
[[source]]
name = "section"
start = ["{SECTION}"]
"""


def config(folder: Path, text: str = CONFIG) -> Path:
    """A config file in a folder of its own."""
    file = folder / "amtsblick.toml"
    file.write_text(text, "utf-8")
    return file


def weeks(count: int = 4) -> list[list[Answer]]:
    """A section that is crawled once a week: a page changes, one comes, one goes, a document comes."""
    pdf = b"%PDF-1.4 no real one"
    crawls = []
    for week in range(count):
        links = ["/section/a", "/section/b", *(["/section/new"] if week >= 2 else [])]
        started = f"2015-03-{2 + 7 * week:02d}T05:00"
        start = html("Section", "Willkommen in dieser Abteilung des Amtes, wir freuen uns.", links=links)
        word = "drei" if week == 0 else "vier"
        a = html(
            "Seite A", f"Das Amt hat {word} Mitarbeiter in diesem Haus.", "Sprechzeiten sind am Montag und Dienstag."
        )
        b = html("Seite B", "Hier steht ein anderer Text, der sich nicht ändert.", "Auch nicht im zweiten Absatz.")
        answers = [
            Answer(uri=SECTION, at=f"{started}:00Z", body=start),
            Answer(uri=f"{SECTION}a", at=f"{started}:01Z", body=a),
            Answer(uri=f"{SECTION}b", at=f"{started}:02Z", body=b),
        ]
        if week >= 2:
            new = html("Neue Seite", "Diese Seite ist neu und erzählt von einem Besuch aus Moskau im Rathaus.")
            answers.append(Answer(uri=f"{SECTION}new", at=f"{started}:03Z", body=new))
        answers.append(Answer(uri="https://other.example.net/x", at=f"{started}:04Z", body=b"x"))
        answers.append(Answer(uri=f"{HOST}/elsewhere/plan.pdf", at=f"{started}:05Z", body=pdf, kind="application/pdf"))
        crawls.append(answers)
    return crawls


def short(data: bytes) -> str:
    """A name for some bytes."""
    return sha256(data).hexdigest()[:8]
