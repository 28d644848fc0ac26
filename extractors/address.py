"""Addresses: which URIs may be asked for, which of them are the same place, and what belongs to a section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

MAX_URI = 2083  # the longest address Internet Explorer took, and the limit that sitemaps and proxies still assume
MAX_HREF = 4 * MAX_URI  # a longer href cannot shrink below MAX_URI by losing tracking parameters that real sites send
_MAX_HOST = 253  # RFC 1035 §2.3.4, without the final dot

_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")  # browsers drop them, since markup wraps long hrefs (WHATWG URL §4.4)
_ASCII_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

_PERCENT = re.compile(r"%(?:[0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986 §2.3
_PATH_SAFE = _UNRESERVED | frozenset("%/!$&'()*+,;=:@")
_QUERY_SAFE = _PATH_SAFE | frozenset("?[]|{}")  # servers take these raw, and encoding them would change what is asked

_INDEX_FILE = re.compile(
    r"/(?:index\.(?:php\d?|html?|shtml|xhtml|aspx?|jspx?|cgi)|default\.(?:html?|aspx?))/*$", re.IGNORECASE
)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^;/]*", re.IGNORECASE)
_FIRST_LIST_PAGE = re.compile(r"page_at_\d+_\d+=1")  # the list without the parameter is the same page

# What advertisers, statistics and sessions append, by name; none of it selects content.
_NOISE_NAME = re.compile(
    r"(?:utm|mtm|matomo|piwik|pk|hsa)_.*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|li_fat_id|igshid?|mc_[ce]id|_g[al]|mkt_tok|_hsenc|_hsmi|wt_z?mc|etcc_(?:cmp|med)|ref_src|srsltid"
    r"|jsessionid|phpsessid|sess(?:ion)?_?id|aspsessionid.*|zenid|cfid|cftoken|oscsid|sid",
    re.IGNORECASE,
)
# A short decimal number behind "sid" is an article's number in older systems, never a session.
_ARTICLE_NUMBER = re.compile(r"sid=\d{1,6}")
# berlin.de puts the time of upload behind "ts"; others put Unix time in seconds or milliseconds behind these, or bare.
_CACHE_BUSTER = re.compile(r"ts=\d+|(?:(?:_ts|_|t|nocache|cachebuster|cb)=)?1\d{9}(?:\d{3})?", re.IGNORECASE)

# Documents by the ends of their names: PDF, and what Word, LibreOffice, Excel and PowerPoint write.
_DOCUMENT_NAME = r"(pdf|docx?|docm|dotx?|odt|ott|rtf|xlsx?|xls[mb]|ods|pptx?|pptm|ppsx?|odp)"
_DOCUMENT_PATH = re.compile(rf"\.{_DOCUMENT_NAME}$", re.IGNORECASE)
# Behind a file's name a bare number is a time or a revision, in whatever unit (Liferay, Drupal, Joomla).
_FILE_STAMP = re.compile(r"(?:t|ts|_ts|_|timestamp|mtime|itok|cb|nocache)=[\w.-]*\d[\w.-]*", re.IGNORECASE)
_DOCUMENT_QUERY = re.compile(rf"(?:^|[=/&])[^=&/]+\.{_DOCUMENT_NAME}(?:&|$)", re.IGNORECASE)


class _Parts(NamedTuple):
    scheme: str
    host: str  # with brackets where it is an IPv6 address
    port: int | None  # None is the scheme's own
    path: str
    query: str

    @property
    def origin(self) -> str:
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def uri(self) -> str:
        return f"{self.scheme}://{self.origin}{self.path}{'?' if self.query else ''}{self.query}"


def clean(href: str, base: str | None = None) -> str | None:
    """The absolute http(s) URI to ask for, or None where there is none that is safe and well-formed.

    Resolved against ``base``; fragment, default port, tracking parameters, session ids and cache busters are
    dropped, host and percent-encoding normalised (RFC 3986 §6.2.2). Refused: other schemes, user names,
    backslashes and control characters (parsers disagree on them), and more than ``MAX_URI`` characters.
    """
    if len(href) > MAX_HREF or "\\" in href:
        return None
    text = href.translate(_LINE_BREAKS).strip()
    if _CONTROL.search(text):
        return None
    absolute = bool(_SCHEME.match(text))  # strictly: "https:///x" has no host, whatever the base (RFC 3986 §5.2.2)
    if base is None and not absolute:
        return None
    try:
        target = text if absolute or base is None else urljoin(base, text)
        parts = _parts(urlsplit(target))
    except ValueError:  # urlsplit's and the port's own complaints, lone surrogates, hosts that IDNA forbids
        return None
    if parts is None:
        return None
    uri = parts.uri
    return uri if len(uri) <= MAX_URI else None


@lru_cache(maxsize=16384)  # a crawl asks for the same few thousand addresses again and again
def key(uri: str) -> str:
    """The address in its normal form (design §4.4): one string for one place, such as ``berlin.de/lageso/ueber-uns``.

    Without scheme, ``www.``, usual port, index file, final slash, first-page parameter and all that
    :func:`clean` drops. An address without a scheme is taken for http. What :func:`clean`
    refuses comes back as it is, equal to nothing but itself.
    """
    cleaned = clean(uri if "://" in uri else f"http://{uri}")
    if cleaned is None:
        return uri
    split = urlsplit(cleaned)
    query = "&".join(piece for piece in split.query.split("&") if piece and not _FIRST_LIST_PAGE.fullmatch(piece))
    return f"{_bare_host(split)}{_bare_path(split.path)}{'?' if query else ''}{query}"


def host(uri: str) -> str:
    """Host, and port if it is an unusual one, of the address: ``berlin.de``, ``localhost:8080``."""
    return key(uri).partition("/")[0].partition("?")[0]


def home(uri: str) -> str:
    """The home page of the address's host, in the scheme of ``uri``: ``https://www.berlin.de/``."""
    cleaned = clean(uri)
    if cleaned is None:
        raise ValueError(f"not an http address: {uri!r}")
    split = urlsplit(cleaned)
    return f"{split.scheme}://{split.netloc}/"


