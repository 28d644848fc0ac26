"""The command line: global options, a command loaded when it is asked for, and every failure as one line."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from crawler.session import Session

# Each command stands in a module of its own, so that `--help` need not load Scrapy: name, module, one line of help.
COMMANDS = {
    "demo": ("demo", "Show the whole job on a bundled replay, in a minute."),
    "crawl": ("crawl", "Look at the sources now and find what changed."),
    "try": ("try_url", "Show what would be read from an address; nothing is stored."),
    "extract": ("extract", "Show what is read from one page or file, and by which rule."),
    "changes": ("changes", "List what happened."),
    "digest": ("digest", "Preview or send the digest of a subscription."),
    "deliver": ("deliver", "Send the mail that is due."),
    "outbox": ("outbox", "Show, release, retry or drop queued mail."),
    "run": ("run", "Keep the schedule until stopped: look, tell, send."),
    "seminars": ("seminars", "List the register of seminars."),
    "notices": ("notices", "List the notices of the watched offices."),
    "snapshots": ("snapshots", "List every look at an address."),
    "snapshot": ("snapshot", "Show a page as it was at a moment."),
    "diff": ("diff", "Show what changed on a page between two moments."),
    "search": ("search", "Search the texts of all versions."),
    "export": ("export", "Hand over what was kept: WARC, WACZ, tables, a bag."),
    "import": ("import_", "Take in what other archives hold, as history."),
    "reextract": ("reextract", "Read all kept bytes again with today's extractor."),
    "verify": ("verify", "Prove that the archive is what was written."),
    "backup": ("backup", "Copy the living archive into one proven file."),
    "restore": ("restore", "Bring a backup back, with its mail on hold."),
    "erase": ("erase", "Erase an address, a look or a passage for good."),
    "hold": ("hold", "List, add or remove legal holds."),
    "retain": ("retain", "Let go what the rule of retention does not keep."),
    "coverage": ("coverage", "Say of every day whether a source was checked, and why not."),
    "serve": ("serve", "Show the archive in a browser."),
    "status": ("status", "Say whether everything is well."),
    "doctor": ("doctor", "Say whether everything is set up right."),
    "recipients": ("recipients", "List, add, pause, remove or forget readers."),
    "source": ("source", "List the sources."),
    "config": ("config", "Check or show the config."),
}  # fmt: skip

_HELP = {"help_option_names": ["--help", "-h"]}
_GLOBAL = ("--config", "--now")
_UNEXPECTED = 70  # EX_SOFTWARE: a fault of the program itself
_INTERRUPTED = 130
_USAGE = 2
# Typer has brought its own copy of click since 0.2x; BadParameter is the one error class both show.
_ClickError: type[Exception] = typer.BadParameter.__mro__[2]


class _Lazy(TyperGroup):
    """A group whose commands are imported when they are run, not when they are listed."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, help_line = COMMANDS[cmd_name]
        app = _stub(help_line) if self.listing else import_module(f"crawler.commands.{module}").app
        gc.enable()  # all is loaded that this command needs
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self.listing = True
        super().format_help(ctx, formatter)
        self.listing = False


def new_app(*, no_args_is_help: bool = False) -> typer.Typer:
    """A typer app for one command, with plain help."""
    return typer.Typer(
        add_completion=False, no_args_is_help=no_args_is_help, rich_markup_mode=None, context_settings=_HELP
    )


def _stub(help_line: str) -> typer.Typer:
    app = new_app()
    app.command(help=help_line)(lambda: None)
    return app


app = typer.Typer(
    cls=_Lazy,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    suggest_commands=False,
    context_settings=_HELP,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"amtsblick {metadata.version('amtsblick')}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The config file; searched for otherwise.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Act as if it were this time (RFC 3339, or a day).")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watch sections of public-authority websites, keep every state, and tell once what really happened."""
    del version  # acted on by its callback
    from crawler.session import Session  # noqa: PLC0415 - keeps `--help` fast

    ctx.obj = Session(config_option=config, now_option=now)


def session(ctx: typer.Context) -> Session:
    """The session that the global options made."""
    found: Session = ctx.find_root().obj
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with a code of docs/json.md."""
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    gc.freeze()  # all ends with the process: to look through what was loaded for garbage once more takes 40 ms
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code; every failure is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a test's stand-in
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    gc.disable()  # what a start loads stays: to look through it for garbage is a tenth of the start
    try:
        code = typer.main.get_command(app).main(hoisted(arguments), prog_name="amtsblick", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:
        # Typer turns a closed pipe into an exit of its own, with 1, which is taken (`status`: not well).
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        _let_go_of(sys.stdout)  # the reader of the pipe has seen enough
        return 0
    except (KeyboardInterrupt, typer.Abort):
        print("amtsblick: stopped", file=sys.stderr)
        return _INTERRUPTED
    except _ClickError as error:
        return _usage(error)
    except Exception as error:  # noqa: BLE001 - the edge: a person gets one line, whatever happened
        return _failure(error)
    finally:
        gc.enable()
        _let_go_of(sys.stderr)
    return code if isinstance(code, int) else 0


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with ``--config`` and ``--now`` moved to the front, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--":
            return [*front, *rest, argument, *pending]
        name = argument.partition("=")[0]
        if name not in _GLOBAL:
            rest.append(argument)
        elif argument == name:
            value = next(pending, None)
            front += [name] if value is None else [name, value]
        else:
            front.append(argument)
    return [*front, *rest]


def _usage(error: Any) -> int:
    """A mistake on the command line, in one line."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=sys.stderr)
        return _USAGE
    message = " ".join(str(error.format_message()).split()).rstrip(".").replace("Value error, ", "")
    path = context.command_path if context else "amtsblick"
    if "No such command" in message:
        from crawler.tomlfile import nearest  # noqa: PLC0415

        word = message.partition("'")[2].partition("'")[0]
        message = f"there is no command “{word}”{nearest(word, COMMANDS)}"
    _complain(f"{message[:1].lower()}{message[1:]} (see `{path} --help`)")
    return _USAGE


def _failure(error: Exception) -> int:
    """Anything else that ended a command: expected ones carry their exit code, the rest is our fault."""
    from crawler.tomlfile import ConfigError  # noqa: PLC0415

    code = 78 if isinstance(error, ConfigError) else getattr(error, "exit_code", None)
    if os.environ.get("AMTSBLICK_TRACEBACK") == "1":
        traceback.print_exception(error)
    if isinstance(code, int):
        _complain(str(error))
        return code
    if isinstance(error, OSError):
        _let_go_of(sys.stdout)
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or error}")
        return 74
    _complain(
        f"unexpected {type(error).__name__}: {error}; this is a fault of the program. "
        "Set AMTSBLICK_TRACEBACK=1 and run it again to see where"
    )
    return _UNEXPECTED


def _let_go_of(stream: TextIO) -> None:
    """Python flushes once more at its end, and would complain of what cannot be written, by an exit code of its own."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(message: str) -> None:
    from crawler.output import Output  # noqa: PLC0415

    Output(stderr=sys.stderr).error(message)
