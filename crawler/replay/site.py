"""The replayed site as a pure function: week, path, request headers and fetch count in, response out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from crawler.replay import new_layout, old_layout, paths
from crawler.replay.documents import Document, documents
from crawler.replay.look import Asset, asset
from crawler.replay.parts import Article, Fetch, File, Heading, Text
from crawler.replay.press import press_pages, releases
from crawler.replay.section import notice, section_pages
from crawler.replay.weeks import WEEKS, Doing, Trouble, done_by

BERLIN: Final = ZoneInfo("Europe/Berlin")
LOOK_AT: Final = time(5, 30)  # the shipped schedule's hour; every week of the replay is seen at this time
HTML: Final = "text/html; charset=UTF-8"
STAMP_STEP: Final = 600  # the real portal cuts its cache busters to ten minutes

ROBOTS: Final = """\
# Any automated program may read these pages if it names itself in the User-Agent header.
User-agent: *
Disallow: /*/(S(*))
Disallow: /lageso/suche.php
"""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer: ``headers`` in the order in which they are sent, without Content-Length."""

    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that stands on the site in one week."""

    done: frozenset[Doing]
    pages: Mapping[str, Article]
    documents: Mapping[str, Document]
    navigation: tuple[tuple[str, str], ...]


def moment(week: int) -> datetime:
    """The simulated time of the weekly look: Monday 05:30 in Berlin, as UTC."""
    return datetime.combine(WEEKS[week - 1].monday, LOOK_AT, BERLIN).astimezone(UTC)


@cache
def standing(week: int) -> Standing:
    """The state of the site in a week (from 1)."""
    done = done_by(week)
    section = section_pages(done)
    return Standing(
        done=done,
        pages={paths.HOME: _home(), **section, **press_pages(done)},
        documents=documents(done),
        navigation=tuple((page.title, path) for path, page in section.items()),
    )


def respond(week: int, target: str, headers: Mapping[str, str], count: int) -> Response:
    """Answer one request.

    ``target`` is the request target (path and query), ``headers`` have lower-case names, ``count`` is the number of
    fetches so far: it makes the noise of the page, nothing else.
    """
    fetch = _fetch(f"http://{headers.get('host', '127.0.0.1')}", week, count)
    trouble = WEEKS[week - 1].trouble
    if trouble is Trouble.OUTAGE:
        return _answer(500, _SERVER_ERROR, fetch)
    if trouble is Trouble.MAINTENANCE:
        return _answer(200, _MAINTENANCE, fetch)
    return _well(standing(week), target, headers, fetch)


def _well(site: Standing, target: str, headers: Mapping[str, str], fetch: Fetch) -> Response:
    """The answer of a host in good health."""
    path, number = _split(target)
    if path == paths.ROBOTS:
        return _answer(200, ROBOTS, fetch, "text/plain")
    if path == paths.FEED:
        return _answer(200, _feed(site, fetch), fetch, "application/rss+xml; charset=UTF-8")
    if file := _file(path, site, headers, fetch):
        return file
    if elsewhere := _moved(path, site):
        return Response(status=301, headers=(*_common(fetch), ("Location", fetch.base + elsewhere)))
    article = site.pages.get(path if number in {"", "1"} else f"{path}?page_at_1_0={number}")
    if article is None:
        return _answer(404, _page(_not_found(path), site, fetch), fetch)
    return _answer(200, _page(article, site, fetch), fetch)


def _file(path: str, site: Standing, asked: Mapping[str, str], fetch: Fetch) -> Response | None:
    if path in site.documents:
        return _document(site.documents[path], asked, fetch)
    found = asset(path)
    return _asset(found, asked, fetch) if found else None


def _split(target: str) -> tuple[str, str]:
    parts = urlsplit(target)
    return parts.path, dict(parse_qsl(parts.query)).get("page_at_1_0", "")


def _moved(path: str, site: Standing) -> str:
    if path == paths.SEMINAR_17_OLD and Doing.REPORT_MOVED in site.done and paths.SEMINAR_17 in site.pages:
        return paths.SEMINAR_17
    return f"{path}/" if not path.endswith("/") and f"{path}/" in site.pages else ""


def _fetch(base: str, week: int, count: int) -> Fetch:
    now = moment(week) + timedelta(seconds=count)
    return Fetch(
        base=base,
        now=now,
        stamp=int(now.timestamp()) // STAMP_STEP * STAMP_STEP,
        made=f"Stand der Seite: {now.astimezone(BERLIN):%d.%m.%Y, %H:%M:%S} Uhr",
        token=sha256(f"{now}{count}".encode()).hexdigest()[:24],
    )


def _page(article: Article, site: Standing, fetch: Fetch) -> str:
    files = {
        path: File(size=document.size, uploaded=int(document.uploaded.timestamp()))
        for path, document in site.documents.items()
    }
    box = None if article.path == paths.HOME else notice(site.done)
    if Doing.NEW_TEMPLATE in site.done:
        return new_layout.render(article, box, site.navigation, fetch, files)
    return old_layout.render(article, box, site.navigation, fetch, files)


def _common(fetch: Fetch) -> Headers:
    return (("Date", format_datetime(fetch.now, usegmt=True)), ("Server", "Apache"))


def _answer(status: int, text: str, fetch: Fetch, content_type: str = HTML) -> Response:
    headers = (*_common(fetch), ("Cache-Control", "max-age=300"), ("Content-Type", content_type))
    return Response(status=status, headers=headers, body=text.encode())


def _document(document: Document, asked: Mapping[str, str], fetch: Fetch) -> Response:
    validators = (("ETag", document.etag), ("Last-Modified", format_datetime(document.uploaded, usegmt=True)))
    if _not_modified(document, asked):
        return Response(status=304, headers=(*_common(fetch), *validators))
    headers = (*_common(fetch), *validators, ("Content-Type", "application/pdf"))
    return Response(status=200, headers=headers, body=document.body)


def _asset(found: Asset, asked: Mapping[str, str], fetch: Fetch) -> Response:
    headers = (*_common(fetch), ("ETag", found.etag), ("Content-Type", found.content_type))
    if asked.get("if-none-match") == found.etag:
        return Response(status=304, headers=headers)
    return Response(status=200, headers=headers, body=found.body)


def _not_modified(document: Document, asked: Mapping[str, str]) -> bool:
    """RFC 9110 §13.1: an entity tag decides where there is one, else the time."""
    if tag := asked.get("if-none-match"):
        return document.etag in {each.strip() for each in tag.split(",")}
    if since := asked.get("if-modified-since"):
        try:
            return document.uploaded <= parsedate_to_datetime(since)
        except ValueError:
            return False
    return False


def _home() -> Article:
    return Article(
        path=paths.HOME,
        title="Berlin.de, das offizielle Hauptstadtportal",
        ident=1,
        edited=WEEKS[0].monday,
        parts=(
            Text(paragraphs=("Hier finden Sie alle Ämter der Stadt, ihre Leistungen und Neuigkeiten.",)),
            Heading(text="Ämter"),
            Text(items=("[[Landesamt für Gesundheit und Soziales|/lageso/]]",)),
        ),
        template="land_overview",
    )


def _not_found(path: str) -> Article:
    return Article(
        path=path,
        title="Seite nicht gefunden",
        ident=404,
        edited=WEEKS[0].monday,
        parts=(Text(paragraphs=("Die gewünschte Seite gibt es nicht oder nicht mehr.",)),),
        template="land_error",
    )


def _feed(site: Standing, fetch: Fetch) -> str:
    """RSS 2.0 as the portal's generator writes it: no guid, and the time of its own making as pubDate."""
    items = "".join(
        f"""
    <item>
      <title><![CDATA[{each.title}]]></title>
      <link>{fetch.base}{each.path}</link>
      <description><![CDATA[{each.paragraphs[0]}]]></description>
      <pubDate>{_noon(each.day)}</pubDate>
      <category><![CDATA[Landesamt für Gesundheit und Soziales]]></category>
    </item>"""
        for each in releases(site.done)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
  <channel>
    <title><![CDATA[Pressemitteilungen des LAGeSo (RSS-Feed)]]></title>
    <link>{escape(fetch.base + paths.PRESS)}</link>
    <description><![CDATA[]]></description>
    <pubDate>{format_datetime(fetch.now.astimezone(BERLIN))}</pubDate>
    <generator>Zend_Feed</generator>
    <docs>http://blogs.law.harvard.edu/tech/rss</docs>{items}
  </channel>
</rss>
"""


def _noon(day: date) -> str:
    return format_datetime(datetime.combine(day, time(12), BERLIN))


_SERVER_ERROR: Final = """\
<!doctype html>
<html><head><title>500 Internal Server Error</title></head>
<body><h1>500 Internal Server Error</h1><p>Bitte später erneut versuchen.</p></body></html>
"""
_MAINTENANCE: Final = """\
<!doctype html>
<html lang="de">
<head><meta charset="UTF-8"><title>Wartungsarbeiten</title></head>
<body>
<h1>Wartungsarbeiten</h1>
<p>Wegen Wartungsarbeiten steht dieses Angebot zurzeit nicht zur Verfügung. Bitte versuchen Sie es später erneut.</p>
</body>
</html>
"""
