#!/usr/bin/env bash
# What the userspace IP stack does and costs, natively compiled:
#   stack    two stacks back to back in one process and on one thread: TCP, packet by packet, nothing else
#   nodes    TCP between two nodes in userspace mode, tunnel and cable between them, as a program has it that embeds the library:
#
#     [ a: coordinator, asking node ]---cable---[ b: serving node ]
#
# Both directions. Throughput by the wall clock; seconds of processor time of both ends per GiB that arrived, which a busy machine disturbs least.
# Medians of the rounds with least and most. The nodes need root (for namespaces) and are left out without it. Three minutes, --quick one.
#
#   bash tests/bench/netstack.sh [--quick] [--rounds N] [--seconds N] [--no-publish] [--json FILE]
set -u
caller=$PWD
. "$(dirname "${BASH_SOURCE[0]}")/../interop/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../interop/programs.sh"
usage() { echo "netstack.sh: $* (see --help)" >&2; exit 2; }
rounds=7 seconds=4 publish=yes json=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --quick) rounds=3 seconds=2; shift ;;
    --rounds | --seconds) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "$1 wants a number"; printf -v "${1#--}" %s "$2"; shift 2 ;;
    --no-publish) publish=no; shift ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    *) usage "no such option: $1" ;;
  esac
done
need_pkg jq=jq || skip_all netstack "jq is missing"
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) usage "no native programs for $(uname -m)" ;; esac
bench=$here/artifacts/bench/MeshIoT.Bench
[ $publish = no ] || bash "$here/tools/packaging/publish.sh" --rid $rid --program MeshIoT.Bench --out "$here/artifacts/bench" >&2 || give_up netstack "the bench does not build"
[ -x "$bench" ] || give_up netstack "there is no $bench; leave --no-publish out"

for mtu in 1280 1420; do
  "$bench" stack --rounds "$rounds" --seconds "$seconds" --mtu $mtu | jq -c '{what: "stack \(.mtu)", round, mbit, cpu_s_per_gib}' >>"$work/rounds" || give_up "two stacks in memory" "the bench failed"
done

nodes() {
  need_root_and_tun "two nodes"
  need_pkg ip=iproute2 || skip_all "two nodes" "iproute2 is missing"
  need_programs netstack
  local a=mi-na-$$ b=mi-nb-$$ direction
  new_netns "$a" && new_netns "$b" && join "$a" eth0 "$b" eth0 || give_up "two nodes" "namespaces cannot be made"
  ip -n "$a" addr add 10.87.0.1/24 dev eth0; ip -n "$b" addr add 10.87.0.2/24 dev eth0
  start coordinator ip netns exec "$a" "$coordinator" serve --no-relay --listen 10.87.0.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"
  wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
  new_key --reusable | sed 's/.*:1\/[^/]*\/\([^/]*\).*/\1/' >"$work/key"
  node() { echo "$bench node $1 --state $work/$1 --login-server http://10.87.0.1:8080 --auth-key-file $work/key --bind $2"; }
  # shellcheck disable=SC2046
  start serve ip netns exec "$b" $(node serve 10.87.0.2)
  wait_for 60 grep -q ready "$work/serve.log" || give_up "the serving node joins" "$(tail -n 3 "$work/serve.log")"
  for direction in receive send; do
    grep -c '^{' "$work/serve.log" >"$work/before"
    # shellcheck disable=SC2046
    inside "$a" $(node ask 10.87.0.1) --direction $direction --rounds "$rounds" --seconds "$seconds" >"$work/asked" 2>"$work/asked.log" || give_up "TCP, the asking node ${direction}s" "$(head -n 3 "$work/asked.log")"
    wait_for 10 sh -c "[ \$(grep -c '^{' '$work/serve.log') -ge $(($(cat "$work/before") + rounds + 1)) ]"
    grep '^{' "$work/serve.log" | tail -n +$(($(cat "$work/before") + 1)) >"$work/served"
    # The end that reads knows what arrived; the first round warmed up.
    jq -cs --arg direction $direction --slurpfile served "$work/served" '
      . as $asked | range(1; length) as $i | [$asked[$i], $served[$i]] | (.[] | select(.sends | not)) as $reader |
      {what: "nodes \($direction)", round: $i, mbit: ($reader.bytes * 8 / $reader.seconds / 1e6 | round),
       cpu_s_per_gib: ((map(.cpu_s) | add) / ($reader.bytes / 1073741824) * 1000 | round / 1000)}' "$work/asked" >>"$work/rounds"
  done
  resident=$(awk '/^VmRSS/ {print $2}' "/proc/${process_of[serve]}/status")
}
resident=null
if [ "$(id -u)" = 0 ]; then nodes; else echo "two nodes: left out, network namespaces need root" >&2; fi

jq -s --argjson resident "$resident" --arg cpu "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" '
  def spread: sort | {median: .[length / 2 | floor], least: .[0], most: .[-1]};
  {cpu: $cpu, results: (group_by(.what) | map({what: .[0].what, rounds: length, mbit: (map(.mbit) | spread), cpu_s_per_gib: (map(.cpu_s_per_gib) | spread)})),
   serving_node_rss_kib: $resident, raw: .}' "$work/rounds" >"$work/summary"
jq -r '.cpu, (.results[] | "\(.what | . + (" " * (16 - length))) \(.mbit.median) Mbit/s (\(.mbit.least) to \(.mbit.most)), \(.cpu_s_per_gib.median) s/GiB (\(.cpu_s_per_gib.least) to \(.cpu_s_per_gib.most)), \(.rounds) rounds")' "$work/summary"
[ "$resident" = null ] || echo "resident, serving node: $resident KiB"
[ -z "$json" ] || cp "$work/summary" "$json"
