#!/bin/sh
# Adds what some tests need beyond the project's own packages: Debian's Chromium, which shows what a reader sees; Debian's
# Postfix, a mail server that nobody wrote for a test; strace, which lets a disk fail on demand; and programs for web
# archives that read what we hand over, in environments of their own (.witness), since their dependencies are no business
# of ours. The only script that asks for root. No service is set up or started: tests run them themselves, with a
# configuration of their own, on loopback.
set -eu
cd "$(dirname "$0")/.."

export UV_SYSTEM_CERTS=1
for witness in pywb wacz; do
    lock=requirements-witness-$witness.lock
    place=.witness/$witness
    if [ -f "$place/.holds" ] && cmp -s "$lock" "$place/.holds"; then continue; fi
    echo "== Installing $witness and what belongs to it ($lock) into $place"
    rm -rf "$place"
    .boot/bin/uv venv --quiet --python .venv/bin/python "$place"
    .boot/bin/uv pip sync --quiet --python "$place/bin/python" --require-hashes "$lock"
    cp "$lock" "$place/.holds"
done

packages=""
command -v chromium >/dev/null 2>&1 || packages="chromium"
ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || packages="$packages libatomic1" # Playwright's own node wants it
[ -x /usr/sbin/postfix ] || packages="$packages postfix"
command -v strace >/dev/null 2>&1 || packages="$packages strace"
[ -n "$packages" ] || { echo "== Nothing to add: Chromium, Postfix and strace are here"; exit 0; }
command -v apt-get >/dev/null 2>&1 || { echo "Install these with your system's package manager: $packages" >&2; exit 1; }
root=""
[ "$(id -u)" = 0 ] || root="sudo"
echo "== Installing $packages with apt-get"
$root apt-get update -q >/dev/null
case $packages in
*postfix*) echo "postfix postfix/main_mailer_type select No configuration" | $root debconf-set-selections ;;
esac
# shellcheck disable=SC2086 # the list is meant to be split
DEBIAN_FRONTEND=noninteractive $root apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $packages >/dev/null
