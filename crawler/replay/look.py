"""What makes the replayed pages look like pages: two style sheets, a word mark, pictures. All of it our own."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

_WIDE, _HIGH = 640, 300  # of a picture, in pixels
_COLOURS: Final = {  # from the upper edge to the lower one
    "roter_platz.jpg": ((120, 160, 205), (150, 60, 50)),
    "austausch.jpg": ((225, 205, 170), (95, 75, 60)),
}
_PICTURE: Final = re.compile(r"/(?:imgscaler|imgscale4)/[^/]+/.*?([a-z_]+\.jpg)$")

_OLD: Final = """\
body { margin: 0; font: 16px/1.5 Arial, Helvetica, sans-serif; color: #222; background: #fff; }
#page-wrapper, .container-wrapper { max-width: 1100px; margin: 0 auto; padding: 0 16px; }
img.logo { height: 40px; margin: 10px 0; }
.textlogo a { color: #222; font-weight: bold; font-size: 20px; text-decoration: none; }
a { color: #b40f1f; } h1 { font-size: 28px; line-height: 1.2; } h2 { font-size: 20px; }
.emergency-box { border: 2px solid #e40422; padding: 8px 16px; margin: 16px 0; }
.service-button-overlay, .page-made, .aural, #cp { display: none; }
.pageheader__quicklinks ul, .navigation-meta ul, .footer ul { list-style: none; padding: 0; }
.pageheader__quicklinks li { display: inline-block; margin-right: 16px; }
.main-image img { width: 100%; max-width: 640px; } .caption, .copyright { font-size: 13px; color: #666; }
.modul-download { border-left: 4px solid #e40422; padding-left: 12px; margin: 12px 0; }
"""
_NEW: Final = """\
body { margin: 0; font: 17px/1.6 "Helvetica Neue", Arial, sans-serif; color: #1a1a1a; background: #f4f4f2; }
#page-wrapper { max-width: 1140px; margin: 0 auto; background: #fff; padding: 0 24px; border-top: 6px solid #e40422; }
img.logo { height: 34px; margin: 16px 0; }
a { color: #c8001c; } h1 { font-size: 34px; line-height: 1.15; } h2 { font-size: 22px; }
.emergency-box { margin: 25px auto; border: 2px solid #e40422; padding: 1em; }
.image img, .herounit img { width: 100%; max-width: 720px; } .image__copyright, .image__caption { font-size: 13px; }
.aural, .page-made, dialog, .overlay { display: none; }
"""
_LOGO: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><rect width="240" height="60" rx="4" fill="#e40422"/>
<text x="20" y="42" font-family="Arial, sans-serif" font-size="34" font-weight="bold" fill="#fff">Replay.de</text></svg>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A style or an image, as it is sent."""

    content_type: str
    body: bytes

    @property
    def etag(self) -> str:
        """The entity tag: the same for the same bytes."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


def asset(path: str) -> Asset | None:
    """What stands at a path, None where it is no style or image."""
    if fixed := _fixed().get(path):
        return fixed
    found = _PICTURE.fullmatch(path)
    return _picture(found[1]) if found and found[1] in _COLOURS else None


@cache
def _fixed() -> dict[str, Asset]:
    old, new = (Asset(content_type="text/css; charset=UTF-8", body=text.encode()) for text in (_OLD, _NEW))
    logo = Asset(content_type="image/svg+xml", body=_LOGO.encode())
    return {
        "/i9f/r1/bundle/default.css": old,
        "/i9f/v4/css/vendor.css": Asset(content_type="text/css; charset=UTF-8", body=b".row-fluid { clear: both; }\n"),
        "/i9f/r1/bundle/berlin_organization.css": new,
        "/i9f/r1/images/logo_berlin_m_srgb.svg": logo,
        "/i9f/r1/images/logo_berlin_m_negativ.svg": logo,
    }


@cache
def _picture(name: str) -> Asset:
    """A picture that fades from one colour to another, as PNG."""
    top, bottom = _COLOURS[name]
    rows = bytearray()
    for y in range(_HIGH):
        pixel = bytes(a + (b - a) * y // _HIGH for a, b in zip(top, bottom, strict=True))
        rows += b"\0" + pixel * _WIDE  # each row begins with its filter: none
    head = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 2, 0, 0, 0)  # 8 bits a channel, RGB
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return Asset(content_type="image/png", body=b"\x89PNG\r\n\x1a\n" + body)
