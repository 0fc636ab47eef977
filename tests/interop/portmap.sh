#!/usr/bin/env bash
# A gateway behind a home router, Debian's miniupnpd, which speaks NAT-PMP, PCP and UPnP:
#
#     [ home: meshiotd ]---192.168.77.0/24---[ router: NAT, miniupnpd ]---45.66.77.0/24---[ hub: coordinator, meshiotd ]
#
# The router gives every connection another outside port and lets nobody in, so the outside reaches the gateway by a mapping alone.
# Each protocol is tried by itself: the router drops the datagrams of the others before its daemon sees them.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
need_root_and_tun portmap
need_pkg ip=iproute2 nft=nftables miniupnpd=miniupnpd-nftables || skip_all portmap "packages are missing"
need_programs portmap

home=mi-home-$$ router=mi-router-$$ hub=mi-hub-$$
router_in=192.168.77.1 router_out=45.66.77.1
new_netns "$home" && new_netns "$router" && new_netns "$hub" || give_up portmap "namespaces cannot be made"
join "$home" eth0 "$router" lan && join "$router" wan "$hub" eth0 || give_up portmap "cables cannot be made"
ip -n "$home" addr add 192.168.77.20/24 dev eth0 && ip -n "$home" route add default via $router_in
ip -n "$router" addr add $router_in/24 dev lan && ip -n "$router" addr add $router_out/24 dev wan
ip -n "$router" route add default via 45.66.77.9
ip -n "$hub" addr add 45.66.77.9/24 dev eth0
inside "$router" sysctl -qw net.ipv4.ip_forward=1

# The chains that miniupnpd fills, and a router that is closed otherwise.
inside "$router" nft -f - <<'RULES' || give_up portmap "nft does not take the router's rules"
table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan" accept
    jump miniupnpd
  }
  chain miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; policy accept; jump prerouting_miniupnpd; }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    jump postrouting_miniupnpd
    oifname "wan" masquerade fully-random
  }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
table inet only {
  chain input {
    type filter hook input priority -10; policy accept;
    iifname "wan" ct state new drop
    jump speak
  }
  chain speak { }
}
RULES

# speak PROTOCOL   the router hears that one alone. NAT-PMP and PCP share a port: their first byte, the version, tells them apart.
speak() {
  inside "$router" nft flush chain inet only speak
  case $1 in
    nat-pmp) inside "$router" nft -f - <<<'add rule inet only speak udp dport 5351 @th,64,8 != 0 drop; add rule inet only speak udp dport 1900 drop' ;;
    pcp) inside "$router" nft -f - <<<'add rule inet only speak udp dport 5351 @th,64,8 != 2 drop; add rule inet only speak udp dport 1900 drop' ;;
    upnp) inside "$router" nft -f - <<<'add rule inet only speak udp dport 5351 drop' ;;
    nothing) inside "$router" nft -f - <<<'add rule inet only speak udp dport { 5351, 1900 } drop' ;;
  esac
}

cat >"$work/miniupnpd.conf" <<EOF
ext_ifname=wan
listening_ip=lan
enable_natpmp=yes
enable_upnp=yes
secure_mode=yes
notify_interval=900
system_uptime=yes
uuid=5a7be8e7-33f7-4d8d-8f0c-11f4f6d3f6a0
allow 1024-65535 192.168.77.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
EOF
run_router() { start miniupnpd ip netns exec "$router" miniupnpd -d -f "$work/miniupnpd.conf" -P "$work/miniupnpd.pid"; }

# The mapping in the router's rules.
mapped() { inside "$router" nft list chain inet filter prerouting_miniupnpd | grep -q 'dport 41641 .*dnat .*192.168.77.20:41641'; }
unmapped() { ! mapped; }
# reached   the hub's node reaches the gateway at its outside endpoint, without a relay or a packet of the gateway before it
reached() { "$meshiot" ping home --timeout 8s --socket "$work/far.sock" | grep -q "via $router_out:41641"; }

start coordinator ip netns exec "$hub" "$coordinator" serve --listen 0.0.0.0:8080 --server-url http://45.66.77.9:8080 --state "$work/coordinator" --socket "$work/coordinator.sock" --no-relay
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
run_node() { # NAME NAMESPACE [OPTION...]
  local name=$1 ns=$2
  shift 2
  start "$name" ip netns exec "$ns" "$meshiotd" --tun kernel --hostname "$name" --state-dir "$work/$name" --socket "$work/$name.sock" "$@"
  wait_for 20 test -S "$work/$name.sock"
}
run_node far "$hub" && run_node home "$home" || give_up "the nodes start" "$(tail -n 3 "$work"/far.log "$work"/home.log)"
for name in far home; do
  new_key >"$work/key"
  agent $name up --login-server http://45.66.77.9:8080 --auth-key "file:$work/key" --timeout 30 >"$work/up.log" 2>&1 || give_up "$name joins" "$(cat "$work/up.log"; tail -n 3 "$work/$name.log")"
done

for protocol in nat-pmp pcp upnp; do
  speak $protocol
  run_router
  # A router that was not there at the start is found again after a minute; a node that starts finds it at once.
  stop home
  run_node home "$home" || give_up "the gateway starts" "$(tail -n 3 "$work/home.log")"
  t=$(now_ms)
  if wait_for 20 mapped; then ok "$protocol alone: the router opens the port ($(($(now_ms) - t)) ms)"; else
    fail "$protocol alone: the router opens the port" "no mapping; $(tail -n 2 "$work/home.log" "$work/miniupnpd.log")"; stop miniupnpd; continue
  fi
  check "$protocol alone: a node outside reaches the gateway by it" "it does not" wait_for 30 reached

  # The router's daemon is stopped and started, and its table is empty. It says so by SSDP, whatever it was asked by.
  stop miniupnpd
  inside "$router" nft flush chain inet filter prerouting_miniupnpd
  inside "$router" nft flush chain inet filter miniupnpd
  run_router
  t=$(now_ms)
  if wait_for 60 mapped; then ok "$protocol alone: after the router's restart the port is open again ($(($(now_ms) - t)) ms)"; else
    fail "$protocol alone: after the router's restart the port is open again" "it is not within 60 s"
  fi

  stop home
  check "$protocol alone: a gateway that stops gives the port back" "it stays open" wait_for 10 unmapped
  stop miniupnpd
done

speak nothing
run_router
run_node home "$home" || give_up "the gateway starts" "$(tail -n 3 "$work/home.log")"
sleep 4
check "a router that speaks none of them is no fault" "$(tail -n 1 "$work/home.log")" sh -c "! grep -q port-mapping '$work/home.log'"
stop home
stop miniupnpd

speak upnp
run_router
run_node home "$home" --port-mapping false || give_up "the gateway starts" "$(tail -n 3 "$work/home.log")"
sleep 5
check "a gateway that is told not to ask does not ask" "the port is open" unmapped
stop home
stop miniupnpd

# The provider's own NAT stands before the router: what it opens leads nowhere, and a person is told.
ip -n "$router" addr add 100.71.3.4/24 dev wan && ip -n "$router" addr del $router_out/24 dev wan
speak nat-pmp
run_router
run_node home "$home" || give_up "the gateway starts" "$(tail -n 3 "$work/home.log")"
told() { agent home status --json | grep -q '"port-mapping-'; }
check "a router that is behind another NAT itself is reported" "$(agent home status | tail -n 2)" wait_for 20 told
stop home
finish
