"""The one place that reads the wall clock, and the frozen time of ``--now`` that replaces it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from web.moments import rfc3339, written

NOW_VARIABLE = "AMTSBLICK_NOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What time it is: the wall clock, or ``frozen_at`` for a whole command and its child processes."""

    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """The present moment in UTC, to the microsecond."""
        return self.frozen_at or datetime.now(UTC)

    def environ(self) -> dict[str, str]:
        """What a child process must find in its environment to share this clock."""
        return {NOW_VARIABLE: written(self.frozen_at)} if self.frozen_at else {}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Clock:
        """The clock that a parent process handed down.

        Raises:
            ValueError: when ``AMTSBLICK_NOW`` is no RFC 3339 time.
        """
        value = environ.get(NOW_VARIABLE, "")
        return cls(frozen_at=rfc3339(value) if value else None)
