# shellcheck shell=bash
# Two gateways with tunnel interfaces and a router between them, for scripts that load the tunnel and break things; source it after programs.sh.
#
#     [ alpha ]---10.86.1.0/24---[ hub: coordinator, wire ]---10.86.2.0/24---[ beta ]
#
# The wire is a program between two TUN interfaces of the hub: with `wire on` whatever is routed passes it, and it loses, delays and reorders
# (this kernel may have no netem). Figures of a gateway are read from its page inside its namespace, which needs no tunnel.

h=mi-hub-$$ a=mi-alpha-$$ b=mi-beta-$$
declare -A netns_of=([alpha]=$a [beta]=$b) address_of=() key_of=()
load=$here/tests/interop/MeshIoT.Interop.Load/bin/Release/net10.0/MeshIoT.Interop.Load
probe=$here/tests/interop/MeshIoT.Interop.Nat/bin/Release/net10.0/MeshIoT.Interop.Nat
agent_program=${MESHIOTD:-$meshiotd}

# make_pair NAME   namespaces, programs, both joined and talking; gives up under NAME
make_pair() {
  local p ns
  for p in Load Nat; do
    [ -x "$here/tests/interop/MeshIoT.Interop.$p/bin/Release/net10.0/MeshIoT.Interop.$p" ] ||
      dotnet build "$here/tests/interop/MeshIoT.Interop.$p" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || give_up "$1" "MeshIoT.Interop.$p does not build"
  done
  new_netns "$h" && new_netns "$a" && new_netns "$b" && join "$h" to-alpha "$a" eth0 && join "$h" to-beta "$b" eth0 || give_up "$1" "namespaces cannot be made"
  for ns in "$h" "$a" "$b"; do
    inside "$ns" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.promote_secondaries=1 net.ipv4.conf.eth0.promote_secondaries=1 2>/dev/null
  done
  inside "$h" sysctl -qw net.ipv4.ip_forward=1
  ip -n "$h" addr add 10.86.1.1/24 dev to-alpha && ip -n "$h" addr add 10.86.2.1/24 dev to-beta
  ip -n "$a" addr add 10.86.1.2/24 dev eth0 && ip -n "$a" route add default via 10.86.1.1
  ip -n "$b" addr add 10.86.2.2/24 dev eth0 && ip -n "$b" route add default via 10.86.2.1
  make_wire

  start coordinator ip netns exec "$h" "$coordinator" serve --no-relay --listen 0.0.0.0:8080 --server-url http://10.86.1.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"
  wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
  run_gateway alpha && run_gateway beta || give_up "the gateways start" "$(tail -n 3 "$work"/alpha.log "$work"/beta.log)"
  for p in alpha beta; do
    new_key | agent $p up --claim - --timeout 30 >"$work/up.log" 2>&1 || give_up "$p joins" "$(cat "$work/up.log"; tail -n 3 "$work/$p.log")"
    address_of[$p]=$(agent $p ip -4)
    key_of[$p]=$(agent $p status --json | jq -r '.self.nodeKey' | sed 's/^nodekey://')
  done
  wait_for 30 reaches || give_up "the gateways reach each other" "no reply"
}

# reaches   alpha's kernel pings beta through the tunnel
reaches() { inside "$a" ping -c 1 -W 1 "${address_of[beta]}"; }

run_gateway() { # NAME
  start "$1" ip netns exec "${netns_of[$1]}" "$agent_program" --tun kernel --port-mapping false --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock" \
    --web-listen 127.0.0.1:9100 --sample-interval 60
  wait_for 20 test -S "$work/$1.sock"
}

make_wire() {
  ip -n "$h" tuntap add dev wire-in mode tun && ip -n "$h" tuntap add dev wire-out mode tun &&
    ip -n "$h" link set wire-in up txqueuelen 5000 && ip -n "$h" link set wire-out up txqueuelen 5000 && ip -n "$h" route add default dev wire-in table 100
}

