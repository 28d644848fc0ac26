"""The values a config may hold: durations, sizes, addresses, URLs, selectors; each check says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator

from crawler import slots
from crawler.tomlfile import nearest
from extractors import installed
from storage.records import Keep

_DURATION = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8}(?:\.\d{1,3})?)s)?", re.ASCII)
_SIZES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}  # as Scrapy and browsers count them
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
# RFC 5321 §4.5.3.1: 64 octets before the @, 255 behind it; letters of RFC 5322 atext.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_MAILBOX = re.compile(r'(?:"[^"\\]*"|[^"<>@,;:()\[\]\\]*)\s*<(?P<spec>[^<>\s]+)>')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_MOUNT = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?", re.ASCII)
_OPENINGS = ("de", "en", "json")  # web.opening


def checked(check: Callable[[str], Any]) -> BeforeValidator:
    """A pydantic validator of a text; anything but a text is an error that says so."""

    def validate(value: object) -> object:
        if isinstance(value, timedelta) or not isinstance(value, str):
            raise ValueError(f"must be a text in quotes, not {_shown(value)}")  # noqa: TRY004 - pydantic wants it so
        return check(value)

    return BeforeValidator(validate)


def _shown(value: object) -> str:
    return "a list" if isinstance(value, tuple | list) else "a table" if isinstance(value, dict) else f"{value}".lower()


def retention(text: str) -> str:
    """A rule of retention in its normal form: ``all``, or words with commas between them."""
    words = [word.strip().lower() for word in text.split(",")]
    if words == ["all"]:
        return "all"
    for word in words:
        if word not in tuple(Keep):
            known = ", ".join(Keep)
            raise ValueError(f"“{word}” is no rule{nearest(word, ('all', *Keep))}; use all, or some of {known}")
    return ", ".join(each for each in Keep if each in words)


def optional(check: Callable[[str], str]) -> Callable[[str], str]:
    """The same check, with "" for "not set"."""
    return lambda text: check(text) if text else ""


def line(text: str) -> str:
    """A text of one line, without control characters (they would end up in headers and terminals)."""
    if any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in text):
        raise ValueError("must be one line without control characters")
    return text


def duration(text: str) -> timedelta:
    """``48h``, ``30s``, ``1h30m``, ``7d``, ``0s``."""
    found = _DURATION.fullmatch(text)
    if not text or not found:
        raise ValueError(f"“{text}” is no duration; write a number and its unit, such as 30s, 15m, 48h or 7d")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def size(text: str) -> int:
    """``32MB`` in bytes; units count in steps of 1024."""
    found = re.fullmatch(r"(\d{1,9})\s*([KMG]?B)", text.upper(), re.ASCII)
    if not found or not int(found.group(1)):
        raise ValueError(f"“{text}” is no size; write a number and its unit, such as 500KB, 32MB or 1GB")
    return int(found.group(1)) * _SIZES[found.group(2)]


def url(text: str) -> str:
    """An absolute http or https URL with a host and without a user name."""
    line(text)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"“{text}” is no address of the web") from None
    if parts.scheme not in ("http", "https"):
        hint = f"; write “https://{text}”" if "://" not in text and "." in text.split("/", maxsplit=1)[0] else ""
        raise ValueError(f"“{text}” is no address of the web: it must begin with https:// or http://{hint}")
    if not host or any(character.isspace() for character in text):
        raise ValueError(f"“{text}” is no address of the web: it names no host, or has spaces in it")
    if parts.username is not None:
        raise ValueError("an address of the web must not hold a user name or a password")
    return text


def base_url(text: str) -> str:
    """The web view's own address: a host, and perhaps a path that a reverse proxy serves it under."""
    url(text)
    parts = urlsplit(text)
    if parts.query or parts.fragment:
        raise ValueError(f"“{text}” must end with its path: the view's addresses are made by adding to it")
    if not _MOUNT.fullmatch(parts.path):
        raise ValueError(f"the path of “{text}” may have letters, digits and . _ ~ - between slashes")
    first = parts.path.strip("/").partition("/")[0]
    if first in _OPENINGS:
        raise ValueError(f"“/{first}” is where the view itself begins its addresses; serve it under another path")
    return text


def host_name(text: str) -> str:
    """A name that the web view answers to: a host without port, ``*.example.org`` for all below one, ``*`` for any."""
    line(text)
    if text == "*":
        return text
    bare = text.removeprefix("*.")
    if text.startswith("[") and text.endswith("]"):
        try:
            ip_address(text[1:-1])
        except ValueError:
            raise ValueError(f"“{text}” is no IPv6 address") from None
        return text
    name, port, _ = bare.partition(":")
    if "/" in bare or port:
        raise ValueError(
            f"“{text}” is no host name: write it without scheme, port and path, such as “blick.example.org”"
        )
    if not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError(f"“{text}” is no host name; write one such as “blick.example.org” or “*.example.org”")
    return text


