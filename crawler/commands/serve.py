"""``serve``: the web view."""

from __future__ import annotations

import logging
from importlib import metadata
from typing import Annotated

import typer

from crawler import logs
from crawler.cli import new_app, session
from crawler.health import examine
from crawler.logs import logger
from crawler.session import Refusal, Session
from web.health import Lately
from web.server import Unservable, serving
from web.settings import PORT, Settings, is_loopback, lacking, public

app = new_app()


@app.command(epilog="Example: amtsblick serve --port 8765")
def serve(
    ctx: typer.Context,
    *,
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Where to listen. Default: this machine alone.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=f"The port; 0 takes a free one. Default: that of web.base_url if it is on this machine, else {PORT}.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show the archive in a browser: what changed, pages as they were, search. Read-only; until SIGTERM or Ctrl-C."""
    run = session(ctx)
    settings = settings_of(run)
    logs.start(run.config)
    own_host, own_port = settings.listens
    host, port = host or own_host, own_port if port is None else port
    where = settings.base if public(settings.web) else "" if is_loopback(host) else host
    if where and (missing := lacking(settings.web, where)):
        logger.warning("%s", missing)
    with run.reader():
        pass  # a missing or damaged archive is said at once, in one line
    try:
        serving(settings, host, port, lambda url: logger.info("serving %s at %s", settings.archive, url))
    except Unservable as error:
        raise Refusal(str(error)) from None
    finally:
        logging.shutdown()


def settings_of(run: Session) -> Settings:
    """What the config tells the view."""
    context = run.context()
    return Settings(
        archive=run.config.archive_path,
        zone=run.zone,
        now=run.now,
        version=metadata.version("amtsblick"),
        web=context.web,
        sources=context.sources,
        contact=context.contact,
        health=Lately(lambda archive: examine(run.config, archive, run.now())),
    )
