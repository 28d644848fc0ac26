"""What several timelines do alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.alert_quality import prose
from benchmarks.alert_quality.content import Article, Items, Part, Teasers
from benchmarks.alert_quality.labels import Label
from benchmarks.alert_quality.place import Place


def changed(path: str, *, minor: bool | None = False, note: str = "") -> Label:
    """One page's text changed."""
    return Label(kind="page.changed", path=path, minor=minor, note=note)


def blind(place: Place) -> Label:
    """The source cannot be checked."""
    return Label(kind="source.blind", path=place.start)


def seeing(place: Place) -> Label:
    """It can be again."""
    return Label(kind="source.seeing", path=place.start)


def fill(place: Place, topics: Iterable[str], address: Callable[[str], str], number: int = 5) -> tuple[str, ...]:
    """Publish an ordinary page for each topic; gives their addresses."""
    made: list[str] = []
    for topic in topics:
        path = address(slug(topic))
        place.put(Article(path=path, title=topic, parts=prose.page(topic, len(made), number)))
        made.append(path)
    return tuple(made)


def slug(words: str) -> str:
    """Words as part of an address."""
    plain = words.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def listed(place: Place, path: str, line: str, *, last: bool = False) -> None:
    """Add a line to the first list of a page."""
    done = False

    def add(parts: tuple[Part, ...]) -> Sequence[Part]:
        nonlocal done
        made: list[Part] = []
        for part in parts:
            if isinstance(part, Items) and not done:
                done = True
                made.append(Items((*part.items, line) if last else (line, *part.items), part.ordered))
            else:
                made.append(part)
        return made

    place.parts(path, add)


def unlisted(place: Place, path: str, target: str) -> None:
    """Take the lines and files that lead to an address off a page."""

    def cut(parts: tuple[Part, ...]) -> Sequence[Part]:
        made: list[Part] = []
        for part in parts:
            if isinstance(part, Items):
                made.append(Items(tuple(item for item in part.items if f"|{target}]]" not in item), part.ordered))
            elif isinstance(part, Teasers):
                made.append(
                    Teasers(tuple(each for each in part.entries if each.path != target), part.number, part.count)
                )
            elif getattr(part, "path", "") != target:
                made.append(part)
        return made

    place.parts(path, cut)
