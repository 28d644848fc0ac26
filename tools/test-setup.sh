#!/bin/sh
# Adds what some tests need beyond Python: Debian's Chromium, which shows what a reader sees. The only script that asks for root.
set -eu
packages=""
command -v chromium >/dev/null 2>&1 || packages="chromium"
[ -n "$packages" ] || { echo "== Nothing to add: Chromium is here"; exit 0; }
command -v apt-get >/dev/null 2>&1 || { echo "Install these with your system's package manager: $packages" >&2; exit 1; }
root=""
[ "$(id -u)" = 0 ] || root="sudo"
echo "== Installing $packages with apt-get"
$root apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends $packages >/dev/null
