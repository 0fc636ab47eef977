#!/usr/bin/env bash
# Two gateways with a tunnel interface each, and a coordinator, in three network namespaces:
#
#     [ alpha ]---10.78.1.0/24---[ hub: coordinator ]---10.78.2.0/24---[ beta ]
#      meshiot0                     (routes, no NAT)                    meshiot0
#
# Every program of the machine then reaches the other side: ping, curl, iperf3 of the system, without knowing MeshIoT.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
need_root_and_tun kernel-tun
need_pkg ip=iproute2 ping=iputils-ping iperf3=iperf3 curl=curl jq=jq || skip_all kernel-tun "packages are missing"
need_programs kernel-tun

h=mi-hub-$$ a=mi-alpha-$$ b=mi-beta-$$
new_netns "$h" && new_netns "$a" && new_netns "$b" || give_up kernel-tun "namespaces cannot be made"
join "$h" to-alpha "$a" eth0
join "$h" to-beta "$b" eth0
ip -n "$h" addr add 10.78.1.1/24 dev to-alpha && ip -n "$h" addr add 10.78.2.1/24 dev to-beta
ip -n "$a" addr add 10.78.1.2/24 dev eth0 && ip -n "$a" route add default via 10.78.1.1
ip -n "$b" addr add 10.78.2.2/24 dev eth0 && ip -n "$b" route add default via 10.78.2.1
inside "$h" sysctl -qw net.ipv4.ip_forward=1

start coordinator ip netns exec "$h" "$coordinator" serve --listen 0.0.0.0:8080 --server-url http://10.78.1.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
run_gateway() { # NAME NAMESPACE
  start "$1" ip netns exec "$2" "$meshiotd" --tun kernel --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock" --sample-interval 1
  wait_for 20 test -S "$work/$1.sock"
}
run_gateway alpha "$a" && run_gateway beta "$b" || give_up "the gateways start" "$(tail -n 3 "$work"/alpha.log "$work"/beta.log)"
for name in alpha beta; do
  new_key | agent $name up --claim - --timeout 30 >"$work/up.log" 2>&1 || give_up "$name joins" "$(cat "$work/up.log"; tail -n 3 "$work/$name.log")"
done
ok "both gateways join"
at() { agent "$1" ip "$2"; }
alpha4=$(at alpha -4) beta4=$(at beta -4) beta6=$(at beta -6)
wait_for 15 sh -c "'$meshiot' status --socket '$work/alpha.sock' | grep -q beta"

check "the system's ping crosses the tunnel" "no reply" inside "$a" ping -c 3 -W 5 "$beta4"
check "IPv6 too" "no reply" inside "$a" ping -c 3 -W 5 "$beta6"
check "meshiot ping names the path" "no pong" sh -c "'$meshiot' ping beta --timeout 5s --socket '$work/alpha.sock' | grep 'via 10.78.2.2:41641'"
check "the system's curl reads the other gateway's sensors" "no answer" sh -c "ip netns exec '$a' curl -sf --max-time 10 'http://$beta4/api/v1/sensors' | grep host.cpu_load"
check "meshiot reads them by name" "no value" agent alpha sensor read beta/host.memory_used
check "routes to peers stand in table 52" "they do not" sh -c "ip -n '$a' route show table 52 | grep '$beta4'"
check "the address is on the interface" "it is not" sh -c "ip -n '$a' addr show dev meshiot0 | grep '$alpha4/32'"

start iperf ip netns exec "$b" iperf3 -s -B "$beta4"
sleep 0.5
for direction in "" -R; do
  mbit=$(inside "$a" iperf3 -c "$beta4" -n 100M -J $direction 2>/dev/null | tr -d '\n\t ' | sed -n 's/.*"sum_received":{[^}]*"bits_per_second":\([0-9]*\).*/\1/p')
  if [ "${mbit:-0}" -gt 0 ]; then ok "100 MB by TCP${direction:+, reverse} ($((mbit / 1000000)) Mbit/s)"; else fail "100 MB by TCP${direction:+, reverse}" "iperf3 gave no result"; fi
done
stop iperf

