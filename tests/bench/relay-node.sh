#!/usr/bin/env bash
# What a whole node costs while its traffic goes by relay: processor seconds of meshiotd per GiB that iperf3 received, on the sending and
# on the receiving side. Two gateways in kernel mode, no UDP between them, one TCP stream through the coordinator's relay:
#
#     [ a: meshiotd, iperf3 -c ]---[ mid: coordinator with relay, drops UDP between a and b ]---[ b: meshiotd, iperf3 -s ]
#
# --meshiotd may be repeated: each program gets a pair of its own, and the rounds take turns, so that both see the same machine.
# Needs root and /dev/net/tun; half a minute and --rounds times --seconds for each program.
#
#   bash tests/bench/relay-node.sh [--meshiotd PATH]... [--rounds N] [--seconds N] [--streams N] [--json FILE]
set -u
caller=$PWD
. "$(dirname "${BASH_SOURCE[0]}")/../interop/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../interop/programs.sh"
usage() { echo "relay-node.sh: $* (see --help)" >&2; exit 2; }
full() { case $1 in /*) echo "$1" ;; *) echo "$caller/$1" ;; esac; }
agents=() rounds=5 seconds=5 streams=1 json=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --meshiotd) [ -x "${2:-}" ] || usage "--meshiotd wants a program"; agents+=("$(full "$2")"); shift 2 ;;
    --rounds | --seconds | --streams) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "$1 wants a number"; printf -v "${1#--}" %s "$2"; shift 2 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; json=$(full "$2"); shift 2 ;;
    *) usage "no such option: $1" ;;
  esac
done
need_root_and_tun relay-node
need_pkg ip=iproute2 nft=nftables jq=jq iperf3=iperf3 || skip_all relay-node "packages are missing"
need_programs relay-node
[ ${#agents[@]} -gt 0 ] || agents=("$meshiotd")

mid=mi-bm-$$
new_netns "$mid" || give_up relay-node "namespaces cannot be made"
ip -n "$mid" addr add 10.83.0.1/32 dev lo
inside "$mid" sysctl -qw net.ipv4.ip_forward=1
inside "$mid" nft -f - <<'NFT' || skip_all relay-node "nft does not work here"
table ip bench {
  chain forward {
    type filter hook forward priority 0; meta l4proto udp drop
  }
}
NFT
start coordinator ip netns exec "$mid" "$coordinator" serve --listen 10.83.0.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock" --relay-code mesh
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"

# gateway NAME NETWORK PROGRAM   one node behind a cable of its own
gateway() {
  local ns=mi-b$1-$$
  new_netns "$ns" && join "$mid" "to-$1" "$ns" eth0 || give_up "$1 has a cable" "it cannot be made"
  ip -n "$mid" addr add "10.83.$2.1/24" dev "to-$1"; ip -n "$ns" addr add "10.83.$2.2/24" dev eth0; ip -n "$ns" route add default via "10.83.$2.1"
  start "$1" ip netns exec "$ns" "$3" --tun kernel --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock" --sample-interval 60
  wait_for 20 test -S "$work/$1.sock" && new_key | agent "$1" up --claim - --timeout 30 >"$work/up.log" 2>&1 || give_up "$1 joins" "$(cat "$work/up.log"; tail -n 3 "$work/$1.log")"
}
# ticks NAME   user and system time of a process so far, in clock ticks
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/${process_of[$1]}/stat"; }
by_relay() { agent "$1" status --json | jq -e --arg to "$2" '.peers[] | select((.name | split(".")[0]) == $to) | .path == "relay"'; }

for i in "${!agents[@]}"; do
  gateway "a$i" $((1 + 2 * i)) "${agents[i]}"; gateway "b$i" $((2 + 2 * i)) "${agents[i]}"
  to[i]=$(agent "b$i" ip -4)
  check "a$i reaches b$i" "no reply" wait_for 30 ip netns exec "mi-ba$i-$$" ping -c 1 -W 2 "${to[i]}"
  check "by relay" "$(agent "a$i" status)" wait_for 20 by_relay "a$i" "b$i"
  start "iperf$i" ip netns exec "mi-bb$i-$$" iperf3 -s -B "${to[i]}"
done
sleep 1

# measure INDEX ROUND   one transfer; a line of JSON
measure() {
  local a0 b0 r0 a1 b1 r1 out hz
  hz=$(getconf CLK_TCK)
  a0=$(ticks "a$1") b0=$(ticks "b$1") r0=$(ticks coordinator)
  out=$(inside "mi-ba$1-$$" iperf3 -c "${to[$1]}" -t "$seconds" -P "$streams" -J 2>/dev/null)
  a1=$(ticks "a$1") b1=$(ticks "b$1") r1=$(ticks coordinator)
  jq -c --argjson round "$2" --arg program "${agents[$1]}" --argjson a $((a1 - a0)) --argjson b $((b1 - b0)) --argjson r $((r1 - r0)) --argjson hz "$hz" '
    (.end.sum_received.bytes / 1073741824) as $gib | def cost: . / $hz / $gib * 100 | round / 100;
    {program: $program, round: $round, mbit: (.end.sum_received.bits_per_second / 1e6 | round), retransmits: .end.sum_sent.retransmits,
     send_cpu_s_per_gib: ($a | cost), receive_cpu_s_per_gib: ($b | cost), relay_cpu_s_per_gib: ($r | cost)}' <<<"$out"
}
for i in "${!agents[@]}"; do measure "$i" 0 >/dev/null; done
for ((round = 1; round <= rounds; round++)); do
  for i in "${!agents[@]}"; do measure "$i" "$round" | tee -a "$work/rounds"; done
done
[ -s "$work/rounds" ] || give_up "a transfer" "iperf3 gave no result"
jq -s -c 'def median: sort | .[length / 2 | floor]; group_by(.program) | map({program: .[0].program, rounds: length, median:
  (. as $all | [$all[0] | keys[] | select(. != "program" and . != "round")] | map({(.): [$all[][.]] | median}) | add), all: .})' "$work/rounds" >"$work/summary"
jq -r '.[] | "\(.program)\n  median of \(.rounds): \(.median.send_cpu_s_per_gib) s/GiB sending, \(.median.receive_cpu_s_per_gib) receiving, \(.median.relay_cpu_s_per_gib) the relay; \(.median.mbit) Mbit/s"' "$work/summary"
[ -z "$json" ] || cp "$work/summary" "$json"
for i in "${!agents[@]}"; do check "still by relay" "$(agent "a$i" status)" by_relay "a$i" "b$i"; done
finish
