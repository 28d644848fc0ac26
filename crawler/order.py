"""One order to the crawl process: which sources of which config, at what time, for keeps or not; and its JSON line."""

from __future__ import annotations

import json
from dataclasses import dataclass

from crawler.clock import NOW_VARIABLE, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Crawl the sources ``names`` one after the other, then detect; a dry run stores nothing.

    ``config`` is the config file, None for the shipped defaults.
    """

    config: str | None
    names: tuple[str, ...]
    clock: Clock
    dry_run: bool = False

    def encode(self) -> str:
        """The order as one JSON line, without the line end."""
        clock = self.clock.environ()
        return json.dumps({"config": self.config, "names": self.names, "clock": clock, "dry_run": self.dry_run})

    @classmethod
    def decode(cls, line: str) -> Order:
        """The inverse of :meth:`encode`. Raises ``ValueError`` for a line that is no order."""
        try:
            data = json.loads(line)
            clock = Clock.from_environment({NOW_VARIABLE: data["clock"].get(NOW_VARIABLE, "")})
            config = None if data["config"] is None else str(data["config"])
            return cls(config=config, names=tuple(data["names"]), clock=clock, dry_run=bool(data["dry_run"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not an order: {line[:80]!r}") from error