# systemd-networkd does this to rules and routes that it does not know.
for family in -4 -6; do for rule in 5210 5230 5250 5270; do ip $family -n "$a" rule del priority $rule; done; done
ip -n "$a" route flush table 52
rules_back() { [ "$(ip -n "$a" rule show | grep -cE '^52[0-9]0:')" = 4 ] && [ "$(ip -6 -n "$a" rule show | grep -cE '^52[0-9]0:')" = 4 ] && ip -n "$a" route show table 52 | grep -q "$beta4"; }
check "rules and routes that somebody removes are put back" "they are not" wait_for 10 rules_back
check "and packets flow again" "no reply" inside "$a" ping -c 1 -W 5 "$beta4"

# A peer's subnet may hold the coordinator and the relay. Whoever accepts that route must not look for them through the tunnel.
serve() { start coordinator ip netns exec "$h" "$coordinator" serve --listen 0.0.0.0:8080 --server-url http://10.78.1.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"; }
route_is() { ip -n "$a" route get 10.78.1.1 | grep -q "$1"; }
both_there() { agent alpha status --json | jq -e '.coordinatorConnected and .network.homeRelay.connected'; }
# connections TEST   alpha's TCP connections to the hub: the coordinator's and the relay's, each on a socket of its own
connections() { inside "$a" ss -Htn state established dst 10.78.1.1 | awk '{print $3}' | sort; }
check "alpha is connected to coordinator and relay" "$(agent alpha status --json | jq -c '[.coordinatorConnected, .network.homeRelay]')" wait_for 20 both_there
before=$(connections)
inside "$b" sysctl -qw net.ipv4.ip_forward=1
agent beta up --advertise-routes 10.78.1.0/24 --timeout 20 >"$work/up.log" 2>&1 && "$meshiot" route approve beta 10.78.1.0/24 --coordinator "$work/coordinator.sock" >"$work/up.log" 2>&1 &&
  agent alpha up --accept-routes --timeout 20 >"$work/up.log" 2>&1 || fail "beta's route is accepted" "$(tail -n 1 "$work/up.log")"
check "alpha's programs reach the hub through beta now" "$(ip -n "$a" route get 10.78.1.1)" wait_for 20 route_is meshiot0
check "its connections to coordinator and relay are the same as before" "before: $before, now: $(connections)" eval '[ "$(wc -l <<<"$before")" -ge 2 ] && [ "$before" = "$(connections)" ]'
stop coordinator
check "the coordinator is away" "it is not" wait_for 20 sh -c "! '$meshiot' status --json --socket '$work/alpha.sock' | jq -e .coordinatorConnected"
check "the route is still there" "it is not" route_is meshiot0
serve
check "both come back past the route" "$(agent alpha status --json | jq -c '[.coordinatorConnected, .network.homeRelay]')" wait_for 60 both_there
check "and packets flow" "no reply" inside "$a" ping -c 1 -W 5 "$beta4"
agent alpha up --accept-routes=false --timeout 20 >"$work/up.log" 2>&1 && check "a route that is accepted no more goes" "it does not" wait_for 20 route_is eth0

kill -9 "${process_of[coordinator]}"; wait "${process_of[coordinator]}" 2>/dev/null
check "with the coordinator killed the tunnel goes on" "no reply" inside "$a" ping -c 2 -W 3 "$beta4"
stop beta
run_gateway beta "$b"
sleep 1
[ -n "$(ip -n "$b" link show meshiot0 2>/dev/null)" ] || info "beta waits for its coordinator before it makes its interface"
start coordinator ip netns exec "$h" "$coordinator" serve --listen 0.0.0.0:8080 --server-url http://10.78.1.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock"
check "a gateway that restarted is reached again" "no reply within 60 s" wait_for 60 ip netns exec "$a" ping -c 1 -W 1 "$beta4"

stop alpha
left=$(ip -n "$a" link show meshiot0 2>/dev/null; ip -n "$a" rule show | grep -E '^52[0-9][0-9]:'; ip -n "$a" route show table 52 2>/dev/null)
if [ -z "$left" ]; then ok "a stopped gateway leaves no interface, rule or route"; else fail "a stopped gateway leaves nothing" "$left"; fi
finish
