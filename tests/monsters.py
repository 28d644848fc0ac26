"""Small makers of hostile answers: bombs, depths, floods and loops, as bytes that a server sends (reliability F32)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import brotli

HTML = "text/html; charset=utf-8"
PDF = "application/pdf"
MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Monster:
    """One hostile answer: how to make its body, how it is labelled, and what a reader may call it."""

    make: Callable[[], bytes]
    rules: frozenset[str]  # by which of these names its page may fail, or be kept by its bytes
    type: str = HTML
    coding: str = ""
    ending: str = ""
    padding: int = 0  # bytes of header lines
    long: bool = False  # takes more than a few seconds


def gzip_bomb(size: int = 2 << 30) -> bytes:
    """Zeros, a thousandfold."""
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(b"<html><body><p>") + packer.flush(zlib.Z_FULL_FLUSH)
    return start + _packed(b"\0", size) + packer.flush()  # its checksum is wrong, as far as anybody gets to see it


def _packed(sign: bytes, size: int) -> bytes:
    """So many times one sign as deflate's blocks, each the same: packed in no time."""
    packer = zlib.compressobj(9, wbits=-15)
    packer.flush(zlib.Z_FULL_FLUSH)
    block = sign * (1 << 22)
    return (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * (size // len(block))


def brotli_bomb(size: int = 500 * MIB) -> bytes:
    """Some hundred bytes that become hundreds of megabytes."""
    packer = brotli.Compressor(quality=9, lgwin=24)
    block = b"\0" * (1 << 22)
    out = [packer.process(b"<html><body><p>"), *(packer.process(block) for _ in range(size // len(block)))]
    return b"".join([*out, packer.finish()])


def page(inner: str) -> bytes:
    """A whole page round some markup."""
    return (
        '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Ungeheuer</title></head>'
        f"<body><main><h1>Ungeheuer</h1>{inner}</main></body></html>"
    ).encode()


def attributes(count: int = 200_000) -> bytes:
    """One element with far too many attributes."""
    return page(f"<p {' '.join(f'a{number}=1' for number in range(count))}>Text</p>")


def nested(depth: int = 300_000) -> bytes:
    """Elements within elements."""
    return page("<div>" * depth + "Text" + "</div>" * depth)


def long_text(size: int = 20 * MIB) -> bytes:
    """A book of one page, in paragraphs."""
    paragraph = "<p>Die Verwaltung informiert über ihre Arbeit, Termine und Wege zu den Ämtern der Stadt.</p>\n"
    return page(paragraph * (size // len(paragraph.encode())))


def one_line(size: int = 5_000_000) -> bytes:
    """A paragraph without an end."""
    return page(f"<p>{'wort ' * (size // 5)}</p>")


def links(count: int = 200_000) -> bytes:
    """More links than any site has pages; all of them outside the crawl's scope or made of a query."""
    return page("".join(f'<a href="/aussen/{number}">Seite {number}</a> ' for number in range(count)))


def colspan() -> bytes:
    """A table cell as wide as a number can be."""
    row = f'<tr><td colspan="{2**53}" rowspan="{2**53}">weit</td><td>daneben</td></tr>'
    return page(f"<table>{row * 50}</table>")


def entities(root: str = "rss") -> bytes:
    """Entities within entities: ten of them make ten thousand million."""
    names = "abcdefghij"
    lines = [f'<!ENTITY {names[0]} "lol lol lol">']
    lines += [f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)]
    inner = "<channel><title>&j;</title><item><title>&j;</title><link>/x</link></item></channel>"
    if root == "urlset":
        inner = "<url><loc>&j;</loc></url>"
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{"".join(lines)}]><{root}>{inner}</{root}>'.encode()


# --- PDFs


def pdf(objects: Mapping[int, bytes], root: int = 1) -> bytes:
    """A PDF of ready-made objects with a right cross-reference table."""
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, content in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 12 Tf 72 720 Td (Ein lesbarer Satz steht auf dieser Seite.) Tj ET\n"


def one_sheet(content: bytes, more: Mapping[int, bytes] | None = None, resources: bytes = b"") -> bytes:
    """A PDF of one sheet with the given content stream object."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>"
            % resources,
            4: content,
            5: FONT,
            **(more or {}),
        }
    )


@cache
def _deflated(size: int, times: int = 1) -> bytes:
    packer = zlib.compressobj(9)
    start = packer.compress(TEXT) + packer.flush(zlib.Z_FULL_FLUSH)
    check, block = zlib.adler32(TEXT), b" " * (1 << 22)
    for _ in range(size // len(block)):
        check = zlib.adler32(block, check)
    data = start + _packed(b" ", size) + b"\x03\x00" + check.to_bytes(4, "big")
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def pdf_flate_bomb(size: int = 1 << 30) -> bytes:
    """A content stream that becomes a gigabyte."""
    return one_sheet(stream(_deflated(size), b"/Filter/FlateDecode"))


def pdf_double_flate(size: int = 4 << 30) -> bytes:
    """The same, packed twice: some kilobytes."""
    return one_sheet(stream(_deflated(size, 2), b"/Filter[/FlateDecode/FlateDecode]"))


def pdf_page_loop() -> bytes:
    """A tree of pages that leads back into itself."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1000>>",
            3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 1000>>",
        }
    )


def pdf_forms(depth: int = 24, width: int = 10) -> bytes:
    """Forms that each draw the next one many times: ten to the twenty-fourth texts."""
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
    more = {}
    for level in range(depth):
        number = 10 + level
        last = level == depth - 1
        uses = b"/Resources<</Font<</F1 5 0 R>>>>" if last else b"/Resources<</XObject<</X %d 0 R>>>>" % (number + 1)
        more[number] = stream(TEXT if last else b"/X Do\n" * width, box + uses)
    return one_sheet(stream(TEXT + b"/X Do\n"), more, b"/XObject<</X 10 0 R>>")


def pdf_form_loop() -> bytes:
    """A form that draws itself."""
    form = stream(
        b"/X Do /X Do\n" + TEXT,
        b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 10 0 R>>/Font<</F1 5 0 R>>>>",
    )
    return one_sheet(stream(b"/X Do\n"), {10: form}, b"/XObject<</X 10 0 R>>")


def pdf_operators(count: int = 800_000) -> bytes:
    """A sheet drawn with very many steps."""
    steps = b"q 1 0 0 1 0 0 cm BT /F1 1 Tf 1 0 0 1 72 720 Tm (x) Tj ET Q\n" * count
    return one_sheet(stream(zlib.compress(steps, 9), b"/Filter/FlateDecode"))


def pdf_object_streams() -> bytes:
    """An object stream that lies about where its objects begin, and that extends itself."""
    inner = b"6 0 7 999999999 8 -5 " + b"<</Type/Pages/Kids[7 0 R 8 0 R]/Count 99>>"
    packed = stream(zlib.compress(inner), b"/Type/ObjStm/N 2000000000/First 21/Extends 4 0 R/Filter/FlateDecode")
    out = bytearray(b"%PDF-1.5\n")
    at_catalog = len(out)
    out += b"1 0 obj\n<</Type/Catalog/Pages 6 0 R>>\nendobj\n"
    at_packed = len(out)
    out += b"4 0 obj\n%s\nendobj\n" % packed
    start = len(out)
    rows = [(0, 0, 65535), (1, at_catalog, 0), (0, 0, 0), (0, 0, 0), (1, at_packed, 0), (1, start, 0)]
    rows += [(2, 4, index) for index in range(4)]
    table = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, where, last in rows
    )
    out += b"5 0 obj\n%s\nendobj\n" % stream(table, b"/Type/XRef/Size 10/W[1 4 2]/Root 1 0 R")
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def pdf_many_sheets(count: int = 5_000) -> bytes:
    """More sheets than are read."""
    sheets = {
        10 + n: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
        for n in range(count)
    }
    kids = b" ".join(b"%d 0 R" % number for number in sheets)
    pages = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: pages, 4: stream(TEXT), 5: FONT, **sheets})


