"""Debian's Postfix as a mail server nobody wrote for a test: its own folders, loopback only, delivering into a maildir."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DAEMONS = Path("/usr/lib/postfix/sbin")
COMMAND = "/usr/sbin/postfix"
_START = 30.0  # seconds

_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test
mydestination =
relayhost = [127.0.0.1]:1
local_transport = error:no local mail
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = inline:{{ lea@example.org=lea/, uwe@example.org=uwe/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {chain}
smtpd_tls_loglevel = 0
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
alias_maps =
alias_database =
"""
# Nothing is chrooted, so that no library has to be copied.
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running server; ``root`` holds its mailboxes and its log."""

    root: Path
    port: int

    def messages(self, name: str) -> list[bytes]:
        """What lies in somebody's mailbox, oldest first."""
        folder = self.root / "mail" / name / "new"
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns) if folder.is_dir() else []
        return [file.read_bytes() for file in files]

    def wait_for(self, name: str, number: int) -> list[bytes]:
        """The mailbox once it holds so many messages: the queue manager delivers in its own time."""
        until = time.monotonic() + _START
        while len(found := self.messages(name)) < number and time.monotonic() < until:
            time.sleep(0.05)
        assert len(found) == number, (self.root / "postfix.log").read_text()
        return found


@contextmanager
def serving(root: Path, chain: Path) -> Iterator[Postfix]:
    """Start Postfix with a certificate chain, and stop it. Needs root, as every Postfix does."""
    owner = pwd.getpwnam("postfix")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("etc", "spool", "data", "mail"):
        (root / name).mkdir(parents=True)
    for name in ("data", "mail"):
        os.chown(root / name, owner.pw_uid, owner.pw_gid)
    facts = {"root": root, "daemons": DAEMONS, "uid": owner.pw_uid, "gid": owner.pw_gid, "chain": chain, "port": port}
    (root / "etc" / "main.cf").write_text(_MAIN.format(**facts))
    (root / "etc" / "master.cf").write_text(_MASTER.format(**facts))
    for name in ("postfix-files", "post-install", "postfix-script", "postmulti-script", "dynamicmaps.cf"):
        for place in (Path("/etc/postfix"), Path("/usr/share/postfix"), DAEMONS, Path("/usr/lib/postfix")):
            if (place / name).is_file():
                shutil.copy(place / name, root / "etc" / name)
                break
    _postfix(root, "start")
    try:
        _wait(port)
        yield Postfix(root, port)
    finally:
        _postfix(root, "stop")


def _postfix(root: Path, command: str) -> None:
    done = subprocess.run(
        [COMMAND, "-c", str(root / "etc"), command], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _wait(port: int) -> None:
    until = time.monotonic() + _START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "Postfix did not come up"
            time.sleep(0.05)
        else:
            return
