"""berlin.de in both eras, by the templates of the bundled replay: template 1 is that of 2021, 2 that of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from benchmarks.alert_quality.content import Article, Entry, File, Head, Items, Para, Part, Picture, Teasers
from benchmarks.alert_quality.place import Fetch, Place
from crawler.replay import new_layout, old_layout, parts

_STAMP_STEP = 600  # the portal cuts its cache busters to ten minutes


def render(place: Place, article: Article, fetch: Fetch) -> str:
    """The whole page."""
    layout = new_layout.render if place.template == 2 else old_layout.render
    picture = next((part for part in article.parts if isinstance(part, Picture)), None)
    body = parts.Article(
        path=article.path,
        title=article.title,
        ident=article.ident or 300000 + sum(map(ord, article.path)),
        edited=article.edited,
        crumbs=article.crumbs or (("Landesamt für Gesundheit und Soziales", "/lageso/"),),
        picture=parts.Picture(file=picture.file, alt=picture.caption, credit="LAGeSo") if picture else None,
        press_line=article.press_line,
        parts=tuple(_texts(article.parts)),
        template="land_press" if article.press_line else "land_overview",
    )
    sections = tuple((box.title, box.paragraphs) for box in place.shows_boxes(article.path))
    notice = parts.NoticeBox(sections=sections) if sections else None
    files = {
        part.path: parts.File(size=place.size(part.path).replace(",", "."), uploaded=_put(place, part.path))
        for part in article.parts
        if isinstance(part, File)
    }
    return layout(body, notice, place.nav, _noise(fetch), files)


def _put(place: Place, path: str) -> int:
    return int(place.papers[path].put.timestamp()) if path in place.papers else 0


def _noise(fetch: Fetch) -> parts.Fetch:
    stamp = (int(fetch.now.timestamp()) // _STAMP_STEP + fetch.count) * _STAMP_STEP
    return parts.Fetch(
        base=fetch.base, now=fetch.now, stamp=stamp, made=made(fetch.now, fetch.count), token=fetch.token
    )


def made(now: datetime, count: int) -> str:
    """The time of a page's making, as a template prints it."""
    return f"Stand der Seite: {now:%d.%m.%Y}, {now:%H}:{count // 60 % 60:02d}:{count % 60:02d} Uhr"


def _texts(given: Sequence[Part]) -> Iterable[parts.Part]:
    """Paragraphs and the list that follows them are one text block."""
    words: list[str] = []
    for part in given:
        if isinstance(part, Para):
            words.append(part.text)
            continue
        if isinstance(part, Items):
            yield parts.Text(paragraphs=tuple(words), items=part.items)
            words = []
            continue
        if words:
            yield parts.Text(paragraphs=tuple(words))
            words = []
        if not isinstance(part, Picture):
            yield _other(part)
    if words:
        yield parts.Text(paragraphs=tuple(words))


def _other(part: Part) -> parts.Part:
    match part:
        case Head(text):
            return parts.Heading(text=text)
        case File(label, path):
            return parts.Download(label=label, path=path)
        case Teasers(entries, number, count):
            return parts.Listing(entries=tuple(_entry(each) for each in entries), number=number, count=count)
    raise TypeError(f"berlin.de's templates have no {type(part).__name__}")


def _entry(entry: Entry) -> parts.Entry:
    return parts.Entry(day=entry.day, title=entry.title, path=entry.path)