def heartbeat(text: str) -> str:
    """An https URL, or an http one of this machine: whoever can read the address can fake the sign of life."""
    url(text)
    if urlsplit(text).scheme == "http" and not is_loopback(urlsplit(text).hostname or ""):
        raise ValueError(f"“{text}” would be called in the clear; write “https://{text.removeprefix('http://')}”")
    return text


def address(text: str) -> str:
    """A mail address with a domain, as SMTP can carry it everywhere."""
    line(text)
    local, at, domain = text.rpartition("@")
    if not at or not domain:
        raise ValueError(f"“{text}” has no domain; write an address such as “{text.strip('@') or 'team'}@example.org”")
    if not text.isascii():
        raise ValueError(f"“{text}” has letters that not every mail server takes; use an address of ASCII letters")
    if not _LOCAL.fullmatch(local) or len(local) > 64 or len(domain) > 255:
        raise ValueError(f"“{text}” is no mail address")
    if not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise ValueError(f"“{text}” has no valid domain behind the @")
    return text


def mailbox(text: str) -> str:
    """A mail address, alone or as ``Name <address>``; a name with a comma stands in quotes."""
    line(text)
    found = _MAILBOX.fullmatch(text)
    if found:
        address(found["spec"])
    elif "@" not in text:
        raise ValueError(f"“{text}” has no domain; write “Amtsblick <amtsblick@example.org>”")
    elif text.strip().endswith(">") or " " in text:
        raise ValueError(f"“{text}” is no mail address; write “Name <name@example.org>”, a name with a comma in quotes")
    else:
        address(text)
    return text


def unsubscribe(text: str) -> str:
    """A ``mailto:`` or ``https:`` URI (RFC 2369, RFC 8058)."""
    if text.startswith("mailto:"):
        address(text.removeprefix("mailto:").partition("?")[0])
        return line(text)
    if not text.startswith("https://"):
        raise ValueError(f"“{text}” must be a mailto: or https: address")
    return url(text)


def smtp(text: str) -> str:
    """``smtp+starttls://user@host:587``, ``smtps://…``, ``smtp://…``; a password in it is refused."""
    smtp_parts(text)
    return text


def smtp_parts(text: str) -> dict[str, Any]:
    """The parts of a mail server's URL: scheme, host, port, user."""
    line(text)
    form = "write smtp+starttls://user@mail.example.org:587 or smtps://user@mail.example.org:465"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is no address of a mail server; {form}") from None
    if parts.scheme not in _PORTS:
        raise ValueError(
            f"is no address of a mail server: “{parts.scheme}” is not smtp, smtps or smtp+starttls; {form}"
        )
    if parts.password is not None:
        raise ValueError("a password must not stand in the config; use password_env or password_file")
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"is no address of a mail server; {form}")
    return {
        "scheme": parts.scheme,
        "host": host,
        "port": port or _PORTS[parts.scheme],
        "user": unquote(parts.username or ""),
    }


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine by its spelling alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def selector(text: str, option: str = "") -> str:
    """A CSS selector; ``option`` stands before what is said of a wrong one."""
    from extractors.pages import selectors  # noqa: PLC0415 - loads the parsers, and few configs have selectors

    wrong = selectors.check("", (text,))
    if wrong is not None:
        raise ValueError(f"{option}“{text}” is no CSS selector: {wrong.reason}")
    return text


def extractor(text: str) -> str:
    """The name of a page object: a built-in one, "auto", or one that is installed."""
    if text in installed.BUILT_IN or text in installed.names():
        return text
    raise ValueError(f"there is no page object “{text}”{nearest(text, [*installed.BUILT_IN, *installed.names()])}")


def kind(text: str, kinds: Sequence[str]) -> str:
    """A kind of change, or a pattern such as ``page.*``."""
    groups = {f"{name.split('.')[0]}.*" for name in kinds}
    if text not in kinds and text not in groups and text != "*":
        raise ValueError(f"there is no kind “{text}”{nearest(text, [*kinds, *sorted(groups)])}")
    return text


def schedule(text: str) -> str:
    """A cron schedule with names for days."""
    slots.parse(text)
    return text


def time_zone(text: str) -> str:
    """The name of a time zone, such as ``Europe/Berlin``."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # "CEST" is near "EST", which is five hours west: only zones that name a place are offered.
        hint = nearest(text, [name for name in available_timezones() if "/" in name or name == "UTC"])
        raise ValueError(f"there is no time zone “{text}”{hint or '; write one such as Europe/Berlin'}") from None
    return text
