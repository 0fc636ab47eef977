#!/usr/bin/env bash
# The node's packet engine, with its real tunnel interface and offloads, at full speed against Debian's wireguard-go: handshakes by either side, TCP
# both ways with 200 MB each, IPv6 inside and outside, MTU 1280 and 1420, new keys and roaming in the middle of transfers. That packets travelled in
# large ones is counted outside of the engine, at the interfaces.
#
#   +- namespace A ----------------+              +- namespace B ----------------+
#   |  MeshIoT's engine    wga     |   encrypted  |  wireguard-go   wgpNNN       |
#   |            10.77.0.1 fd77::1 | ............ |  10.77.0.2 fd77::2           |
#   |  10.9.1.1  fd09::1    va  ===|==== veth ====|===  vb   10.9.1.2 fd09::2    |
#   +------------------------------+              +------------------------------+
#
# Usage: bash tests/interop/wireguard-speed.sh [--full] [--wireguard-go PATH]   root and /dev/net/tun, else one skip line.
#   --full  every combination of MTU and family, a cable without offloads, our side with each offload off, and real changes of keys after 120 s: nine
#           minutes
set -u
cd "$(dirname "$0")/../.." || exit 1
full=0 wireguard_go=
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=1; shift ;;
    --wireguard-go) [ -x "${2:-}" ] || { echo "wireguard-speed.sh: --wireguard-go wants a program" >&2; exit 2; }; wireguard_go=$2; shift 2 ;;
    -h | --help) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "wireguard-speed.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
done
. tests/interop/lib.sh
for part in guest ours theirs transfer checks large; do . "tests/interop/wireguard/$part.sh"; done

need_root_and_tun wireguard-speed
need_pkg wg=wireguard-tools ip=iproute2 ping=iputils-ping perl=perl-base nft=nftables busybox=busybox-static ethtool=ethtool >"$work/said" ||
  skip_all wireguard-speed "$(tail -n 1 "$work/said")"
[ -n "$wireguard_go" ] || { need_pkg wireguard-go=wireguard-go >"$work/said" || skip_all wireguard-speed "$(tail -n 1 "$work/said")"; wireguard_go=$(command -v wireguard-go); }
need_engine wireguard-speed
megabytes=200
make_payload $megabytes
make_lab go >"$work/said" || skip_all wireguard-speed "$(tail -n 1 "$work/said")"
info "$("$wireguard_go" --version 2>&1 | head -n 1)"

# cable_offloads on|off   UDP segmentation on the way out, joining on the way in. A veth joins only what comes from one that claims no TCP
# segmentation, which nobody needs here; and it is asked for each packet at once, where a card gathers some first: hence the time to wait.
cable_offloads() {
  local wait=0
  [ "$1" = off ] || wait=50000
  inside "$A" ethtool -K va tx-udp-segmentation "$1" gro "$1" tso off && inside "$B" ethtool -K vb tx-udp-segmentation "$1" gro "$1" tso off &&
    inside "$A" sh -c "echo $wait >/sys/class/net/va/gro_flush_timeout" && inside "$B" sh -c "echo $wait >/sys/class/net/vb/gro_flush_timeout"
}

# Data of each way alone, or its counts would be watered by the acknowledgements of the other.
judge_large() {
  remember_sizes
  send_to 10.77.0.2 0 >"$work/sent.hash" 2>"$work/sent.log"
  check "$megabytes MB out, hash equal" "$(tail -n 1 "$work/sent.log")" arrived "$our_hash" "$work/sent.hash"
  larger "the kernel hands over super-packets: bytes each" 4000 from_host_size
  larger "datagrams leave in groups: bytes each" 4000 out_size
  remember_sizes
  fetch_from 10.77.0.2 0 >"$work/fetched.hash" 2>"$work/fetched.log"
  check "$megabytes MB in, hash equal" "$(tail -n 1 "$work/fetched.log")" arrived "$their_hash" "$work/fetched.hash"
  larger "the kernel is handed super-packets: bytes each" 4000 to_host_size
  larger "datagrams arrive joined: bytes each" 4000 in_size
}

they_serve $megabytes
check "the cable has offloads" "it has not" cable_offloads on
judge_handshakes
judge_large
judge_groups
judge_keepalives
judge_rekeys 25000000
judge_roaming 60000000
if [ $full = 1 ]; then
  for offloads in on off; do
    check "the cable's offloads are $offloads" "ethtool refuses" cable_offloads $offloads
    judge_settings
  done
  judge_passive_keepalive
  judge_rekeys 20000000 again
  judge_real_rekeys 1300000
else
  meet 1280 IPv6
  judge_transfers 1280 IPv6 six
fi
judge_end
finish
