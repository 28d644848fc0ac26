"""Reading a TOML file so that every mistake is one line that says where it is and what to write instead."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

_LARGEST = 1024**2  # bytes; a config of a thousand sources is a third of it
_SIMILAR = 60  # per cent; "dleay"/"delay" is 80, "schedul"/"schedule" 93, unrelated keys stay below 50


class ConfigError(Exception):
    """The config cannot be used as it is: file, line, key, and what to do, in one line (exit 78)."""

    def __init__(self, message: str, *, file: Path | None = None, key: str = "", line: int | None = None) -> None:
        self.message, self.file, self.key, self.line = message, file, key, line
        place = f"{file}{f':{line}' if line else ''}: " if file else ""
        super().__init__(f"{place}{f'{key}: ' if key else ''}{message}")


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean “…”?)``, or `` (there is: …)`` for a short list, or ""."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a mistake needs it

    known = list(known)
    best = process.extractOne(word, known, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_SIMILAR)
    if best:
        return f"; did you mean “{best[0]}”?"
    if 0 < len(known) <= 24:
        return f"; there is: {', '.join(known)}"
    return ""


def guard(file: Path, key: str = "", *, private: bool = False) -> None:
    """Refuse a file that others could have written, or, for secrets, that others can read.

    Raises:
        ConfigError: with the command that puts it right.
    """
    try:
        state = file.stat()
    except FileNotFoundError:
        raise ConfigError("there is no such file", file=file, key=key) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file, key=key) from None
    if not stat.S_ISREG(state.st_mode):
        raise ConfigError("is no file", file=file, key=key)
    if state.st_uid not in (0, os.geteuid()):
        raise ConfigError(
            f"belongs to another user (uid {state.st_uid}); make it your own: chown {os.geteuid()} {file}",
            file=file,
            key=key,
        )
    if private and state.st_mode & 0o077:
        raise ConfigError(f"holds a secret and others can read it; chmod 600 {file}", file=file, key=key)
    if state.st_mode & 0o022:
        raise ConfigError(f"others can change it; chmod go-w {file}", file=file, key=key)
    for folder in file.resolve().parents:
        mode = folder.stat().st_mode
        # A sticky folder such as /tmp keeps others from replacing the file.
        if mode & 0o002 and not mode & stat.S_ISVTX:
            raise ConfigError(
                f"others can replace it, since they can write in {folder}; chmod o-w {folder}", file=file, key=key
            )


def read(file: Path) -> str:
    """The text of a config file.

    Raises:
        ConfigError: when it cannot be read, is too large, or is not UTF-8.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from None
    if len(raw) > _LARGEST:
        raise ConfigError("is larger than 1 MB, so it is no config file", file=file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError("is not UTF-8 text; save it as UTF-8", file=file, line=line) from None


def parse(text: str, file: Path) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ConfigError: for bad syntax and for a key or table that stands twice.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = str(error) or "too deeply nested"
        found = re.search(r"\(at line (\d+), column (\d+)\)", message)
        line = int(found.group(1)) if found else len(text.splitlines())
        message = re.sub(r"\s*\(at .*\)$", "", message).replace("Cannot overwrite a value", "this key stands twice")
        raise ConfigError(f"no valid TOML: {message[:1].lower()}{message[1:]}", file=file, line=line) from None


def explain(error: ValidationError, model: type[BaseModel], text: str, file: Path | None) -> ConfigError:
    """The first mistake that pydantic found, as one line for a person; unknown keys go before their consequences."""
    problems = error.errors(include_url=False, include_context=True, include_input=False)
    problem = next((each for each in problems if each["type"] == "extra_forbidden"), problems[0])
    where: list[str | int] = list(problem["loc"])
    message = str(problem["msg"])
    if problem["type"] == "value_error":
        message = message.removeprefix("Value error, ")
        inner = re.match(r"([a-z_]+(?:\.\w+)*): ", message)
        if inner:  # a check over several keys says itself which one is wrong
            where += [int(part) if part.isdigit() else part for part in inner.group(1).split(".")]
            message = message[inner.end() :]
    elif problem["type"] == "extra_forbidden":
        message = f"there is no such key{nearest(str(where[-1]), _keys(model, where[:-1]))}"
    elif problem["type"] == "tuple_type" and len(where) == 1:
        message = f"there can be several of them: write [[{where[0]}]] with double brackets"
    else:
        message = _plain(problem["type"], message)
    return ConfigError(message, file=file, key=_written(where), line=_line(text, where))


_MESSAGES = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "tuple_type": 'must be a list, such as ["…"]',
    "too_short": "must not be empty",
    "string_pattern_mismatch": "must be of letters, digits, “-”, “_” and “.”, without spaces, 64 at most",
    "model_type": "must be a table with keys of its own",
}


def _plain(kind: str, message: str) -> str:
    return _MESSAGES.get(kind, message.replace("Input should be", "must be"))


def _keys(model: type[BaseModel], where: list[str | int]) -> list[str]:
    """The keys of the table at ``where``."""
    for part in where:
        if isinstance(part, str):
            field = next((each for name, each in model.model_fields.items() if (each.alias or name) == part), None)
            inner = _model_of(field) if field else None
            if inner is None:
                return []
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    candidates = [field.annotation, *get_args(field.annotation)]
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _written(where: list[str | int]) -> str:
    """``("source", 1, "delay")`` as a person finds it: ``[[source]] no. 2: delay``."""
    if len(where) >= 2 and isinstance(where[1], int):
        rest = ".".join(str(part) for part in where[2:3])
        return f"[[{where[0]}]] no. {where[1] + 1}{f': {rest}' if rest else ''}"
    return ".".join(str(part) for part in where if isinstance(part, str))


def _line(text: str, where: list[str | int]) -> int | None:
    """The line of a key, or of its table when the key is missing; None when neither begins a line."""
    if not where:
        return None
    table, key = str(where[0]), next((str(part) for part in where[1:] if isinstance(part, str)), "")
    index = where[1] if len(where) > 1 and isinstance(where[1], int) else 0
    current, count, best = "", -1, None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line)
        if header:
            current = header.group(1)
            count += current == table
            if current == table and count == index:
                best = number
            continue
        assignment = re.match(r'\s*"?([\w-]+)"?\s*=', line)
        if not assignment:
            continue
        if current == table and count == index and assignment.group(1) == key:
            return number
        if not current and assignment.group(1) == table:
            return number
    return best
