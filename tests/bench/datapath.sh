#!/usr/bin/env bash
# MeshIoT's data path beside wireguard-go's, on the same machine in the same two network namespaces, round by round:
#
#     [ a: meshiotd, wireguard-go, iperf3 -c ]---cable---[ b: meshiotd, wireguard-go, iperf3 -s ]
#
# Each round measures TCP, TCP reverse, four streams, UDP at a rate that both hold, a flood of small UDP packets and ping, for one after the other.
# Profiles: "gso" (the cable carries large packets whole) and "plain" (it does not: UDP is cut before it, as most network cards have it).
# Processor time is that of both tunnel programs, per GiB that arrived. Ratios are MeshIoT's figure by wireguard-go's, one for each round.
# Needs root and /dev/net/tun; a quarter of an hour, with --quick three minutes.
#
#   bash tests/bench/datapath.sh [--quick] [--rounds N] [--seconds N] [--profiles "gso plain"] [--mtu BYTES]
#                                [--meshiotd PATH] [--wireguard-go PATH] [--json FILE]
set -u
caller=$PWD
. "$(dirname "${BASH_SOURCE[0]}")/../interop/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../interop/programs.sh"
usage() { echo "datapath.sh: $* (see --help)" >&2; exit 2; }
full() { case $1 in /*) echo "$1" ;; *) echo "$caller/$1" ;; esac; }
rounds=5 seconds=4 profiles="gso plain" mtu=1420 json= agent_program= go=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --quick) rounds=2 seconds=2; shift ;;
    --rounds | --seconds | --mtu) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "$1 wants a number"; printf -v "${1#--}" %s "$2"; shift 2 ;;
    --profiles) profiles=${2:-}; shift 2 ;;
    --meshiotd) [ -x "${2:-}" ] || usage "--meshiotd wants a program"; agent_program=$(full "$2"); shift 2 ;;
    --wireguard-go) [ -x "${2:-}" ] || usage "--wireguard-go wants a program"; go=$(full "$2"); shift 2 ;;
    --json) [ -n "${2:-}" ] || usage "--json wants a file"; json=$(full "$2"); shift 2 ;;
    *) usage "no such option: $1" ;;
  esac
done
for profile in $profiles; do case $profile in gso | plain) ;; *) usage "no such profile: $profile" ;; esac; done
need_root_and_tun datapath
need_pkg ip=iproute2 jq=jq iperf3=iperf3 ping=iputils-ping ethtool=ethtool wg=wireguard-tools || skip_all datapath "packages are missing"
[ -n "$go" ] || { need_pkg wireguard-go=wireguard-go || skip_all datapath "wireguard-go is missing"; go=$(command -v wireguard-go); }
need_programs datapath
if [ -z "$agent_program" ]; then
  # Natively compiled, as it is shipped; the node alone, as the other side is, too. IL where no linker is here.
  case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
  if bash "$here/tools/packaging/publish.sh" --rid "$rid" --profile mesh-only --out "$here/artifacts/bench/mesh-only" >"$work/publish.log" 2>&1; then
    agent_program=$here/artifacts/bench/mesh-only/meshiotd
  else
    echo "no native program ($(tail -n 1 "$work/publish.log")): meshiotd runs as IL" >&2
    agent_program=$meshiotd
  fi
fi

a=mi-da-$$ b=mi-db-$$
new_netns "$a" && new_netns "$b" && join "$a" eth0 "$b" eth0 || give_up datapath "namespaces cannot be made"
for ns in "$a" "$b"; do ip -n "$ns" link set eth0 mtu $((mtu + 80)); done
ip -n "$a" addr add 10.84.0.1/24 dev eth0; ip -n "$b" addr add 10.84.0.2/24 dev eth0

# --- wireguard-go ---
keys() { wg genkey | tee "$work/$1.key" | wg pubkey >"$work/$1.pub"; }
keys ga; keys gb
wireguard() { # NAMESPACE NAME OTHER ADDRESS OTHER-ADDRESS OTHER-ENDPOINT
  start "$2" ip netns exec "$1" env LOG_LEVEL=error "$go" -f "$2"
  wait_for 10 test -S "/var/run/wireguard/$2.sock" || give_up "wireguard-go starts" "$(cat "$work/$2.log")"
  inside "$1" wg set "$2" listen-port 51820 private-key "$work/$2.key" peer "$(cat "$work/$3.pub")" allowed-ips "$5/32" endpoint "$6:51820"
  ip -n "$1" addr add "$4/32" dev "$2"; ip -n "$1" link set "$2" mtu "$mtu" up; ip -n "$1" route add "$5/32" dev "$2"
}
wireguard "$a" ga gb 10.85.0.1 10.85.0.2 10.84.0.2
wireguard "$b" gb ga 10.85.0.2 10.85.0.1 10.84.0.1

# --- MeshIoT ---
start coordinator ip netns exec "$a" "$coordinator" serve --no-relay --listen 10.84.0.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
gateway() { # NAME NAMESPACE
  start "$1" ip netns exec "$2" "$agent_program" --tun kernel --tun-mtu "$mtu" --port-mapping false --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock"
  wait_for 20 test -S "$work/$1.sock" && new_key | agent "$1" up --claim - --timeout 30 >"$work/up.log" 2>&1 || give_up "$1 joins" "$(cat "$work/up.log"; tail -n 3 "$work/$1.log")"
}
gateway ma "$a"; gateway mb "$b"
declare -A to=([meshiot]=$(agent mb ip -4) [wireguard-go]=10.85.0.2) pair=([meshiot]="ma mb" [wireguard-go]="ga gb")
for tunnel in meshiot wireguard-go; do
  wait_for 30 ip netns exec "$a" ping -c 1 -W 2 "${to[$tunnel]}" || give_up "$tunnel carries a ping" "no reply"
done

# --- measuring ---
hz=$(getconf CLK_TCK)
ticks() { local n; for n in ${pair[$1]}; do awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/${process_of[$n]}/stat"; done | paste -sd+ | bc; }
rss() { local n; for n in ${pair[$1]}; do awk '/^VmRSS/ {print $2}' "/proc/${process_of[$n]}/status"; done | sort -n | tail -n 1; }
need_pkg bc=bc || skip_all datapath "bc is missing"

# transfer TUNNEL OPTIONS...   one iperf3; prints {"gib":…,"mbit":…,"pps":…,"loss":…,"cpu":…}
transfer() {
  local tunnel=$1 t0 t1 out
  shift
  start server ip netns exec "$b" iperf3 -s -1 -B "${to[$tunnel]}"
  wait_for 5 sh -c "ip netns exec $b ss -Hltn sport = :5201 | grep -q ." || return 1
  t0=$(ticks "$tunnel")
  out=$(inside "$a" iperf3 -c "${to[$tunnel]}" -t "$seconds" -J "$@" 2>/dev/null)
  t1=$(ticks "$tunnel")
  stop server
  jq -c --argjson ticks $((t1 - t0)) --argjson hz "$hz" '
    (.end.sum_received // .end.sum) as $r |
    (if $r.packets then ($r.packets - $r.lost_packets) else null end) as $arrived |
    (if $arrived then $r.bytes * $arrived / ([$r.packets, 1] | max) else $r.bytes end) as $bytes |
    {mbit: ($bytes * 8 / $r.seconds / 1e6), cpu_per_gib: ($ticks / $hz / ($bytes / 1073741824)), pps: (if $arrived then $arrived / $r.seconds else null end),
     loss: (if $arrived then $r.lost_packets / ([$r.packets, 1] | max) else null end)}' <<<"$out" 2>/dev/null || echo '{}'
}
pings() { # TUNNEL   median and 99th percentile, ms
  inside "$a" ping -i 0.01 -c 300 -q -W 1 "${to[$1]}" >/dev/null
  inside "$a" ping -i 0.01 -c 300 "${to[$1]}" | sed -n 's/.*time=\([0-9.]*\) ms/\1/p' | sort -n |
    jq -sc '{ping_median: .[length / 2 | floor], ping_p99: .[length * 0.99 | floor]}'
}
# The rate of UDP that both tunnels carry without loss, found once: from 800 Mbit/s down.
udp_rate() {
  local rate tunnel worst
  for rate in 800 500 300 200 120 60; do
    worst=0
    for tunnel in meshiot wireguard-go; do
      worst=$(jq -rn --argjson w "$worst" --argjson n "$(transfer "$tunnel" -u -b "${rate}M" -l $((mtu - 48)))" '[$w, $n.loss // 1] | max')
    done
    if jq -en --argjson w "$worst" '$w < 0.01' >/dev/null; then break; fi
  done
  echo "$rate"
}

round() { # PROFILE ROUND TUNNEL
  local tcp reverse four udp small ping
  tcp=$(transfer "$3") reverse=$(transfer "$3" -R) four=$(transfer "$3" -P 4)
  udp=$(transfer "$3" -u -b "${rate}M" -l $((mtu - 48))) small=$(transfer "$3" -u -b 0 -l 64) ping=$(pings "$3")
  jq -cn --arg profile "$1" --argjson round "$2" --arg tunnel "$3" --argjson tcp "$tcp" --argjson reverse "$reverse" --argjson four "$four" \
    --argjson udp "$udp" --argjson small "$small" --argjson ping "$ping" --argjson rss "$(rss "$3")" '
    {profile: $profile, round: $round, tunnel: $tunnel, tcp_throughput: $tcp.mbit, tcp_cpu_per_gib: $tcp.cpu_per_gib,
     tcp_reverse_throughput: $reverse.mbit, tcp_reverse_cpu_per_gib: $reverse.cpu_per_gib, tcp4_throughput: $four.mbit, tcp4_cpu_per_gib: $four.cpu_per_gib,
     udp1372_cpu_per_gib: $udp.cpu_per_gib, udp1372_loss: $udp.loss, pps64: $small.pps, udp64_cpu_per_gib: $small.cpu_per_gib, udp64_loss: $small.loss,
     rss_kib: $rss} + $ping'
}
idle_rss=$(rss meshiot)
for profile in $profiles; do
  [ "$profile" = gso ] && state=on || state=off
  for ns in "$a" "$b"; do inside "$ns" ethtool -K eth0 tx-udp-segmentation "$state" >/dev/null 2>&1 || echo "ethtool cannot set UDP segmentation" >&2; done
  rate=$(udp_rate)
  echo "$profile: UDP of $((mtu - 48)) bytes at $rate Mbit/s" >&2
  for ((n = 1; n <= rounds; n++)); do
    for tunnel in meshiot wireguard-go; do
      echo "$profile: round $n of $rounds, $tunnel" >&2
      round "$profile" "$n" "$tunnel" >>"$work/rounds"
    done
  done
done
[ -s "$work/rounds" ] || give_up datapath "no round gave a result"

# What packets are sealed by, as the program itself says.
isa=$("$agent_program" version --verbose 2>/dev/null | sed -n 's/^ChaCha20-Poly1305: //p')
case $isa in libsodium) isa=sse ;; "") isa=unknown ;; esac
jq -s --arg isa "$isa" --arg cpu "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" --argjson idle "$idle_rss" --argjson mtu "$mtu" --arg go "$("$go" --version | head -n 1)" '
  def median: map(select(. != null)) | sort | if length == 0 then null else .[length / 2 | floor] end;
  def names: ["tcp_throughput", "tcp_cpu_per_gib", "tcp_reverse_cpu_per_gib", "tcp4_cpu_per_gib", "udp1372_cpu_per_gib", "pps64", "ping_median"];
  . as $all |
  {isa: $isa, cpu: $cpu, mtu: $mtu, wireguard_go: $go,
   profiles: (group_by(.profile) | map(. as $p | {($p[0].profile): ((
     [names[] as $n | [$p | group_by(.round)[] | (map(select(.tunnel == "meshiot"))[0][$n]) as $m | (map(select(.tunnel == "wireguard-go"))[0][$n]) as $g |
        if $m and $g and $g > 0 then $m / $g else null end] as $ratios |
        {($n): ($ratios | median), ($n + "_spread"): [($ratios | min), ($ratios | max)]}] | add) + {raw: $p})}) | add),
   rss_mib: {idle: ($idle / 1024), after: ([$all[] | select(.tunnel == "meshiot") | .rss_kib] | last / 1024)},
   rss_mib_wireguard_go: ([$all[] | select(.tunnel == "wireguard-go") | .rss_kib] | last / 1024)}' "$work/rounds" >"$work/summary"

jq -r '
  def r: . * 100 | round / 100;
  "\(.cpu) (\(.isa)), \(.wireguard_go), MTU \(.mtu)",
  (.profiles | to_entries[] | .key as $p | .value as $v | $v.raw as $raw |
    "", "profile \($p)                     MeshIoT   wireguard-go   ratio (least, most)",
    (["tcp_throughput", "tcp_cpu_per_gib", "tcp_reverse_cpu_per_gib", "tcp4_cpu_per_gib", "udp1372_cpu_per_gib", "udp64_cpu_per_gib", "pps64", "udp64_loss", "ping_median", "ping_p99"][] as $n |
      def of($t): [$raw[] | select(.tunnel == $t) | .[$n] | select(. != null)] | sort | if length == 0 then "-" else .[length / 2 | floor] | r | tostring end;
      "  \($n | . + (" " * (26 - length)))\(of("meshiot") | (" " * (10 - length)) + .)\(of("wireguard-go") | (" " * (14 - length)) + .)   " +
      (if $v[$n] then "\($v[$n] | r) (\($v[$n + "_spread"] | map(r) | join(", ")))" else "" end))),
  "", "resident MeshIoT: \(.rss_mib.idle | r) MiB idle, \(.rss_mib.after | r) after; wireguard-go \(.rss_mib_wireguard_go | r) after"' "$work/summary"
[ -z "$json" ] || cp "$work/summary" "$json"
