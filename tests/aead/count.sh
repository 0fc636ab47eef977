#!/usr/bin/env bash
# Instructions that sealing one packet takes on arm64: bash tests/aead/count.sh ARCHIVE BYTES
#
# qemu's user emulation runs one instruction per block and writes a line for each; the difference between two packets and one is the
# count, exactly. Debian's qemu-user has no counting plugin. A count is no time, but a regression shows in it on any machine.
set -euo pipefail
archive=$1 bytes=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
aarch64-linux-gnu-gcc -O1 -static -o "$work/count" "$(dirname "$0")/count.c" "$archive"
single=-singlestep
qemu-aarch64-static --help 2>/dev/null | grep -q -- -one-insn-per-tb && single=-one-insn-per-tb
lines() { qemu-aarch64-static $single -d exec,nochain -D "$work/log" "$work/count" "$bytes" "$1" && grep -c '^Trace' "$work/log"; }
once=$(lines 1)
twice=$(lines 2)
echo $((twice - once))
