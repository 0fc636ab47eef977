#!/usr/bin/env bash
# Nanoseconds of processor time per packet of ChaCha20-Poly1305, by size and by width, beside libsodium and OpenSSL.
#
#   bash tests/bench/aead.sh [--json FILE] [--no-publish]
#
# As native code, as it ships; the least of nine interleaved rounds, so other work on the machine disturbs little.
set -euo pipefail
cd "$(dirname "$0")/../.."
json=() publish=yes
while [ $# -gt 0 ]; do
  case $1 in
    --json) [ $# -ge 2 ] || { echo "aead.sh: --json wants a file" >&2; exit 2; }; json=(--json "$(realpath -m "$2")"); shift ;;
    --no-publish) publish=no ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "aead.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
  shift
done
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "aead.sh: no native programs for $(uname -m)" >&2; exit 2 ;; esac
out=$PWD/artifacts/bench
[ $publish = no ] || bash tools/packaging/publish.sh --rid $rid --program MeshIoT.Bench --out "$out" >&2
exec "$out/MeshIoT.Bench" aead "${json[@]}"
