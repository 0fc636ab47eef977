# shellcheck shell=bash
# The networks of the lab: an internet with distances, two hubs in it, and sites behind gateways of every kind. Sourced by nat.sh.
#
#   [hub 11.0.1.2: coordinator, relay 900]──┐            ┌──[gateway 11.0.N.2]──[host 192.168.1.2]      most sites
#                                      [ internet ]──────┼──[carrier 11.0.N.2]──[gateway 100.64.N.2]──[host]
#   [hub2 11.0.2.2: relay 901]──────────────┘            └──[host 11.0.N.2]                             open
#
# Every packet that crosses the internet goes through a wire with delay and loss. Homes have the same private network, as homes do.

inet=mi-inet-$$ hub=mi-hub-$$ hub2=mi-hub2-$$
hub_ip=11.0.1.2 hub_ip_b=11.0.1.3 hub_ip6=2001:db8:1::2 hub_ip6_b=2001:db8:1::3 hub2_ip=11.0.2.2 hub2_ip6=2001:db8:2::2
next_net=11
sites=()
declare -A kind_of=() ns_of=() gate_of=() wan4_of=() wan6_of=() net_of=() tunnel_of=()

# The kinds, in the order of the matrix; two sites each.
all_kinds=(open fullcone addr port sym double cgnat lte blocked v6 portmap)

quiet_net() { inside "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0; }

# make_internet   the core, its wire (half of 20 ms for a site, nothing for hub, 15 ms for hub2), the hubs
make_internet() {
  new_netns "$inet" && quiet_net "$inet" || return 1
  ip -n "$inet" tuntap add dev wire-in mode tun && ip -n "$inet" tuntap add dev wire-out mode tun &&
    ip -n "$inet" link set wire-in up txqueuelen 5000 && ip -n "$inet" link set wire-out up txqueuelen 5000 || return 1
  local family
  for family in -4 -6; do
    ip "$family" -n "$inet" rule add pref 10 iif wire-out lookup main
    ip "$family" -n "$inet" rule add pref 20 lookup 100
    ip "$family" -n "$inet" route add default dev wire-in table 100
  done
  new_netns "$hub" && attach "$hub" eth0 1 46 && ip -n "$hub" addr add "$hub_ip_b/24" dev eth0 && ip -n "$hub" addr add "$hub_ip6_b/64" dev eth0 nodad preferred_lft 0 || return 1
  new_netns "$hub2" && attach "$hub2" eth0 2 46 || return 1
  { echo "11.0.1.0/24 0 0"; echo "2001:db8:1::/48 0 0"; echo "11.0.2.0/24 15 0"; echo "2001:db8:2::/48 15 0"; } >"$work/wire.rules"
}

start_wire() {
  start wire ip netns exec "$inet" "$probe" wire wire-in wire-out "$work/wire.rules"
  wait_for 20 grep -q ready "$work/wire.log"
}

# attach NS IFACE N FAMILIES   a namespace on the internet: 11.0.N.2/24 and 2001:db8:N::2/64
attach() {
  local ns=$1 iface=$2 n=$3
  join "$inet" "net$n" "$ns" "$iface" || return 1
  ip -n "$inet" addr add "11.0.$n.1/24" dev "net$n" && ip -n "$inet" addr add "2001:db8:$n::1/64" dev "net$n" nodad || return 1
  case $4 in *4*) ip -n "$ns" addr add "11.0.$n.2/24" dev "$iface" && ip -n "$ns" route add default via "11.0.$n.1" || return 1 ;; esac
  case $4 in *6*) ip -n "$ns" addr add "2001:db8:$n::2/64" dev "$iface" nodad && ip -n "$ns" -6 route add default via "2001:db8:$n::1" || return 1 ;; esac
}

# lan GATEWAY HOST NETWORK/24-PREFIX   the gateway is .1 and the host .2
lan() {
  join "$1" lan "$2" eth0 && ip -n "$1" addr add "$3.1/24" dev lan && ip -n "$2" addr add "$3.2/24" dev eth0 && ip -n "$2" route add default via "$3.1"
}

