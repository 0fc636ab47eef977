#!/usr/bin/env bash
# The node's packet engine, with its real tunnel interface and offloads, against the WireGuard of the Linux kernel: handshakes by either side, TCP
# both ways, IPv6 inside and outside, MTU 1280 and 1420, new keys, keepalives and roaming in the middle of transfers. The kernel is Debian's, in a
# machine that qemu emulates (TCG), made by this script from Debian's packages; where this machine's own kernel has WireGuard, it is a judge too.
#
#   +- namespace A ----------------+                        +- the guest -----------+
#   |  MeshIoT's engine    wga     |        encrypted       |  wgpNNN               |
#   |            10.77.0.1 fd77::1 | ...................... |  10.77.0.2 fd77::2    |
#   |  10.9.1.1  fd09::1    tk  ===|==== tap, virtio-net ===|=== eth0  10.9.1.2 ... |
#   +------------------------------+                        +-----------------------+
#
# Usage: bash tests/interop/kernel-wireguard.sh [--full]   root and /dev/net/tun, else one skip line.
#   --full  every combination of MTU and family, our side with each offload off, and real changes of keys after 120 s by either side: eight minutes
set -u
cd "$(dirname "$0")/../.." || exit 1
full=0
case ${1:-} in
  --full) full=1 ;;
  '') ;;
  -h | --help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "kernel-wireguard.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
esac
. tests/interop/lib.sh
for part in guest ours theirs transfer checks large; do . "tests/interop/wireguard/$part.sh"; done

need_root_and_tun kernel-wireguard
said=$(need_pkg wg=wireguard-tools ip=iproute2 ping=iputils-ping perl=perl-base nft=nftables) || skip_all kernel-wireguard "$said"
need_engine kernel-wireguard
make_payload 16

judge() {   # WHAT
  info "$1"
  they_serve 16
  judge_handshakes
  remember_sizes
  judge_transfers 1420 IPv4
  larger "the kernel hands over super-packets: bytes each" 4000 from_host_size
  judge_groups
  judge_keepalives
  judge_rekeys 2000000
  judge_roaming 5000000
  if [ $full = 1 ]; then
    judge_settings
    judge_passive_keepalive
    judge_rekeys 1000000 again
    judge_real_rekeys 110000
  else
    meet 1280 IPv6
    judge_transfers 1280 IPv6
  fi
  judge_end
}

# This machine's own kernel, where it has WireGuard: faster, and newer mostly.
if ip link add "mi-probe$$" type wireguard 2>/dev/null; then
  ip link delete "mi-probe$$"
  if need_pkg busybox=busybox-static >"$work/said" && make_lab here >"$work/said"; then
    judge "this machine's kernel, $(uname -r)"
  else
    skip "this machine's kernel" "$(tail -n 1 "$work/said")"
  fi
fi

if need_pkg qemu-system-x86_64=qemu-system-x86 busybox=busybox-static cpio=cpio depmod=kmod >"$work/said" && fetch_kernel >"$work/said" &&
  build_guest >"$work/said" && make_lab guest >"$work/said"; then
  judge "Debian's kernel in a guest, $guest_kernel"
else
  skip "a kernel in a guest" "$(tail -n 1 "$work/said")"
fi
finish
