#!/usr/bin/env bash
# What sensors cost a gateway. Disk: ten sensors every ten seconds over a simulated day, counted by the kernel (disk_mb_per_day, idle_bytes_per_day).
# Processor and memory: a real meshiotd with 1,000 simulated sensors, each read every second and kept in the history (cpu_percent of one core,
# rss_mib). No root, no network; two minutes. Native code where clang and lld are, else IL, which costs more; the answer says which.
#
#   bash tests/bench/sensors.sh [--json FILE] [--sensors N] [--seconds N] [--il] [--no-build]
set -euo pipefail
caller=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C.UTF-8

usage() { echo "sensors.sh: $* (see --help)" >&2; exit 2; }
json='' sensors=1000 seconds=60 native=yes build=yes
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    --sensors) [[ ${2:-} =~ ^[0-9]+$ ]] || usage "--sensors wants a number"; sensors=$2; shift 2 ;;
    --seconds) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "--seconds wants a number"; seconds=$2; shift 2 ;;
    --il) native=no; shift ;;
    --no-build) build=no; shift ;;
    *) usage "no such option: $1" ;;
  esac
done

for tool in clang ld.lld llvm-objcopy; do command -v "$tool" >/dev/null 2>&1 || native=no; done
agent=("$root/artifacts/native/meshiotd")
[ "$native" = yes ] || agent=(dotnet "$root/agent/meshiotd/bin/Release/net10.0/meshiotd.dll")
if [ "$build" = yes ]; then
  echo "building ..." >&2
  dotnet build "$root/tools/MeshIoT.Bench" -c Release -v quiet -nologo >&2
  if [ "$native" = yes ]; then bash "$root/tools/packaging/publish.sh" --rid linux-x64 --program meshiotd --out "$root/artifacts/native" >&2
  else dotnet build "$root/agent/meshiotd" -c Release -v quiet -nologo >&2; fi
fi

# Not on a tmpfs, which writes nothing.
work=$(mktemp -d "$root/artifacts/sensors-bench.XXXXXX" 2>/dev/null || { mkdir -p "$root/artifacts"; mktemp -d "$root/artifacts/sensors-bench.XXXXXX"; })
pid=''
clean() { [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap clean EXIT

# --- disk ---
dotnet "$root/tools/MeshIoT.Bench/bin/Release/net10.0/MeshIoT.Bench.dll" history --sensors 10 --every 10 --dir "$work" | tee "$work/disk"

# --- processor and memory: everything is written every 30 s here, so that a measurement of a minute holds what otherwise comes every quarter of an hour ---
{
  printf 'sensors = ""\n\n[history]\nbatch = "30s"\n'
  for i in $(seq "$sensors"); do printf '\n[[sensor]]\nid = "s%d"\ndriver = "sim"\nevery = "1s"\n' "$i"; done
} >"$work/meshiot.toml"
"${agent[@]}" --config "$work/meshiot.toml" --state-dir "$work/state" --socket "$work/socket" --tun userspace >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 300); do [ -S "$work/socket" ] && grep -q ready "$work/log" && break; sleep 0.1; done
grep -q ready "$work/log" || { cat "$work/log" >&2; exit 1; }
# Nanoseconds of all threads, as the scheduler counts them: work of a millisecond a second falls between the ticks of /proc/PID/stat.
busy() { cat "/proc/$pid"/task/*/schedstat | awk '{n += $1} END {printf "%.0f", n}'; }
written() { awk '/^write_bytes/ {print $2}' "/proc/$pid/io"; }
sleep 35
t0=$(busy) w0=$(written) began=$(date +%s.%N)
sleep "$seconds"
t1=$(busy) w1=$(written) ended=$(date +%s.%N)
rss=$(awk '/^VmRSS/ {print $2}' "/proc/$pid/status") peak=$(awk '/^VmHWM/ {print $2}' "/proc/$pid/status")
awk -v t=$((t1 - t0)) -v s="$(awk "BEGIN {print $ended - $began}")" -v rss="$rss" -v peak="$peak" -v w=$((w1 - w0)) -v n="$sensors" -v code="$([ "$native" = yes ] && echo native || echo IL)" \
  'BEGIN {printf "{\"sensors\":%d,\"every_s\":1,\"code\":\"%s\",\"cpu_percent\":%.2f,\"rss_mib\":%.1f,\"rss_peak_mib\":%.1f,\"written_mb_per_hour\":%.1f}\n", n, code, t / 1e7 / s, rss / 1024, peak / 1024, w / 1e6 / s * 3600}' | tee "$work/load"
kill "$pid"; wait "$pid" 2>/dev/null || true; pid=''

# --- broker: lines of JSON from broker.sh, where it is, go into the same answer ---
: >"$work/broker"
[ ! -f "$root/tests/bench/broker.sh" ] || bash "$root/tests/bench/broker.sh" --json "$work/broker.json" >&2 && [ -s "$work/broker.json" ] && tr -d '\n' <"$work/broker.json" >"$work/broker" || true

# The figures that people compare stand at the top: cpu_percent, rss_mib, disk_mb_per_day, broker_connections, broker_msgs_per_s.
flat() { sed 's/^{//; s/}[[:space:]]*$//' "$1"; }
[ -z "$json" ] || {
  printf '{"time":"%s","disk":%s,"load":%s' "$(date -u +%FT%TZ)" "$(cat "$work/disk")" "$(cat "$work/load")"
  grep -o '"\(disk_mb_per_day\|idle_bytes_per_day\)":[^,}]*' "$work/disk" | sed 's/^/,/' | tr -d '\n'
  grep -o '"\(cpu_percent\|rss_mib\)":[^,}]*' "$work/load" | sed 's/^/,/' | tr -d '\n'
  [ ! -s "$work/broker" ] || printf ',%s' "$(flat "$work/broker")"
  printf '}\n'
} >"$json"
