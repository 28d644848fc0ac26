"""Options that several commands share: how a page is read, and whether its host may be a private one."""

from __future__ import annotations

from typing import Annotated

import typer

Main = Annotated[list[str] | None, typer.Option("--main", metavar="CSS", help="Where the main text is; repeatable.")]
Notice = Annotated[list[str] | None, typer.Option("--notice", metavar="CSS", help="Where notices are; repeatable.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="CSS", help="What to leave out; repeatable.")]
Extractor = Annotated[
    str | None,
    typer.Option("--extractor", metavar="NAME", help="The page object: auto, berlin.de, generic, or a plug-in's."),
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="The address is inside your own network.")]
