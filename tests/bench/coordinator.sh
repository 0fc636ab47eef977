#!/usr/bin/env bash
# What a coordinator costs per node: a fleet joins it over loopback (TCP, Noise, HTTP/2), rests, changes, and comes back after kill -9.
# A policy is put in force first, hub and spoke (hub-and-spoke.json) unless told otherwise: sensors see the hubs, hubs see all sensors.
# Builds what it needs: the coordinator as native code where clang, lld and llvm are there, else as IL; the simulator as IL.
# Prints a table; --json writes the figures (keys: README of tools/MeshIoT.Sim). Two cores, about three minutes, no root, no network.
#
#   bash tests/bench/coordinator.sh [--nodes N] [--policy FILE|none] [--json FILE] [--il] [--no-build] [-- OPTIONS OF meshiot-sim]
set -euo pipefail
caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. "$root/tools/need.sh"
. "$root/tests/bench/lib.sh"

usage() { echo "coordinator.sh: $* (see --help)" >&2; exit 2; }
nodes=2000 policy=$root/tests/bench/hub-and-spoke.json json= native=yes build=yes more=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --nodes) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "--nodes wants a number"; nodes=$2; shift 2 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    --policy) [ -n "${2:-}" ] || usage "--policy wants a file, or none"; case $2 in none) policy= ;; /*) policy=$2 ;; *) policy=$caller/$2 ;; esac; shift 2 ;;
    --il) native=no; shift ;;
    --no-build) build=no; shift ;;
    --) shift; more=("$@"); break ;;
    *) usage "no such option: $1" ;;
  esac
done

need_dotnet
build_bench coordinator

ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
exec dotnet "$root/tools/MeshIoT.Sim/bin/Release/net10.0/meshiot-sim.dll" --coordinator "$coordinator" --nodes "$nodes" ${policy:+--policy "$policy"} ${json:+--json "$json"} "${more[@]}"