# make_site NAME KIND   everything of one site but the node
make_site() {
  local name=$1 kind=$2 n=$next_net host=mi-$1-$$ gate=mi-g-$1-$$ carrier=mi-c-$1-$$ delay=10 loss=0
  next_net=$((next_net + 1))
  new_netns "$host" && quiet_net "$host" || return 1
  sites+=("$name") kind_of[$name]=$kind ns_of[$name]=$host net_of[$name]=$n wan4_of[$name]=11.0.$n.2 wan6_of[$name]=- gate_of[$name]=$gate
  if [ "$kind" = open ]; then
    attach "$host" eth0 "$n" 46 && wan6_of[$name]=2001:db8:$n::2 gate_of[$name]=$host || return 1
  elif [ "$kind" = v6 ]; then
    new_netns "$gate" && quiet_net "$gate" && attach "$gate" wan "$n" 6 && join "$gate" lan "$host" eth0 || return 1
    ip -n "$gate" addr add "2001:db8:$n:1::1/64" dev lan nodad && ip -n "$host" addr add "2001:db8:$n:1::2/64" dev eth0 nodad &&
      ip -n "$host" -6 route add default via "2001:db8:$n:1::1" && ip -n "$inet" -6 route add "2001:db8:$n:1::/64" via "2001:db8:$n::2" || return 1
    wan4_of[$name]=- wan6_of[$name]=2001:db8:$n:1::2
    gateway "$gate" v6
  elif [ "$kind" = lte ]; then
    delay=40 loss=2
    new_netns "$gate" && quiet_net "$gate" && attach "$gate" wan "$n" 4 && lan "$gate" "$host" "100.72.$n" && gateway "$gate" port || return 1
  elif [ "$kind" = double ] || [ "$kind" = cgnat ]; then
    local between=192.168.0
    [ "$kind" = cgnat ] && between=100.64.$n
    new_netns "$carrier" && quiet_net "$carrier" && attach "$carrier" wan "$n" 4 && gateway "$carrier" port || return 1
    new_netns "$gate" && quiet_net "$gate" && join "$carrier" lan "$gate" wan && ip -n "$carrier" addr add "$between.1/24" dev lan &&
      ip -n "$gate" addr add "$between.2/24" dev wan && ip -n "$gate" route add default via "$between.1" || return 1
    lan "$gate" "$host" 192.168.1 && gateway "$gate" port || return 1
  else
    new_netns "$gate" && quiet_net "$gate" && attach "$gate" wan "$n" 4 && lan "$gate" "$host" 192.168.1 && gateway "$gate" "$kind" || return 1
    [ "$kind" != portmap ] || start_portmapper "$name" || return 1
  fi
  { echo "11.0.$n.0/24 $delay $loss"; echo "2001:db8:$n::/48 $delay $loss"; } >>"$work/wire.rules"
}

# gateway NS KIND [RULE]   the gateway's rules, all anew; RULE goes before the masquerading. What nobody inside asked for is dropped at
# the door and not answered: an answer, or an entry in the gateway's own table, would take the port away from the host behind it.
gateway() {
  local ns=$1 kind=$2 extra=${3:-} masquerade=masquerade learn='' let='' redirect='' block=''
  case $kind in
    sym | portmap) masquerade='masquerade fully-random' ;;
    blocked) block='meta l4proto udp drop' ;;
    fullcone)
      learn='oifname "wan" meta l4proto udp update @open { udp sport timeout 120s }'
      redirect='iifname "wan" udp dport @open dnat ip to 192.168.1.2' ;;
    addr)
      learn='oifname "wan" meta l4proto udp update @spoken { ip daddr . udp sport timeout 120s }'
      redirect='iifname "wan" ip saddr . udp dport @spoken dnat ip to 192.168.1.2' ;;
  esac
  inside "$ns" nft -f - <<NFT
table inet gateway
delete table inet gateway
table inet gateway {
  set open { type inet_service; flags dynamic, timeout; }
  set spoken { type ipv4_addr . inet_service; flags dynamic, timeout; }
  chain prerouting { type nat hook prerouting priority dstnat; $redirect; }
  chain postrouting { type nat hook postrouting priority srcnat; $extra; oifname "wan" meta nfproto ipv4 $masquerade; }
  chain input { type filter hook input priority filter; iifname "wan" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; iifname "wan" ct state new,invalid drop; }
  chain forward { type filter hook forward priority filter; $block; $learn; iifname "wan" ct status dnat accept; iifname "wan" ct state new,invalid drop; }
}
NFT
}

# write_sites   what the probe has to know
write_sites() {
  local s
  for s in "${sites[@]}"; do echo "$s ${ns_of[$s]} ${wan4_of[$s]} ${wan6_of[$s]} ${tunnel_of[$s]:--}"; done >"$work/sites"
}

# named NS COMMAND...   in the namespace, where the lab's names are known. A program of its own, so that `start` remembers the right process.
named() { "$work/named" "$@"; }
write_hosts() {
  { echo "127.0.0.1 localhost"; echo "$hub_ip control.lab relay1.lab"; echo "$hub_ip6 control.lab relay1.lab"
    echo "$hub2_ip relay2.lab"; echo "$hub2_ip6 relay2.lab"; } >"$work/hosts"
  cat >"$work/named" <<SH
#!/bin/sh
ns=\$1; shift
exec ip netns exec "\$ns" sh -c 'mount --bind "$work/hosts" /etc/hosts && exec "\$@"' sh "\$@"
SH
  chmod +x "$work/named"
}

# Whatever still runs in the lab's namespaces at the end was started in them by this script.
end_all() {
  local ns
  exec 2>/dev/null # the shell would tell of each
  for ns in "${namespaces[@]}"; do ip netns pids "$ns" 2>/dev/null | xargs -r kill -9 2>/dev/null; done
}
cleanups+=(end_all)
