"""The config written back: as data and as TOML that can be read again; nothing in it is a secret."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from crawler.config import Config, SourceConfig

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_SIZES = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"), (1, "B"))


def as_data(config: Config) -> dict[str, Any]:
    """All tables with all keys, as the file would hold them; a heartbeat's path is hidden, since it is its password."""
    data = {field: _table(getattr(config, field)) for field in Config.model_fields}
    heartbeat = config.operator.heartbeat
    if heartbeat:
        parts = urlsplit(heartbeat)
        data["operator"]["heartbeat"] = f"{parts.scheme}://{parts.netloc}/…"
    return data


def source_table(source: SourceConfig) -> dict[str, Any]:
    """One source as the file holds it, without what it leaves to the defaults and when it is crawled."""
    written = {type(source).model_fields[name].alias or name for name in source.model_fields_set} - {"schedule"}
    return {key: value for key, value in _table(source).items() if key in written}


def _table(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_table(each) for each in value]
    if not isinstance(value, BaseModel):
        return value
    table = {}
    for name, field in type(value).model_fields.items():
        held = getattr(value, name)
        if isinstance(held, timedelta):
            held = duration(held)
        elif name in ("max_bytes", "least_free"):
            held = _in(held, _SIZES)
        table[field.alias or name] = list(held) if isinstance(held, tuple) else held
    return table


def duration(value: timedelta) -> str:
    """``48h``, ``30s``: the largest unit that divides it, days only from a week on."""
    seconds = value.total_seconds()
    if seconds != int(seconds):
        return f"{seconds:.3f}s"
    return _in(int(seconds), _UNITS if seconds >= 7 * 86400 else _UNITS[1:])


def _in(value: int, units: tuple[tuple[int, str], ...]) -> str:
    return next(
        (f"{value // factor}{unit}" for factor, unit in units if value and value % factor == 0), f"0{units[-1][1]}"
    )


def as_toml(config: Config) -> str:
    """The config as TOML."""
    return _toml(as_data(config))


def without_secrets(config: Config) -> str:
    """The config as TOML that can be read again, without a heartbeat's address, which is its password."""
    data = as_data(config)
    data["operator"]["heartbeat"] = ""
    return _toml(data)


def _toml(data: dict[str, Any]) -> str:
    lines: list[str] = []
    for name, held in data.items():
        many = isinstance(held, list)
        for table in held if many else [held]:
            lines += ["", f"[[{name}]]" if many else f"[{name}]"]
            lines += [f"{key} = {toml(value)}" for key, value in table.items()]
    return "\n".join(lines[1:]) + "\n"


def toml(value: Any) -> str:
    """One value as TOML; a JSON text is a TOML text as long as no character beyond the BMP is escaped."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
