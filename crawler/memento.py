"""Asks a web archive, politely: one request at a time, with a pause, and as long a wait as it asks for."""

from __future__ import annotations

import email.utils
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPResponse, IncompleteRead
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from crawler import proxies
from crawler.config import Config
from crawler.loader import user_agent
from extractors import address

TRIES = 4  # of one request that fails in passing; each wait is twice the one before
PATIENCE = 300.0  # seconds that one Retry-After may ask for; the command ends at more, and can be run again
REFUSALS = 4  # "later" in a row, each after the wait it asked for, and the archive means it
_FIRST_WAIT = 5.0  # seconds, where the archive names none
_TIMEOUT = 60.0  # seconds: archives fetch from tape and from far away
_LATER = frozenset({429, 503})
_PASSING = frozenset({500, 502, 504})
_ORIGINAL = "x-archive-orig-"

# Headers of the archive and not of what it holds, by their names or the beginning of them.
_ITS_OWN = re.compile(
    r"memento-datetime|content-location|transfer-encoding|connection|keep-alive|server-timing|"
    r"x-(?:archive|ts|tr|na|nid|app-server|location|cache-key|rl|page-cache|wayback)(?:-.*)?",
    re.IGNORECASE,
)


class Later(Exception):  # noqa: N818 - it says what the archive said
    """The archive asks to come back later; the message is one line."""

    exit_code = 75


