#!/usr/bin/env bash
# Nanoseconds of processor time to find whose an inner address is, for 1 to 10,000 prefixes, as native code: bash tests/bench/routes.sh [--json FILE] [--no-publish]
set -euo pipefail
cd "$(dirname "$0")/../.."
json=() publish=yes
while [ $# -gt 0 ]; do
  case $1 in
    --json) [ $# -ge 2 ] || { echo "routes.sh: --json wants a file" >&2; exit 2; }; json=(--json "$(realpath -m "$2")"); shift ;;
    --no-publish) publish=no ;;
    *) echo "usage: bash tests/bench/routes.sh [--json FILE] [--no-publish]" >&2; exit 2 ;;
  esac
  shift
done
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "routes.sh: no native programs for $(uname -m)" >&2; exit 2 ;; esac
[ $publish = no ] || bash tools/packaging/publish.sh --rid $rid --program MeshIoT.Bench --out "$PWD/artifacts/bench" >&2
exec "$PWD/artifacts/bench/MeshIoT.Bench" routes "${json[@]}"
