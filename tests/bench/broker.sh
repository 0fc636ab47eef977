#!/usr/bin/env bash
# What the gateway's MQTT broker gives on this machine: messages of QoS 1 a second through pairs of a publisher and a subscriber, and connections that
# come at 100 a second and stay. Builds what it needs: meshiotd as native code where clang, lld and llvm are there, else as IL. Two minutes, no root.
#
#   bash tests/bench/broker.sh [--json FILE] [--connections N] [--seconds N] [--pairs N] [--no-build] [--il]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
. "$root/tools/need.sh"
usage() { echo "broker.sh: $* (see --help)" >&2; exit 2; }
json= connections=10000 seconds=10 pairs=4 build=yes native=yes meshiotd=${MESHIOTD:-}
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$PWD/$2 ;; esac; shift 2 ;;
    --connections | --seconds | --pairs) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "$1 wants a number"; declare "${1#--}=$2"; shift 2 ;;
    --no-build) build=no; shift ;;
    --il) native=no; shift ;;
    *) usage "no such option: $1" ;;
  esac
done
need_dotnet
for tool in clang ld.lld llvm-objcopy; do command -v "$tool" >/dev/null 2>&1 || native=no; done
if [ -z "$meshiotd" ]; then
  meshiotd=$root/agent/meshiotd/bin/Release/net10.0/meshiotd
  [ "$native" = no ] || meshiotd=$root/artifacts/native/meshiotd
  if [ "$build" = yes ] && [ "$native" = yes ]; then bash "$root/tools/packaging/publish.sh" --rid linux-x64 --program meshiotd --out "$root/artifacts/native" >&2
  elif [ "$build" = yes ]; then dotnet build "$root/agent/meshiotd" -c Release -v quiet -nologo >&2; fi
fi
[ "$build" = no ] || dotnet build "$root/tools/MeshIoT.Bench" -c Release -v quiet -nologo >&2

work=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-broker.XXXXXX")
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
port=18860
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
cat >"$work/meshiot.toml" <<TOML
sample_interval = 3600
[mqtt]
listen = ["127.0.0.1:$port"]
anonymous = "all"
connections = $((connections + 1000))
keep = false
TOML
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
"$meshiotd" --config "$work/meshiot.toml" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --state-dir "$work/state" --socket "$work/sock" >"$work/log" 2>&1 &
pid=$!
for _ in {1..100}; do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.1; done
"$root/tools/MeshIoT.Bench/bin/Release/net10.0/MeshIoT.Bench" broker --at "127.0.0.1:$port" --pid "$pid" --connections "$connections" --seconds "$seconds" --pairs "$pairs" ${json:+--json "$json"}