def in_scope(uri: str, scopes: Sequence[str]) -> bool:
    """True when one of the scopes covers the address: same host and port, and its path up to a segment's end.

    Scheme and ``www.`` do not matter. A scope with a query covers only its own path with that query, continued or not.
    """
    address = key(uri)
    path = address.partition("?")[0]
    for scope in scopes:
        wanted = key(scope)
        if "?" in wanted:
            if address == wanted or address.startswith(f"{wanted}&"):
                return True
        elif path == wanted or path.startswith(f"{wanted}/"):
            return True
    return False


def is_document(uri: str) -> bool:
    """True when the address looks like a PDF or an office file."""
    return bool(document_ending(uri))


@lru_cache(maxsize=4096)  # asked several times of a page's own address, and of files that many pages link
def document_ending(uri: str) -> str:
    """The end of a document's name, ``pdf`` or ``docx``, by its path or a file name in its query; "" of others."""
    cleaned = clean(uri)
    if cleaned is None:
        return ""
    split = urlsplit(cleaned)
    match = _DOCUMENT_PATH.search(split.path) or _DOCUMENT_QUERY.search(split.query)
    return match[1].lower() if match else ""


def _parts(split: SplitResult) -> _Parts | None:
    scheme = split.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not split.hostname or "@" in split.netloc:
        return None
    name = _host_name(split.hostname)
    if name is None:
        return None
    port = split.port
    if port == 0:
        return None
    if port == _DEFAULT_PORTS[scheme]:
        port = None
    query = _clean_query(split.query)
    if query and _DOCUMENT_PATH.search(split.path):
        query = "&".join(piece for piece in query.split("&") if not _FILE_STAMP.fullmatch(piece))
    return _Parts(scheme, name, port, _clean_path(split.path), query)


def _host_name(name: str) -> str | None:
    if ":" in name:
        return None if "%" in name else f"[{IPv6Address(name).compressed}]"
    name = name.lower()
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode("ascii")
    name = name.removesuffix(".")
    return name if len(name) <= _MAX_HOST and _ASCII_HOST.fullmatch(name) else None


def _encode(text: str, safe: frozenset[str]) -> str:
    """Percent-encoding by RFC 3986 §6.2.2: upper-case hex digits, unreserved characters bare, all else as UTF-8."""
    if "%" in text:
        text = _PERCENT.sub(_decode_unreserved, text)
    if text.isascii() and safe.issuperset(text):
        return text
    return "".join(c if c in safe else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)


def _decode_unreserved(match: re.Match[str]) -> str:
    escape = match.group()
    if escape == "%":
        return "%25"
    character = chr(int(escape[1:], 16))
    return character if character in _UNRESERVED else escape.upper()


def _clean_path(path: str) -> str:
    path = _encode(path, _PATH_SAFE)
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    return _without_dots(path) if "/." in path else path or "/"


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4 for a path that begins with a slash."""
    out: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if out:
                out.pop()
        elif segment != ".":
            out.append(segment)
    if segments[-1] in {".", ".."}:
        out.append("")
    return "/" + "/".join(out)


def _clean_query(query: str) -> str:
    if not query:
        return ""
    pieces = (_encode(piece, _QUERY_SAFE) for piece in query.split("&"))
    return "&".join(piece for piece in pieces if piece and not _is_noise(piece))


def _is_noise(piece: str) -> bool:
    if _ARTICLE_NUMBER.fullmatch(piece):
        return False
    return bool(_NOISE_NAME.fullmatch(piece.partition("=")[0]) or _CACHE_BUSTER.fullmatch(piece))


def _bare_host(split: SplitResult) -> str:
    """Scheme-blind: 80 and 443 are usual ports whatever the scheme, or the key of a key would differ."""
    name = split.netloc
    for port in (":80", ":443"):
        name = name.removesuffix(port)
    while name.startswith("www.") and "." in name[4:]:
        name = name[4:]
    return name


def _bare_path(path: str) -> str:
    while True:
        shorter = _INDEX_FILE.sub("", path.rstrip("/"))
        if shorter == path:
            return path
        path = shorter
