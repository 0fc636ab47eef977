#!/usr/bin/env bash
# What our half of a relay connection costs by itself: processor seconds per GiB of packets, sending and receiving, over loopback with
# TLS, through our relay and through derper where one is named (--derper, $DERPER) or on PATH. No root, no network; a minute.
# With --node the whole node is measured, tunnel and all: relay-node.sh.
#
#   bash tests/bench/relay-client.sh [--derper PATH|none] [--size BYTES] [--seconds N] [--json FILE]
#   bash tests/bench/relay-client.sh --node [OPTIONS OF relay-node.sh]
set -euo pipefail
[ "${1:-}" != --node ] || exec bash "$(dirname "${BASH_SOURCE[0]}")/relay-node.sh" "${@:2}"
caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() { echo "relay-client.sh: $* (see --help)" >&2; exit 2; }
derper=${DERPER:-derper} size=1280 seconds=10 json=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --derper) [ -n "${2:-}" ] || usage "--derper wants a program, or none"; derper=$2; shift 2 ;;
    --size) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "--size wants a number"; size=$2; shift 2 ;;
    --seconds) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "--seconds wants a number"; seconds=$2; shift 2 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    *) usage "no such option: $1" ;;
  esac
done

echo "building ..." >&2
dotnet build "$root/tools/MeshIoT.Bench" -c Release -v quiet -nologo >&2
dotnet build "$root/tools/MeshIoT.Coordinator" -c Release -v quiet -nologo >&2
bench=("dotnet" "$root/tools/MeshIoT.Bench/bin/Release/net10.0/MeshIoT.Bench.dll" relay-client)
work=$(mktemp -d)
started=()
clean() {
  for pid in "${started[@]:-}"; do [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap clean EXIT

# wait_for FILE PATTERN   up to 60 s
wait_for() {
  for _ in $(seq 600); do grep -q "$2" "$1" 2>/dev/null && return 0; sleep 0.1; done
  echo "relay-client.sh: no \"$2\" in time:" >&2; cat "$1" >&2; return 1
}

# measure NAME PORT PIN   prints one JSON line for each side
measure() {
  local key
  "${bench[@]}" receive --relay "127.0.0.1:$2" --pin "$3" --seconds "$seconds" >"$work/receive" 2>>"$work/errors" &
  started+=($!)
  local receiver=$!
  wait_for "$work/receive" nodekey: || { cat "$work/errors" >&2; return 1; }
  key=$(head -n 1 "$work/receive")
  "${bench[@]}" send --relay "127.0.0.1:$2" --pin "$3" --size "$size" --seconds $((seconds + 2)) --to "$key" >"$work/send"
  wait "$receiver"
  for side in send receive; do grep '^{' "$work/$side" | sed "s/^{/{\"relay\":\"$1\",/"; done | tee -a "$work/results"
}

# A port that nobody has now.
port_of() { echo $((20000 + ($$ * 7 + $1) % 20000)); }

port=$(port_of 1)
dotnet "$root/tools/MeshIoT.Coordinator/bin/Release/net10.0/meshiot-coordinator.dll" relay --state "$work/relay" --anyone --listen "127.0.0.1:$port" --stun off --host 127.0.0.1 --region 900 >"$work/ours" 2>&1 &
started+=($!)
wait_for "$work/ours" sha256-raw
measure meshiot "$port" "$(grep -o 'sha256-raw:[0-9a-f]*' "$work/ours" | head -n 1 | cut -d: -f2)"

if command -v "$derper" >/dev/null 2>&1; then
  port=$(port_of 2)
  mkdir "$work/tls"
  "$derper" -a "127.0.0.1:$port" -http-port -1 -certmode manual -certdir "$work/tls" -hostname 127.0.0.1 -stun=false -c "$work/derper.json" >"$work/derper" 2>&1 &
  started+=($!)
  wait_for "$work/derper" sha256-raw
  measure derper "$port" "$(grep -o 'sha256-raw:[0-9a-f]*' "$work/derper" | head -n 1 | cut -d: -f2)"
else
  echo "derper: skipped: not installed" >&2
fi

[ -z "$json" ] || { printf '['; paste -sd, "$work/results" | tr -d '\n'; printf ']\n'; } >"$json"