def other_text(number: int, size: int = 5_000_000) -> bytes:
    """One of two large pages that have no sentence in common."""
    lines = (
        f"<p>Satz {number * 7 + place * 13 % 9973} über Sache {place} Fassung {number}.</p>"
        for place in range(size // 45)
    )
    return page("".join(lines))


_BY_BYTES = frozenset({"pdf-broken", "pdf-too-complex", "pdf-too-long", "pdf-scan"})
_LIMITS = frozenset({"reader-memory", "reader-timeout", "reader-crash"})

MONSTERS: Mapping[str, Monster] = {
    "gzip": Monster(make=gzip_bomb, coding="gzip", rules=frozenset({"too-large"})),
    "brotli": Monster(make=brotli_bomb, coding="br", rules=frozenset({"too-large"})),
    "kopf": Monster(make=lambda: page("<p>Text</p>"), padding=16 * MIB, rules=frozenset({"head-too-large"})),
    "attribute": Monster(make=attributes, rules=frozenset({"too-complex"}) | _LIMITS),
    "tief": Monster(make=nested, rules=frozenset({"too-complex"}) | _LIMITS),
    "lang": Monster(make=long_text, rules=frozenset({"too-large"}) | _LIMITS, long=True),
    "verweise": Monster(make=links, rules=frozenset({"too-large"}) | _LIMITS),
    "breit": Monster(make=colspan, rules=frozenset({"read"}) | _LIMITS),
    "zeile": Monster(make=one_line, rules=frozenset({"too-large"}) | _LIMITS),
    "feed": Monster(make=entities, type="application/rss+xml", rules=frozenset({"broken-feed", "read"}) | _LIMITS),
    "karte": Monster(
        make=lambda: entities("urlset"), type="application/xml", rules=frozenset({"broken-feed", "read"}) | _LIMITS
    ),
    "bombe": Monster(make=pdf_flate_bomb, type=PDF, ending=".pdf", rules=_BY_BYTES | {"read"}),
    "doppelt": Monster(make=pdf_double_flate, type=PDF, ending=".pdf", rules=_BY_BYTES | {"read"}, long=True),
    "kreis": Monster(make=pdf_page_loop, type=PDF, ending=".pdf", rules=_BY_BYTES),
    "formen": Monster(make=pdf_forms, type=PDF, ending=".pdf", rules=_BY_BYTES | {"read"}),
    "selbst": Monster(make=pdf_form_loop, type=PDF, ending=".pdf", rules=_BY_BYTES | {"read"}),
    "schritte": Monster(make=pdf_operators, type=PDF, ending=".pdf", rules=_BY_BYTES | {"read"}, long=True),
    "objekte": Monster(make=pdf_object_streams, type=PDF, ending=".pdf", rules=_BY_BYTES),
    "blaetter": Monster(make=pdf_many_sheets, type=PDF, ending=".pdf", rules=_BY_BYTES),
}


def heads(size: int) -> Iterator[bytes]:
    """Header lines of so many bytes altogether."""
    line = b"X-Padding: " + b"x" * 1000 + b"\r\n"
    yield from (line for _ in range(size // len(line)))
