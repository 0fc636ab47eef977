#!/usr/bin/env bash
# What a person sees of paths: ping, status, netcheck and debug path, while the network between two nodes lets UDP through or not.
#
#     [ a: laptop 10.81.1.2 ]---[ mid: coordinator, relay, STUN 10.81.0.1; a firewall between a and b ]---[ b: greenhouse 10.81.2.2 ]
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
need_root_and_tun paths
need_pkg ip=iproute2 nft=nftables jq=jq || skip_all paths "packages are missing"
need_programs paths

mid=mi-p$$-mid a=mi-p$$-a b=mi-p$$-b url=http://10.81.0.1:8080
new_netns "$mid" && new_netns "$a" && new_netns "$b" || give_up "namespaces" "they cannot be made"
join "$mid" to-a "$a" up0 && join "$mid" to-b "$b" up0 || give_up "cables" "they cannot be made"
ip -n "$mid" addr add 10.81.0.1/32 dev lo
ip -n "$mid" addr add 10.81.1.1/24 dev to-a; ip -n "$mid" addr add 10.81.2.1/24 dev to-b
ip -n "$a" addr add 10.81.1.2/24 dev up0; ip -n "$a" route add default via 10.81.1.1
ip -n "$b" addr add 10.81.2.2/24 dev up0; ip -n "$b" route add default via 10.81.2.1
inside "$mid" sysctl -qw net.ipv4.ip_forward=1
inside "$mid" nft -f - <<'NFT' || skip_all paths "nft does not work here"
table ip paths {
  chain forward { type filter hook forward priority 0; policy accept; }
  chain input { type filter hook input priority 0; policy accept; }
}
NFT
# between RULE   what happens to packets between the two; to_mid RULE   what happens to packets for the relay
between() { inside "$mid" nft flush chain ip paths forward; [ -z "$1" ] || inside "$mid" nft add rule ip paths forward "$1"; }
to_mid() { inside "$mid" nft flush chain ip paths input; [ -z "$1" ] || inside "$mid" nft add rule ip paths input "$1"; }

between "meta l4proto udp drop"
start coordinator ip netns exec "$mid" "$coordinator" serve --listen 10.81.0.1:8080 --state "$work/coordinator" --socket "$work/coordinator.sock" --relay-code mesh
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
node() { # NAME NAMESPACE
  start "$1" ip netns exec "$2" "$meshiotd" --tun userspace --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock"
  wait_for 20 test -S "$work/$1.sock" && new_key >"$work/$1.key" &&
    check "$1 joins" "it does not" agent "$1" up --login-server "$url" --claim "file:$work/$1.key" --timeout 30
}
node greenhouse "$b"; node laptop "$a"

# says EXIT TEXT COMMAND...   the command ends with EXIT and its output, both streams, holds TEXT
says() {
  local want=$1 text=$2 out
  shift 2
  out=$("$@" 2>&1)
  local got=$?
  printf '%s\n' "$out"
  [ $got = "$want" ] && [[ $out == *"$text"* ]]
}
status() { agent laptop status --json; }
path() { agent laptop debug path greenhouse --json; }
home_is_mesh() { [ "$(agent "$1" status --json | jq -r .network.homeRelay.code)" = mesh ]; }

info "UDP is blocked between the two"
check "both have the coordinator's relay as home" "not within 20 s" wait_for 20 eval 'home_is_mesh laptop && home_is_mesh greenhouse'
check "the first ping comes back by the relay" "it does not" says 1 "via DERP(mesh)" agent laptop ping -c 2 greenhouse
check "that it is no direct path is told with exit code 1" "it is not" says 1 "direct-not-established" agent laptop ping -c 1 greenhouse
check "whoever is content with the relay gets exit code 0" "not so" says 0 "via DERP(mesh)" agent laptop ping -c 1 --until-direct=false greenhouse
check "the tunnel works" "it does not" says 0 "via DERP(mesh)" agent laptop ping --tsmp greenhouse
check "ping --json names the relay" "it does not" eval '[ "$(agent laptop ping -c 1 --until-direct=false --json greenhouse | jq -r .relay)" = mesh ]'
check "status names the relay" "it does not" says 0 'active; relay "mesh"' agent laptop status
check "debug path gives the relay as reason" "$(path | jq -c '[.path, .reason]')" eval '[ "$(path | jq -r .reason)" = relay ]'
check "debug path lists greenhouse's address as tried in vain" "it does not" eval 'path | jq -e ".candidates[] | select(.endpoint | startswith(\"10.81.2.2:\")) | .verdict == \"silent\" or .verdict == \"untried\""'

info "UDP passes"
between ""
check "a ping ends when the path is direct" "it does not" says 0 "via 10.81.2.2:" agent laptop ping --timeout 2s -c 20 greenhouse
check "status shows the direct path" "$(agent laptop status)" wait_for 10 says 0 "active; direct 10.81.2.2:" agent laptop status
check "debug path marks the endpoint in use" "it does not" says 0 "* 10.81.2.2:" agent laptop debug path greenhouse
check "debug path says why" "it does not" eval 'agent laptop ping greenhouse >/dev/null; [[ $(path | jq -r .reason) =~ ^(only|points|kept)$ ]]'

info "netcheck"
check "UDP gets through, and the nearest relay is mesh" "it does not" says 0 "Nearest relay: mesh" agent laptop netcheck
check "it is how the relay sees this node" "it is not" eval '[ "$(agent laptop netcheck --json | jq -r ".globalV4[0] | split(\":\")[0]")" = 10.81.1.2 ]'
to_mid "ip saddr 10.81.1.2 meta l4proto udp drop"
between "meta l4proto udp drop"
check "with all UDP blocked it measures by HTTPS" "it does not" says 0 "by HTTPS" agent laptop netcheck
check "and a warning shows in status" "it does not" wait_for 30 says 0 "udp-blocked" agent laptop status
check "traffic goes on by the relay" "it does not" wait_for 30 says 0 "via DERP(mesh)" agent laptop ping --tsmp -c 1 greenhouse

info "mistakes"
check "an unknown node is exit code 10" "it is not" says 10 "no-such-node" agent laptop ping mars
check "paths lead to others" "not so" says 2 "node-is-self" agent laptop debug path laptop
check "no agent is exit code 8" "it is not" says 8 "agent-not-running" "$meshiot" netcheck --socket "$work/nobody.sock"
stop greenhouse
check "no answer at all is exit code 3" "it is not" says 3 "no reply" agent laptop ping -c 1 --timeout 1s greenhouse
finish
