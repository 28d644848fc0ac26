"""Named places where a test can end the process as a power cut would.

``AMTSBLICK_FAILPOINT="name:n"`` makes the process kill itself (SIGKILL) at the n-th hit of ``name``,
n from 1. Without the variable a hit costs one comparison.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "AMTSBLICK_FAILPOINT"

#: What writes to the archive, one transaction each.
OPERATIONS = (
    "schema",  # the first tables of a new archive, or a migration
    "crawl",  # start or end of a crawl
    "capture",  # one fetch, with its judgement if it came along
    "judge",  # the judgement of a capture stored before
    "detection",  # changes, state, digests and deliveries owed
    "digest",  # a closed window with its deliveries
    "slot",  # a slot of the schedule claimed
    "claim",  # a delivery taken for one attempt
    "close",  # the end of an attempt
    "recipient",  # somebody added to a list, pausing, removed or forgotten
    "purge",  # bytes of old messages erased
    "erase",  # a lawful erasure, or the mark that the file was cleaned after one
    "hold",  # a legal hold made or lifted
    "retain",  # what the rule of retention lets go
    "retire",  # an archive handed over, or taken back
    "restore",  # the queue of a restored archive put on hold
    "transaction",  # several of the above as one
)

#: Where each can be cut: the lock is held and nothing is written; all is written and not committed;
#: it is committed and the caller does not know yet.
MOMENTS = ("begun", "written", "stored")

NAMES = (
    *(f"{operation}.{moment}" for operation in OPERATIONS for moment in MOMENTS),
    "open.created",  # the file exists and is empty
    "capture.halfway",  # the payload is written, its capture is not
    "erase.halfway",  # the readings are redacted, the bytes are still there
    "vacuum.begun",  # an erasure is stored, the file still holds what was erased
    "vacuum.stored",
    "backup.copied",  # a copy lies beside its place and is not checked
    "backup.checked",  # it is checked and does not bear its name
    "restore.copied",  # the new archive lies beside the old one
    "detection.halfway",  # the changes are written, what detection remembers is not
)


class _Armed:
    """The failpoint of this process, read from the environment once."""

    def __init__(self, setting: str) -> None:
        name, _, count = setting.partition(":")
        self.name = name
        self.left = int(count or "1")


_armed = _Armed(os.environ.get(VARIABLE, ""))


def hit(name: str) -> None:
    """Die here if this is the place and the time; otherwise nothing."""
    if name != _armed.name:
        return
    _armed.left -= 1
    if _armed.left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
