#!/usr/bin/env bash
# Handshakes and data packets per second of the WireGuard core: bash tests/bench/handshakes.sh [--json FILE]
set -euo pipefail
case "$#${1:-}" in
  0 | 2--json) ;;
  *) echo "usage: bash tests/bench/handshakes.sh [--json FILE]" >&2; exit 2 ;;
esac
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
echo "building the bench ..." >&2
dotnet build "$root/tools/MeshIoT.Bench" -c Release -v q --nologo >&2
exec dotnet "$root/tools/MeshIoT.Bench/bin/Release/net10.0/MeshIoT.Bench.dll" handshakes "$@"
