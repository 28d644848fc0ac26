#!/bin/sh
# Makes the Python environment in .venv from the locked dependencies: setup.sh runtime | dev
# Needs Python 3.11 or newer with venv, and a package index; no root, no system package.
set -eu
cd "$(dirname "$0")/.."
want=$1

case $want in
runtime) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "setup.sh: say runtime or dev" >&2; exit 2 ;;
esac

# Tests start some thousand processes. Where Python may not write bytecode (PYTHONDONTWRITEBYTECODE, common in containers),
# each of them would compile Scrapy and all else anew: a crawl of one page then takes over twice the processor time.
compile_own() {
    .venv/bin/python -m compileall -q alerts crawler extractors storage
}

# What .venv holds is written beside it: the checksum of the lock and of the project's metadata.
state="$lock $(cksum "$lock" pyproject.toml | cksum)"
ready=.venv/.holds
if [ -f "$ready" ] && [ -x .venv/bin/amtsblick ]; then
    [ "$(cat "$ready")" = "$state" ] && compile_own && exit 0
    # The development set contains the run-time set: keep it when only the program is asked for.
    [ "$want" = runtime ] && [ "$(cat "$ready")" = "requirements-dev.lock $(cksum requirements-dev.lock pyproject.toml | cksum)" ] && compile_own && exit 0
fi

python=${PYTHON:-}
for candidate in $python python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
    python=
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed and was not found. Install it, or name it: make PYTHON=/path/to/python3 ..." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv module. On Debian and Ubuntu the package python3-venv brings it." >&2
    exit 1
fi

export UV_SYSTEM_CERTS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
if ! [ -f .boot/.holds ] || ! cmp -s requirements-boot.lock .boot/.holds; then
    echo "== Fetching the installer (uv) into .boot"
    rm -rf .boot
    "$python" -m venv .boot
    .boot/bin/python -m pip install --quiet --require-hashes -r requirements-boot.lock
    cp requirements-boot.lock .boot/.holds
fi
echo "== Installing the locked dependencies ($lock) into .venv"
rm -f "$ready"
[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
.boot/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode "$lock"
# Only the build tool is resolved here, at the version that pyproject.toml pins.
.boot/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
compile_own
echo "$state" >"$ready"
