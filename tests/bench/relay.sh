#!/usr/bin/env bash
# What a relay costs: thousands of idle clients, then one flow between two, over loopback with TLS 1.3 and ECDSA P-256.
# Builds what it needs: the relay (meshiot-coordinator relay) as native code where clang, lld and llvm are there, else as IL; the load as IL.
# derper is measured beside it where --derper, $DERPER or PATH names one. Prints a table; --json writes the figures (keys: README of
# tools/MeshIoT.Sim). Two cores, about a minute each, no root, no network.
#
#   bash tests/bench/relay.sh [--clients N] [--derper PATH|none] [--json FILE] [--il] [--no-build] [-- OPTIONS OF meshiot-sim relay]
set -euo pipefail
caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. "$root/tools/need.sh"
. "$root/tests/bench/lib.sh"

usage() { echo "relay.sh: $* (see --help)" >&2; exit 2; }
clients=5000 derper=${DERPER:-derper} json= native=yes build=yes more=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --clients) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "--clients wants a number"; clients=$2; shift 2 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    --derper) [ -n "${2:-}" ] || usage "--derper wants a program, or none"; derper=$2; shift 2 ;;
    --il) native=no; shift ;;
    --no-build) build=no; shift ;;
    --) shift; more=("$@"); break ;;
    *) usage "no such option: $1" ;;
  esac
done

need_dotnet
build_bench relay

case $derper in */*) derper=$(cd "$caller" && realpath -e "$derper" 2>/dev/null || true) ;; *) derper=$(command -v "$derper" 2>/dev/null || true) ;; esac
[ -n "$derper" ] || echo "derper: skipped: not installed" >&2
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
exec dotnet "$root/tools/MeshIoT.Sim/bin/Release/net10.0/meshiot-sim.dll" relay --coordinator "$coordinator" --clients "$clients" ${derper:+--derper "$derper"} ${json:+--json "$json"} "${more[@]}"
