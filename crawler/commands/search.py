"""``search``: words in all that was ever read, in today's pages and in those that are long gone."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import new_app, session
from crawler.lookup import known_source
from crawler.output import Output, one_line
from crawler.session import Refusal, Session
from crawler.tell import count
from crawler.writing import writer
from extractors.find import Part, Passage, wanted
from storage.records import SearchHit, SearchKind
from web import rows

app = new_app()

_BOLD, _OFF = "\x1b[1m", "\x1b[0m"
_PAGES = 20  # hits that are shown unless --limit says otherwise; each takes two to five lines


@app.command(epilog="Example: amtsblick search Partnerschaft Moskau --since 2018 --until 2021")
def search(
    ctx: typer.Context,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="All of them have to be there; several in quotes follow each other."),
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="S", help="Only pages of this source.")] = None,
    kind: Annotated[
        SearchKind | None, typer.Option(help="Only pages, the texts of documents, or notices on pages.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only texts that stood at or after this moment.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only texts that stood at or before this moment.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many pages.")] = _PAGES,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index of words anew from the texts, where it is damaged.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """Search the texts of all versions, newest first; one hit for each page, with the version that has the words.

    A word of three letters and more is found inside longer ones (Partnerschaft in Städtepartnerschaften), shorter
    ones and numbers only by themselves. Capitals do not count; ä finds ae and a, ß finds ss, and the other way round.
    """
    run = session(ctx)
    if rebuild:
        _rebuild(run, words)
        return
    if not words or not wanted(words):
        raise Refusal("there is no letter or digit in what is to be searched for; give at least one word")
    start, end = run.moment("--since", since, "start"), run.moment("--until", until, "end")
    if start is not None and end is not None and start > end:
        raise Refusal("--since is later than --until; exchange them")
    with run.reader() as archive:
        if source is not None:
            known_source(run, archive, source)  # a typo is no empty result
        found = archive.search(words, source=source, kind=kind, since=start, until=end, limit=limit + 1)
    for hit in found[:limit]:
        if json:
            run.output.json(rows.search_hit(hit))
        else:
            _show(run, hit)
    if not found:
        run.output.note("nothing found")
    elif len(found) > limit:
        run.output.note(f"there are more pages than {limit}; --limit shows more, further words narrow it down")


def _rebuild(run: Session, words: list[str] | None) -> None:
    if words:
        raise Refusal("--rebuild takes no words: first it, then the search")
    with writer(run) as archive:
        texts = archive.rebuild_search()
    run.output.say(f"the index of words was made anew from {count(texts, 'text', 'texts')}")


def _show(run: Session, hit: SearchHit) -> None:
    out = run.output
    until = f"until {run.local(hit.until)}" if hit.until else "still the newest"
    more = "" if hit.versions == 1 else f"; {hit.versions} versions have it, the first of {run.local(hit.first_since)}"
    out.say(f"{one_line(hit.title) or '(no title)'}  {hit.uri}")
    out.say(f"  {run.local(hit.since)} {until}{more}")
    for passage in hit.passages:
        lead = "" if passage.part is Part.TEXT else f"{passage.part}: "
        out.line(f"    {lead}{_marked(out, passage)}")


def _marked(out: Output, passage: Passage) -> str:
    """The passage with its finds in square brackets; on a terminal bold as well."""
    left, right = (f"{_BOLD}[", f"]{_OFF}") if out.colour else ("[", "]")
    pieces = []
    at = 0
    for start, end in passage.marks:
        pieces += [one_line(passage.text[at:start]), left, one_line(passage.text[start:end]), right]
        at = end
    return "".join([*pieces, one_line(passage.text[at:])])
