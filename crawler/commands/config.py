"""``config``: is it right, and what does it come to."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import shown
from crawler.cli import new_app, session
from crawler.session import Session
from crawler.tomlfile import ConfigError

app = new_app(no_args_is_help=True)

_WRONG = 78


@app.callback()
def config() -> None:
    """Check or show the config."""


@app.command(epilog="Example: amtsblick --config /etc/amtsblick/amtsblick.toml config check")
def check(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Read the config and say what it comes to, or what is wrong with it (exit 78)."""
    run = session(ctx)
    holds = run.config
    wrong, hints = _wrong(run), _hints(run)
    if json:
        row = {
            "file": str(holds.file) if holds.file else None,
            "ok": not wrong,
            "archive": str(holds.archive_path),
            "sources": [each.name for each in holds.source],
            "subscriptions": [each.name for each in holds.subscription],
            "problems": wrong,
            "hints": hints,
        }
        run.output.json(row)
    else:
        run.output.say(f"config:        {holds.file or 'the shipped defaults (there is no amtsblick.toml)'}")
        run.output.say(f"archive:       {holds.archive_path}")
        run.output.say(f"sources:       {', '.join(each.name for each in holds.source) or 'none'}")
        run.output.say(f"subscriptions: {', '.join(each.name for each in holds.subscription) or 'none'}")
        run.output.say(f"mail:          {holds.mail.smtp or f'files in {holds.outbox_path}'}")
        for hint in hints:
            run.output.note(f"note: {hint}")
    for each in wrong:
        run.output.error(each)
    if wrong:
        raise typer.Exit(_WRONG)


@app.command(epilog="Example: amtsblick config show > amtsblick.toml")
def show(
    ctx: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One object instead of TOML.")] = False,
) -> None:
    """Print the whole config as it holds, defaults included; it never holds a password."""
    run = session(ctx)
    if json:
        run.output.json(shown.as_data(run.config))
    else:
        run.output.say(shown.as_toml(run.config).rstrip("\n"))


def _wrong(run: Session) -> list[str]:
    """What the file's own check cannot see: secrets and files that it only names."""
    try:
        run.config.mail_settings(run.environ)
    except ConfigError as error:
        return [str(error)]
    ca_file = run.config.ca_file
    if ca_file is not None and not ca_file.is_file():
        return [str(ConfigError(f"there is no file {ca_file}", file=run.config.file, key="crawler.ca_file"))]
    return []


def _hints(run: Session) -> list[str]:
    hints = []
    holds = run.config
    if not holds.subscription:
        hints.append("nobody is told anything: there is no [[subscription]]")
    if holds.subscription and "from_" not in holds.mail.model_fields_set:
        hints.append("mail has no sender of its own: set mail.from")
    if not holds.crawler.contact:
        hints.append("webmasters cannot reach you: set crawler.contact to an address or a page")
    return hints
