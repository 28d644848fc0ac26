"""The main text as plain markup, with hooks for what each template writes in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from benchmarks.alert_quality.content import (
    Entry,
    File,
    Head,
    Items,
    Para,
    Part,
    Picture,
    Rows,
    Teasers,
    inline,
)
from benchmarks.alert_quality.place import Place

FileMarkup = Callable[[Place, File], str]
TeaserMarkup = Callable[[Teasers], str]


def body(place: Place, parts: Sequence[Part], file: FileMarkup, teasers: TeaserMarkup) -> str:
    """All parts, one after the other."""
    return "\n".join(_part(place, part, file, teasers) for part in parts)


def _part(place: Place, part: Part, file: FileMarkup, teasers: TeaserMarkup) -> str:
    match part:
        case Para(text) | Head(text):
            return f"<p>{inline(text)}</p>" if isinstance(part, Para) else f"<h2>{escape(text)}</h2>"
        case Items(items, ordered):
            tag = "ol" if ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{inline(item)}</li>" for item in items) + f"</{tag}>"
        case Rows(rows):
            return _table(rows)
        case Picture(name, caption):
            return (
                f'<figure class="image"><img src="{name}" alt="" loading="lazy">'
                f"<figcaption>{escape(caption)}</figcaption></figure>"
            )
        case File():
            return file(place, part)
        case Teasers():
            return teasers(part)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    lines = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<table class="data"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def links(pairs: Sequence[tuple[str, str]], item: str = '<li><a href="{path}">{title}</a></li>') -> str:
    """Items of a navigation."""
    return "".join(item.format(title=escape(title), path=path) for title, path in pairs)


def plain_entry(entry: Entry) -> str:
    """A line of news: its day, its linked title, its first words."""
    lead = f"<p>{escape(entry.lead)}</p>" if entry.lead else ""
    return f'<span class="date">{entry.day:%d.%m.%Y}</span> <a href="{entry.path}">{escape(entry.title)}</a>{lead}'