class Unreachable(Exception):  # noqa: N818 - it says what happened
    """The archive cannot be asked, or gives no answer that can be used; the message is one line."""

    exit_code = 74


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of the archive. ``whole`` is false where it broke off, ``large`` true where it is over the limit."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    whole: bool = True
    large: bool = False

    def header(self, name: str) -> str:
        """The first value of a header, "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def memento_at(self) -> datetime | None:
        """The moment that the archive says this is of (RFC 7089 §2.1.1)."""
        return _http_date(self.header("memento-datetime"))


class Client:
    """Asks one archive. ``sleep`` waits so many seconds."""

    def __init__(self, config: Config, base: str, delay: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self.host = urlsplit(base).netloc
        self._agent = user_agent(config.crawler.contact)
        self._opener = _opener(config, base)
        self._delay, self._sleep = delay, sleep
        self._refused = 0
        self._asked = False

    def get(self, url: str, limit: int) -> Reply:
        """One answer of at most ``limit`` bytes, after as many tries as it takes.

        Raises:
            Later: when the archive goes on asking to wait, or for longer than :data:`PATIENCE`.
            Unreachable: when no answer comes.
        """
        wait = _FIRST_WAIT
        for last in (*[False] * (TRIES - 1), True):
            reply = self._once(url, limit)
            if isinstance(reply, str):
                if last:
                    raise Unreachable(f"{self.host} cannot be reached: {reply}; run the command again later")
                self._sleep(min(wait, self._delay * 8))
            elif reply.status in _LATER and reply.memento_at is None:
                self._wait(reply)
            elif last or (reply.whole and not (reply.status in _PASSING and reply.memento_at is None)):
                self._refused = 0
                return reply
            else:
                self._sleep(min(wait, self._delay * 8))
            wait *= 2
        raise Later(self._come_back("still asks to wait"))

    def _wait(self, reply: Reply) -> None:
        self._refused += 1
        seconds = _retry_after(reply.header("retry-after"))
        if seconds is not None and seconds > PATIENCE:
            raise Later(self._come_back(f"asks to wait {seconds:.0f} seconds"))
        if self._refused >= REFUSALS:
            raise Later(self._come_back(f"answered {reply.status} {self._refused} times in a row"))
        self._sleep(seconds if seconds is not None else _FIRST_WAIT * 2 ** (self._refused - 1))

    def _come_back(self, what: str) -> str:
        return f"{self.host} {what}; what was taken in is kept: run the same command again later"

    def _once(self, url: str, limit: int) -> Reply | str:
        if self._asked and self._delay:
            self._sleep(self._delay)
        self._asked = True
        # Without a coding named, archives undo the one that a page was kept with.
        request = Request(url, headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate, br"})  # noqa: S310 - http(s) only
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                return _read(answer, limit)
        except HTTPError as error:
            return f"it answered {error.code}"
        except URLError as error:
            return str(getattr(error.reason, "strerror", "") or error.reason)
        except (OSError, HTTPException, ValueError) as error:
            return str(error) or type(error).__name__


def original_head(reply: Reply) -> bytes:
    """The head of what was archived, as far as the archive gives it back: its own headers are left out.

    A coding that the archive has undone keeps the archive's name for it, or the body would be decoded twice.
    """
    coded = bool(reply.header("content-encoding"))
    lines: list[tuple[str, str]] = []
    restored: set[str] = set()
    for name, value in reply.headers:
        inner = name[len(_ORIGINAL) :] if name.lower().startswith(_ORIGINAL) else ""
        if inner and not (
            inner.lower() in ("transfer-encoding", "content-length") or (_is_coding(inner) and not coded)
        ):
            lines.append((inner, value))
            restored.add(inner.lower())
        elif inner:
            lines.append((name, value))
    for name, value in reply.headers:
        if name.lower().startswith(_ORIGINAL) or name.lower() in restored or _is_its_own(name, value, reply):
            continue
        lines.append((name, value))
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"HTTP/1.1 {reply.status} {reply.reason}\r\n{fields}\r\n".encode("latin-1", "replace")


def was_decoded(reply: Reply) -> bool:
    """Whether the archive has undone the coding that the answer was kept with: no digest of it fits any more."""
    return bool(reply.header(f"{_ORIGINAL}content-encoding")) and not reply.header("content-encoding")


def _is_coding(name: str) -> bool:
    return name.lower() == "content-encoding"


def _is_its_own(name: str, value: str, reply: Reply) -> bool:
    lowered = name.lower()
    if lowered == "link":
        return 'rel="original"' in value or 'rel="timegate"' in value or "rel=original" in value
    if lowered == "date":
        said, at = _http_date(value), reply.memento_at
        return said is None or at is None or abs(said - at) > timedelta(days=1)
    return bool(_ITS_OWN.fullmatch(name))


def _read(answer: HTTPResponse, limit: int) -> Reply:
    try:
        body, whole = answer.read(limit + 1), True
        if len(body) <= limit and answer.length:
            whole = False
    except IncompleteRead as error:
        body, whole = error.partial, False
    return Reply(
        status=answer.status,
        reason=answer.reason or "",
        headers=tuple(answer.getheaders()),
        body=body[:limit],
        whole=whole,
        large=len(body) > limit,
    )


def _http_date(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _retry_after(text: str) -> float | None:
    """Seconds to wait (RFC 9110 §10.2.3): a number, or a date."""
    if text.isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    at = _http_date(text)
    return None if at is None else max(0.0, at.timestamp() - time.time())


def _opener(config: Config, base: str) -> OpenerDirector:
    """HTTP and HTTPS only, without redirects, by the config's proxy and certificates."""
    context = ssl.create_default_context()
    if config.ca_file is not None:
        context.load_verify_locations(cafile=config.ca_file)
    proxy = proxies.proxy_for(config.crawler, base)
    opener = OpenerDirector()
    for handler in (
        ProxyHandler({urlsplit(base).scheme: proxy} if proxy else {}),
        HTTPHandler(),
        HTTPSHandler(context=context),
    ):
        opener.add_handler(handler)
    return opener


def base_of(url: str) -> str:
    """An archive's address as it is asked, with a slash at its end.

    Raises:
        ValueError: for anything that is no http(s) address.
    """
    url = url if "://" in url else f"https://{url}"
    split = urlsplit(url)
    if address.clean(url) is None:
        raise ValueError("no http address")
    return f"{split.scheme}://{split.netloc}{split.path.rstrip('/')}/"
