# shellcheck shell=bash
# A gateway that opens ports when it is asked: Debian's miniupnpd, which speaks UPnP, NAT-PMP and PCP. Sourced by nat.sh.

# start_portmapper SITE   on the site's gateway; the kind is portmap only while it runs
start_portmapper() {
  local ns=${gate_of[$1]} conf=$work/upnp-$1.conf
  inside "$ns" nft -f - <<'NFT'
table inet upnp {
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
  chain forward { type filter hook forward priority -1; jump miniupnpd; }
  chain prerouting { type nat hook prerouting priority -101; jump prerouting_miniupnpd; }
  chain postrouting { type nat hook postrouting priority 99; jump postrouting_miniupnpd; }
}
NFT
  cat >"$conf" <<CONF
ext_ifname=wan
listening_ip=lan
http_port=5000
enable_natpmp=yes
enable_upnp=yes
secure_mode=yes
system_uptime=yes
upnp_table_name=upnp
upnp_nat_table_name=upnp
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
lease_file=$work/upnp-$1.leases
uuid=3d2b6d2c-0000-4000-8000-0000000000$(printf %02x "${net_of[$1]}")
allow 1024-65535 192.168.1.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
CONF
  start "upnp-$1" ip netns exec "$ns" "$miniupnpd" -d -f "$conf" -P "$work/upnp-$1.pid"
  wait_for 10 inside "$ns" sh -c 'grep -q ":14E7 " /proc/net/udp'
}
