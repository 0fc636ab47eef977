# shellcheck shell=bash
# Whether packets really travel in large ones, seen from outside: what an interface counts as one packet is as long as dozens, and the sockets' count
# of datagrams is smaller than the cable's. Source it after ours.sh.

# sizes   bytes and packets so far: to the host and from it at the tunnel, out of and into the cable, and datagrams that sockets took
sizes() {
  local tun wire
  tun=$(link_counts wga) wire=$(link_counts "$cable")
  read -r to_host_bytes to_host_packets from_host_bytes from_host_packets <<<"$tun"
  read -r in_bytes in_packets out_bytes out_packets <<<"$wire"
  datagrams=$(inside "$A" sh -c 'cat /proc/net/snmp /proc/net/snmp6' | awk '/^Udp: [0-9]/ {n += $2} /^Udp6InDatagrams/ {n += $2} END {print n}')
}

link_counts() { ip -n "$A" -s link show dev "$1" | awk '/RX:/ {getline; print $1, $2} /TX:/ {getline; print $1, $2}' | paste -sd ' '; }

# remember_sizes   for the differences that follow
remember_sizes() {
  sizes
  before=("$to_host_bytes" "$to_host_packets" "$from_host_bytes" "$from_host_packets" "$out_bytes" "$out_packets" "$in_bytes" "$datagrams")
}

# what changed since, per packet
to_host_size() { sizes; echo $(((to_host_bytes - before[0]) / (to_host_packets - before[1] + 1))); }
from_host_size() { sizes; echo $(((from_host_bytes - before[2]) / (from_host_packets - before[3] + 1))); }
out_size() { sizes; echo $(((out_bytes - before[4]) / (out_packets - before[5] + 1))); }
in_size() { sizes; echo $(((in_bytes - before[6]) / (datagrams - before[7] + 1))); }

# larger NAME LEAST MEASURE
larger() {
  local n
  n=$("$3")
  if [ "$n" -ge "$2" ]; then ok "$1 ($n)"; else fail "$1" "$n, less than $2"; fi
}
