"""Pages as HTML: everything that comes from a website is escaped, whatever the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alerts.visible import one_line, readable, shown, web_link
from extractors import address
from extractors.model import Link
from web.addresses import Addresses, Language
from web.answers import Nothing, Shown
from web.rows import Row
from web.settings import Settings
from web.texts.common import COMMON
from web.visitor import LANGUAGES, Visitor
from web.written import digits


class Renderer:
    """Lays out the answers of the views. Safe to use in several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._environment = Environment(
            loader=PackageLoader("web"),
            autoescape=True,  # for every name of a template, not only for those that end in .html
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            line=one_line, shown=shown, link=web_link, readable=readable, breakable=_breakable
        )
        self._environment.globals.update(zip_links=_other_targets, digits=digits, same=_is_same_place)

    def page(self, answer: Shown | Nothing, who: Visitor, path: str) -> str:
        """An answer as a page; ``path`` is what was asked for, without language."""
        if isinstance(answer, Nothing):
            return self._nothing(answer, who, path)
        texts = _texts(answer.template, who.language)
        return self._laid_out(answer.template, answer.title, who, path, {"x": answer.content, "t": texts})

    def row_of(self, answer: Nothing) -> Row:
        """Why there is nothing, for programs."""
        return {"status": answer.status, "error": answer.what, "message": _sentence(answer, "en")}

    def _nothing(self, answer: Nothing, who: Visitor, path: str) -> str:
        values = {"sentence": _sentence(answer, who.language), "links": answer.links}
        title = COMMON[who.language].nothing_title
        return self._laid_out("nothing.html.j2", title, who, path, {"x": values, "t": None})

    def _laid_out(self, template: str, title: str, who: Visitor, path: str, more: Mapping[str, Any]) -> str:
        web = self._settings.web
        return self._environment.get_template(template).render(
            title=title,
            who=who,
            w=who.words,
            to=who.to,
            c=COMMON[who.language],
            languages=_languages(self._settings.mount, path, who),
            path_now=path.partition("?")[0],
            json_path=f"{self._settings.mount}/json{path}",
            version=self._settings.version,
            web=web,
            base=self._settings.base,
            **more,
        )


def _texts(template: str, language: Language) -> Any:
    """The words of a template: ``web/texts/change.py`` goes with ``change.html.j2``."""
    name = template.partition(".")[0]
    return import_module(f"web.texts.{name}").TEXTS[language]


def _sentence(answer: Nothing, language: Language) -> str:
    common = COMMON[language]
    known = {field.name for field in fields(common)}
    pattern: str = getattr(common, answer.what) if answer.what in known else common.no_such_page
    return pattern.format(**{name: one_line(value) for name, value in answer.values.items()})


def _languages(mount: str, path: str, who: Visitor) -> tuple[tuple[Language, str, bool], ...]:
    """The same page in each language: (language, path, whether it is the one shown)."""
    return tuple((each, f"{Addresses(mount, each).root}{path}", each == who.language) for each in LANGUAGES)


def _other_targets(before: Sequence[Link], after: Sequence[Link]) -> list[tuple[Link, Link]]:
    """The links of one block, before and after, that bear the same text and lead elsewhere."""
    old = {link.text: link for link in before}
    pairs = ((old[link.text], link) for link in after if link.text in old)
    return [(one, other) for one, other in pairs if address.key(one.uri) != address.key(other.uri)]


def _is_same_place(one: str, other: str) -> bool:
    return address.key(one) == address.key(other)


def _breakable(text: str) -> Markup:
    """An address that may break after its slashes."""
    return Markup("/<wbr>").join(text.split("/"))
