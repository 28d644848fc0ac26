"""A letter as HTML and as plain text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from markupsafe import Markup, escape

from alerts import items, summary
from alerts.languages import wording
from alerts.letter import Item, Letter, Rendered, Section
from alerts.visible import one_line, readable, web_link
from alerts.wording import Wording

LARGEST_MESSAGE = 96_000  # bytes of both parts as they travel; with the headers below 100 kB, where Gmail cuts at 102
_DATE_RANGE = re.compile(r"\b\d{1,2}\.?–\d{1,2}\.? \w+")
_TEXT_WIDTH = 72  # RFC 3676 §4.2: lines stay whole when quoted once or twice


class TemplateBrokenError(Exception):
    """A template itself fails: a fault of the installation, in one line."""

    exit_code = 78


@dataclass(frozen=True, slots=True)
class _Budget:
    """How much of everything is shown; what is left out is counted."""

    items: int
    passages: int
    places: int
    failures: int


# From generous to bare: the first that keeps the message small enough is taken.
_BUDGETS = (
    _Budget(40, 12, 8, 5),
    _Budget(25, 6, 6, 5),
    _Budget(15, 4, 5, 5),
    _Budget(10, 2, 3, 5),
    _Budget(6, 1, 1, 3),
    _Budget(4, 0, 0, 3),
    _Budget(1, 0, 0, 0),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A section ready for the templates."""

    name: str
    entries: tuple[str, ...]
    more: int


def rendered(content: Letter, number: int) -> Rendered:
    """Render message ``number``, with less detail where it would grow too large to be shown whole.

    Raises:
        TemplateBrokenError: when a template cannot be used at all.
    """
    words = wording(content.language, ZoneInfo(content.zone))
    for budget in _BUDGETS:
        try:
            result = _rendered(content, number, words, budget)
        except TemplateError as error:
            where = f"{error.name or ''}, line {error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
            reason = one_line(f"{where}{type(error).__name__}: {error.message or error}", 300)
            raise TemplateBrokenError(
                f"a template of the mail cannot be used ({reason}); nothing was sent, install the program anew"
            ) from error
        if _size_in_transit(result.html) + _size_in_transit(result.text) <= LARGEST_MESSAGE:
            break
    return result


def fallback(content: Letter, number: int) -> Rendered:
    """What can be said of a message when nothing of it can be laid out."""
    words = wording(content.language, ZoneInfo(content.zone)).words
    return Rendered(subject=words.fallback_subject, text=words.fallback.format(number=number), html="")


def _rendered(content: Letter, number: int, words: Wording, budget: _Budget) -> Rendered:
    subject = summary.subject(content, words)
    base = {
        "letter": content,
        "number": number,
        "subject": subject,
        "headline": summary.headline(content, words),
        "lines": summary.lines(content, words),
        "others": summary.others(content),
        "budget": budget,
        "w": words,
        "t": words.words,
        "oldest": min((check.oldest for check in content.checks if check.oldest), default=None),
    }
    html = _html().get_template("mail.html.j2").render(base, parts=tuple(_parts(content, words, budget, _html_item)))
    text = _text().get_template("mail.txt.j2").render(base, parts=tuple(_parts(content, words, budget, _text_item)))
    return Rendered(subject=subject, text=_tidy(text), html=_inliner().inline(html))


def _parts(
    content: Letter, words: Wording, budget: _Budget, render: Callable[[Item, Letter, Wording, _Budget], str]
) -> Iterator[_Part]:
    for section in Section:
        entries = content.of(section)
        if section is Section.CHECKS or not entries:
            continue
        shown = tuple(_safely(render, item, content, words, budget) for item in entries[: budget.items])
        yield _Part(words.words.sections[section], shown, len(entries) - len(shown))


def _safely(
    render: Callable[[Item, Letter, Wording, _Budget], str],
    item: Item,
    content: Letter,
    words: Wording,
    budget: _Budget,
) -> str:
    try:
        return render(item, content, words, budget)
    except Exception:  # noqa: BLE001 - one item that cannot be rendered must not keep the others from their readers
        return render(items.broken(item.id, item.kind, item.section, words), content, words, budget)


def _html_item(item: Item, content: Letter, words: Wording, budget: _Budget) -> Markup:
    template = _html().get_template("item.html.j2")
    return Markup(template.render(**_of_item(item, content, words, budget)))  # noqa: S704 - a template's own output, escaped there


def _text_item(item: Item, content: Letter, words: Wording, budget: _Budget) -> str:
    template = _text().get_template("item.txt.j2")
    return template.render(**_of_item(item, content, words, budget))


def _of_item(item: Item, content: Letter, words: Wording, budget: _Budget) -> dict[str, object]:
    alone = len(content.items) == 1  # the message's headline is the item's: said once
    return {"item": item, "letter": content, "w": words, "t": words.words, "budget": budget, "alone": alone}


@cache
def _html() -> Environment:
    environment = _environment(autoescape=True)
    environment.filters.update(shy=_breakable, whole=_whole_dates)
    return environment


@cache
def _text() -> Environment:
    environment = _environment(autoescape=False)
    environment.filters["wrap"] = _wrapped
    return environment


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        autoescape=autoescape,  # noqa: S701 - off for plain text only, where escaping would be wrong
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters.update(readable=readable, line=one_line, link=web_link)
    environment.filters["short"] = partial(readable, limit=80)
    return environment


def _breakable(text: str) -> Markup:
    """An address that may break after its slashes."""
    return Markup("/<wbr>").join(text.split("/"))


def _whole_dates(text: str) -> Markup:
    """Text in which no line breaks inside "9.–13. Juni"."""
    return Markup(_DATE_RANGE.sub(r'<span class="nb">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped before


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def _wrapped(text: str, indent: int = 0, first: str | None = None, width: int = _TEXT_WIDTH) -> str:
    """Fold running text; addresses and long words are left whole. ``first`` replaces the first line's indent."""
    blank = " " * indent
    return "\n".join(
        textwrap.wrap(
            text,
            width,
            initial_indent=blank if first is None else first,
            subsequent_indent=blank,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _tidy(text: str) -> str:
    """No blanks at line ends, never more than one empty line in a row, one line end at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


def _size_in_transit(text: str) -> int:
    """Bytes of a text in quoted-printable: three for each byte outside ASCII and each "=", and soft line ends."""
    raw = text.encode()
    costly = sum(byte >= 0x80 or byte == 0x3D for byte in raw)
    length = len(raw) + 2 * costly
    return length + 3 * (length // 72)