# wire on|off "MS PERCENT-LOST PERCENT-HURRIED"   what is routed between the gateways passes the wire, or does so no more
wire() {
  local side
  if [ "$1" = on ]; then
    echo "10.86.1.0/24 $2" >"$work/wire.rules"
    start wire ip netns exec "$h" "$probe" wire wire-in wire-out "$work/wire.rules"
    wait_for 20 grep -q ready "$work/wire.log" || return 1
    for side in alpha beta; do ip -n "$h" rule add pref 5 iif to-$side lookup 100; done
  else
    for side in alpha beta; do ip -n "$h" rule del pref 5 iif to-$side lookup 100; done
    stop wire
  fi
}

# --- what a gateway says of itself ---

# counted NAME REASON...   packets it let go for these reasons, either way
counted() {
  local name=$1 reason sum=0 n
  shift
  inside "${netns_of[$name]}" curl -s --max-time 5 http://127.0.0.1:9100/metrics >"$work/metrics" || { echo 0; return; }
  for reason in "$@"; do
    while read -r n; do sum=$((sum + n)); done < <(sed -n "s/^meshiot_\(in\|out\)bound_dropped_packets_total{.*reason=\"$reason\".*} \([0-9]*\).*/\2/p" "$work/metrics")
  done
  echo "$sum"
}

says() { agent "$1" status --json | jq -e --arg code "$2" 'any(.health[]; .code == $code)'; }   # NAME CODE
rss() { awk '/^VmRSS/ {print $2}' "/proc/${process_of[$1]}/status"; }                            # NAME; KiB
# NAME; programs that run as IL open their libraries when they first need them, and those are no growth
descriptors() { find "/proc/${process_of[$1]}/fd" -type l ! -lname '*.dll' ! -lname '*.so*' 2>/dev/null | wc -l; }
alive() { kill -0 "${process_of[$1]}" 2>/dev/null && agent "$1" status >/dev/null 2>&1; }        # NAME

# --- load ---

# begin_transfer FROM TO MEGABYTES MBIT   random bytes by TCP through the tunnel, in the background
begin_transfer() {
  rm -f "$work/sink.log" "$work/source.log"
  start sink ip netns exec "${netns_of[$2]}" "$load" tcp-receive "${address_of[$2]}:7000"
  wait_for 10 grep -q ready "$work/sink.log" || return 1
  start source ip netns exec "${netns_of[$1]}" "$load" tcp-send "${address_of[$2]}:7000" "$3" "$4"
}

# end_transfer SECONDS   waits for its end; both hashes must be the same
end_transfer() {
  local sent got
  wait_for "$1" grep -q sha256 "$work/source.log"
  sent=$(grep sha256 "$work/source.log") got=$(grep sha256 "$work/sink.log")
  stop source; stop sink
  [ -n "$sent" ] && [ "$sent" = "$got" ] || { echo "sent ${sent:-no end: $(tail -n 1 "$work/source.log")}, arrived ${got:-no end: $(tail -n 1 "$work/sink.log")}"; return 1; }
}

# begin_stream NAME FROM TO PORT SIZE PER-SECOND SECONDS   numbered datagrams through the tunnel, in the background
begin_stream() {
  rm -f "$work/$1-sink.log" "$work/$1-source.log"
  start "$1-sink" ip netns exec "${netns_of[$3]}" "$load" udp-receive "${address_of[$3]}:$4" 2
  wait_for 10 grep -q ready "$work/$1-sink.log" || return 1
  start "$1-source" ip netns exec "${netns_of[$2]}" "$load" udp-send "${address_of[$3]}:$4" "$5" "$6" "$7"
}

# end_stream NAME   waits for its end and prints what became of it, as one line of JSON
end_stream() {
  wait_for 60 grep -q received "$work/$1-sink.log"
  jq -cs 'add' <(grep -h '^{' "$work/$1-source.log" "$work/$1-sink.log")
  stop "$1-source"; stop "$1-sink"
}
