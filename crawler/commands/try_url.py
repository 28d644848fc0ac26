"""``try``: what would be read from an address, before it is watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from crawler import rows, shown, values
from crawler.cli import new_app, session
from crawler.commands.extract import show
from crawler.config import Config, SourceConfig, load
from crawler.progress import CrawlProgress
from crawler.runner import run_crawl
from crawler.session import Refusal, Session
from crawler.summary import CrawlSummary
from crawler.tell import count
from extractors import address
from extractors.model import Outcome, Page, Reading
from storage.archive import Archive
from storage.records import Capture

app = new_app()

_INCOMPLETE = 3
_REFUSED = "address-refused"  # the guard's rule for loopback, private and link-local addresses
_PAGES = 5  # enough to see whether links are followed, too few to be a burden


@app.command("try", epilog="Example: amtsblick try https://www.example.org/office/news/")
def try_url(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address you would like to watch.")],
    *,
    main: Annotated[list[str] | None, typer.Option(metavar="CSS", help="Where the main text is.")] = None,
    notice: Annotated[list[str] | None, typer.Option(metavar="CSS", help="Where notices are.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="CSS", help="What to leave out.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="The address is inside your own network.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Ask at most five pages, politely, and show what would be read and how to watch it; nothing is stored."""
    run = session(ctx)
    try:
        uri = values.url(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise Refusal(str(error)) from None
    chosen = {"main": main or [], "notice": notice or [], "ignore": ignore or []}
    with _trial(run, uri, chosen, allow_private=allow_private or _is_own(run.config, uri)) as config:
        with CrawlProgress(run.output) as progress:
            (summary,) = run_crawl(config, [config.source[0].name], run.clock, progress.show)
        if not config.archive_path.exists():
            raise Refusal(f"{uri}: {summary.reason or summary.outcome}", summary.exit_code or 3)
        with Archive.open(config.archive_path, readonly=True) as archive:
            code = _show(run, archive, uri, config.source[0], summary, json=json)
    raise typer.Exit(code)


def _is_own(config: Config, uri: str) -> bool:
    """Whether a source of the config already says that this host may be a private one."""
    own = (each for source in config.source if source.allow_private for each in (*source.start, *source.scope))
    return address.host(uri) in map(address.host, own)


@contextmanager
def _trial(run: Session, uri: str, chosen: dict[str, list[str]], *, allow_private: bool) -> Iterator[Config]:
    """A config of one source in a folder that is gone afterwards, with the proxy and certificates of the real one."""
    settings = run.config.crawler
    lines = ["[crawler]", f"contact = {shown.toml(settings.contact)}", f"proxy = {shown.toml(settings.proxy)}"]
    lines += [f"no_proxy = {shown.toml(settings.no_proxy)}", f"ca_file = {shown.toml(str(run.config.ca_file or ''))}"]
    lines += _block(uri, chosen, allow_private=allow_private)
    lines += [f"max_pages = {_PAGES}", "max_depth = 1", 'deadline = "5m"', 'register = "seminars"']
    with TemporaryDirectory(prefix="amtsblick-try-") as folder:
        file = Path(folder) / "amtsblick.toml"
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", "utf-8")
        yield load(file)


def _block(uri: str, chosen: dict[str, list[str]], *, allow_private: bool) -> list[str]:
    """The lines to paste into a config."""
    lines = ["[[source]]", f"name = {shown.toml(_name(uri))}", f"start = [{shown.toml(uri)}]"]
    lines += [f"{key} = {shown.toml(selectors)}" for key, selectors in chosen.items() if selectors]
    return [*lines, "allow_private = true"] if allow_private else lines


def _name(uri: str) -> str:
    """A name made of host and last path segment: ``berlin-de-22-seminar``."""
    parts = urlsplit(address.key(uri) and f"//{address.key(uri)}")
    words = [(parts.hostname or "site"), *[part for part in parts.path.split("/") if part][-1:]]
    name = "-".join("".join(c if c.isascii() and c.isalnum() else "-" for c in word).strip("-") for word in words)
    return name[:64].strip("-") or "site"


def _show(run: Session, archive: Archive, uri: str, source: SourceConfig, summary: CrawlSummary, *, json: bool) -> int:
    """Print what came of it; the exit code is 3 when the page could not be had."""
    looks = archive.captures_of(uri)
    first = looks[-1] if looks else None
    page = archive.page_of(first.id) if first else None
    robots = _robots(archive, uri, first)
    chosen = {"main": list(source.main), "notice": list(source.notice), "ignore": list(source.ignore)}
    block = "\n".join(_block(uri, chosen, allow_private=source.allow_private))
    code = 0 if first is not None and first.outcome is not Outcome.FAILED else _INCOMPLETE
    if json:
        run.output.json(_row(uri=uri, first=first, page=page, robots=robots, block=block, summary=summary))
        return code
    out = run.output
    out.say(f"address:   {uri}")
    out.say(f"robots:    {robots}")
    if first is None or first.outcome is Outcome.FAILED:
        why = (first.detail or first.rule) if first else (summary.reason or summary.outcome)
        hint = "; if it is inside your own network, add --allow-private" if first and first.rule == _REFUSED else ""
        out.error(f"{uri}: {why}{hint}")
        return code
    out.say(f"status:    {first.status or 'not asked'}")
    show(out, Reading(outcome=first.outcome, rule=first.rule, detail=first.detail, page=page), explain=False)
    asked = f"{count(summary.pages, 'page', 'pages')} and {count(summary.documents, 'document', 'documents')}"
    out.say(f"\nAsked in all: {asked}, {summary.failed} failed. Nothing was stored.")
    if first.outcome.good:
        out.say(f"To watch it, add this to your config:\n\n{block}")
    return code


def _row(
    *, uri: str, first: Capture | None, page: Page | None, robots: str, block: str, summary: CrawlSummary
) -> dict[str, Any]:
    return {
        "uri": uri,
        "status": first.status if first else None,
        "outcome": str(first.outcome) if first else str(summary.outcome),
        "rule": first.rule if first else "",
        "detail": first.detail if first else summary.reason,
        "robots": robots,
        **(rows.page(page) if page else {}),
        "pages": summary.pages,
        "documents_asked": summary.documents,
        "failed": summary.failed,
        "source": block,
    }


def _robots(archive: Archive, uri: str, first: Capture | None) -> str:
    """What robots.txt says, in words."""
    if first is not None and first.outcome is Outcome.DENIED and first.status is None:
        return f"forbids it ({first.detail or first.rule})"
    if archive.last_robots(address.host(uri)) is not None:
        return "allows it"
    if first is None or first.status is None:
        return "could not be read; that means wait"
    return "allows it (there is none)"
