# shellcheck shell=bash
# The other side of kernel-wireguard.sh and wireguard-speed.sh; source it after lib.sh, guest.sh and ours.sh. $peer_kind says what it is:
#   guest   the kernel of a Debian machine that qemu emulates         here    this machine's own kernel, where it has WireGuard
#   go      wireguard-go ($wireguard_go), in namespace $B
# On its side of the cable it is 10.9.1.2 and fd09::2, inside the tunnel 10.77.0.2 and fd77::2.

# make_lab KIND   namespaces, cable, addresses, their interface; says why it cannot. Not in a subshell: it starts processes.
make_lab() {
  peer_kind=$1 A=mi-wgl-$$-$1-a B=mi-wgl-$$-$1-b their_cable=vb cable=va WGP=wgp$$
  new_netns "$A" 2>/dev/null || { echo "no network namespaces here"; return 1; }
  if [ "$peer_kind" = guest ]; then
    cable=tk their_cable=eth0
    boot_guest "$A" || return 1
  else
    new_netns "$B" && join "$A" va "$B" vb || { echo "no cable between namespaces"; return 1; }
  fi
  ip -n "$A" address add 10.9.1.1/24 dev "$cable"
  ip -n "$A" address add fd09::1/64 dev "$cable" nodad
  watch_cable 2>/dev/null || { echo "nftables does not count here"; return 1; }
  case $peer_kind in
    guest) theirs "echo '$(<"$work/theirs.key")' >/tmp/key; echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad" && their_key=/tmp/key ;;
    *) their_key=$work/theirs.key ;;
  esac
  theirs "ip address add 10.9.1.2/24 dev $their_cable && ip address add fd09::2/64 dev $their_cable nodad" 2>/dev/null ||
    theirs "ip address add fd09::2/64 dev $their_cable"
  their_interface
}

# their_interface   made anew; says why it cannot be
their_interface() {
  if [ "$peer_kind" = go ]; then
    stop theirs
    start theirs ip netns exec "$B" env LOG_LEVEL=error "$wireguard_go" -f "$WGP"
    wait_for 10 wg show "$WGP" || { echo "wireguard-go did not start: $(tail -n 1 "$work/theirs.log")"; return 1; }
  else
    theirs "ip link delete $WGP" >/dev/null 2>&1
    theirs "ip link add $WGP type wireguard" || { echo "no WireGuard interface"; return 1; }
  fi
  theirs "wg set $WGP listen-port 51820 private-key $their_key && ip address add 10.77.0.2/32 dev $WGP && ip address add fd77::2/128 dev $WGP" || return 1
  their_mtu 1420
}

# theirs COMMAND   on their side
theirs() { if [ "$peer_kind" = guest ]; then guest "$1"; else inside "$B" sh -c "$1"; fi; }

their_mtu() { theirs "ip link set $WGP mtu $1 up && ip route replace 10.77.0.1/32 dev $WGP && ip -6 route replace fd77::1/128 dev $WGP"; }

# they_know ENDPOINT|-   forget the session and everything else about us first
they_know() {
  theirs "wg set $WGP peer '$(<"$work/ours.pub")' remove"
  theirs "wg set $WGP peer '$(<"$work/ours.pub")' allowed-ips 10.77.0.1/32,fd77::1/128 $([ "$1" = - ] || echo "endpoint $1")"
}

their_handshake_at() { theirs "wg show $WGP latest-handshakes" | cut -f 2; }

ping_from_them() { theirs "ping -q -c ${2:-1} -W ${3:-5} $1"; }   # ADDRESS COUNT WAIT

# Built-in functions only: the guest has no modules. sockaddr_in6 of "any", port 5003, takes IPv4 as well; 33 is SO_RCVBUFFORCE.
perl_echo='socket S, 10, 2, 17 or die; setsockopt S, 1, 33, pack("i", 4 << 20); bind S, pack("SnNa16L", 10, 5003, 0, "", 0) or die $!;
  while (defined(my $from = recv S, my $b, 65536, 0)) { send S, $b, 0, $from }'

# they_serve MEGABYTES   what comes at port 5001 is hashed, and the hash sent back; at port 5002 they send so many random bytes ($their_hash); UDP at
# port 5003 comes back
they_serve() {
  if [ "$peer_kind" = guest ]; then
    theirs "dd if=/dev/urandom of=/tmp/data bs=1M count=$1 2>/dev/null; (nc -ll -p 5001 -e sha256sum &); (nc -ll -p 5002 -e cat /tmp/data &)"
    theirs "(perl -e '${perl_echo//$'\n'/ }' &)"
    their_hash=$(theirs "sha256sum </tmp/data")
  else
    head -c $(($1 << 20)) /dev/urandom >"$work/data"
    start sink inside "$B" busybox nc -ll -p 5001 -e sha256sum
    start source inside "$B" busybox nc -ll -p 5002 -e cat "$work/data"
    start echo ip netns exec "$B" perl -e "$perl_echo"
    their_hash=$(sha256sum <"$work/data")
  fi
}
