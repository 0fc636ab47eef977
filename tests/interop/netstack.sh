#!/usr/bin/env bash
# MeshIoT.NetStack against the Linux kernel's TCP/IP, over a TUN interface.
#
#   network namespace meshiot-netstack-PID
#   ┌──────────────────────────────────────────────────────────────────────────────┐
#   │ kernel                                 │ one process                         │
#   │  curl, ping, bash /dev/udp ── TUN ─────┼─ stack: HTTP :80, UDP echo :7        │
#   │  10.77.0.1   (1280 bytes)              │ 10.77.0.2                            │
#   │  fd77::1                               │ fd77::2                              │
#   │  iperf3 -c 10.77.0.2 ───────── TUN ────┼─ :5201 ─┐                            │
#   │  iperf3 -s 127.0.0.1:5201 ─────────────┼─────────┘ (the process as proxy)     │
#   │  iperf3 -c 127.0.0.1 -p 5203 ──────────┼─ connects out ─┐                     │
#   │  iperf3 -s 10.77.0.1:5202 ──── TUN ────┼────────────────┘                     │
#   └──────────────────────────────────────────────────────────────────────────────┘
#
# Loss is made inside the process (a share of packets, both directions): the netem queue discipline is not in every kernel.
# Needs root and /dev/net/tun. Takes about 40 s after the build.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/interop/lib.sh
source "$here/lib.sh"

need_root_and_tun netstack
need_pkg ip=iproute2 ping=iputils-ping curl=curl iperf3=iperf3 || skip_all netstack "a tool is missing and cannot be installed"
command -v dotnet >/dev/null || skip_all netstack "there is no dotnet"

program=$here/MeshIoT.Interop.NetStack
if ! dotnet build "$program" -c Release -v q --nologo >"$work/build.log" 2>&1; then
  grep -m 5 error "$work/build.log"
  give_up netstack-build "the test program does not build"
fi
dll=$program/bin/Release/net10.0/MeshIoT.Interop.NetStack.dll

ns=meshiot-netstack-$$ tun=tst0
kernel4=10.77.0.1 stack4=10.77.0.2 kernel6=fd77::1 stack6=fd77::2
seconds=3
head -c 20000000 /dev/urandom >"$work/file"
new_netns "$ns" || skip_all netstack "no network namespaces here"

start stack ip netns exec "$ns" dotnet "$dll" "$tun" "$stack4" "$stack6" "$kernel4" "$kernel6" "$work/file"
wait_for 15 grep -q ready "$work/stack.log" || { cat "$work/stack.log"; give_up netstack-start "the test program did not come up"; }
ip -n "$ns" addr add "$kernel4/24" dev "$tun"
ip -n "$ns" addr add "$kernel6/64" dev "$tun" nodad
ip -n "$ns" link set "$tun" up

loss() { inside "$ns" curl -sS -m 20 -X POST "http://$stack4/loss/$1"; }

# udp_echo ADDRESS SIZE   one datagram there and back, by bash's own UDP
udp_echo() {
  inside "$ns" timeout 5 bash -c '
    text=$(head -c "$2" /dev/zero | tr "\0" x)
    exec 3<>"/dev/udp/$1/7" || exit 1
    printf %s "$text" >&3
    answer=$(timeout 2 dd bs=2000 count=1 status=none <&3)
    [ "$answer" = "$text" ]' _ "$1" "$2"
}

# A closed port says so at once: the second write meets the ICMP error the first one caused.
udp_closed() {
  inside "$ns" timeout 5 bash -c 'exec 3<>"/dev/udp/$1/9" || exit 1; printf x >&3; sleep 0.3; printf x 2>&1 >&3 | grep -qi refused' _ "$1"
}

tcp_closed() { inside "$ns" curl -sS -m 5 "http://$1:81/" >/dev/null 2>&1; [ $? -eq 7 ]; }

download() { inside "$ns" curl -sS -g -m 30 -o "$work/got" -w '%{speed_download}' "http://$1/file" >"$work/speed" && cmp "$work/file" "$work/got"; }

upload() {
  local hash
  hash=$(inside "$ns" curl -sS -g -m 30 -H 'Expect:' --data-binary "@$work/file" -w '\n%{speed_upload}' "http://$1/upload") || return 1
  tail -n 1 <<<"$hash" >"$work/speed"
  [ "$(head -n 1 <<<"$hash")" = "$(sha256sum "$work/file" | cut -d' ' -f1)" ]
}

speed() { info "$1: $(awk '{printf "%.1f MB/s", $1 / 1e6}' "$work/speed")"; }

# iperf NAME ARGUMENTS...   finishes, with its figure
iperf() {
  local name=$1
  shift
  if inside "$ns" timeout $((seconds + 17)) iperf3 -J -t "$seconds" "$@" >"$work/iperf.json" 2>&1; then
    ok "$name"
    awk -v n="$name" '/"sum_received"/ {seen = 1} seen && /"bits_per_second"/ {gsub(/[^0-9.e+]/, "", $2); printf "   %s: %.0f Mbit/s\n", n, $2 / 1e6; exit}' "$work/iperf.json"
  else
    fail "$name" "iperf3 did not finish: $(grep -m 1 '"error"' "$work/iperf.json")"
  fi
}

# --- what works without TCP ---
check ping4 "no answer" inside "$ns" ping -n -q -c 5 -i 0.05 -W 2 "$stack4"
check ping6 "no answer" inside "$ns" ping -6 -n -q -c 5 -i 0.05 -W 2 "$stack6"
check ping-full-packet "no answer" inside "$ns" ping -n -q -c 3 -i 0.05 -W 2 -s 1252 "$stack4"
check ping-from-the-stack-4 "the kernel's answers did not reach the stack" wait_for 4 grep -q 'answers IPv4' "$work/stack.log"
check ping-from-the-stack-6 "the kernel's answers did not reach the stack" wait_for 4 grep -q 'answers IPv6' "$work/stack.log"
check udp-echo4 "no answer" udp_echo "$stack4" 5
check udp-echo6 "no answer" udp_echo "$stack6" 1200
check udp-closed-port4 "no ICMP port unreachable" udp_closed "$stack4"
check udp-closed-port6 "no ICMPv6 port unreachable" udp_closed "$stack6"
check tcp-closed-port "not refused at once" tcp_closed "$stack4"

# --- TCP on a clean wire ---
check http-download4 "differs" download "$stack4" && speed "curl download"
check http-download6 "differs" download "[$stack6]"
check http-upload4 "the stack saw other bytes" upload "$stack4" && speed "curl upload"
check http-upload6 "the stack saw other bytes" upload "[$stack6]"
start iperf-behind ip netns exec "$ns" iperf3 -s -B 127.0.0.1 -p 5201
start iperf-kernel ip netns exec "$ns" iperf3 -s -B "$kernel4" -p 5202
sleep 0.3
iperf iperf-to-the-stack -c "$stack4"
iperf iperf-from-the-stack -c "$stack4" -R
iperf iperf-connect-out -c 127.0.0.1 -p 5203
iperf iperf-connect-out-reverse -c 127.0.0.1 -p 5203 -R

# --- the same with one packet in a hundred lost each way ---
loss 1 >/dev/null
check http-download-loss "differs" download "$stack4" && speed "curl download, 1% loss"
check http-upload-loss "the stack saw other bytes" upload "$stack4" && speed "curl upload, 1% loss"
iperf iperf-to-the-stack-loss -c "$stack4"
iperf iperf-from-the-stack-loss -c "$stack4" -R
counters=$(loss 0)
info "counters: $counters"

# --- nothing stays behind ---
# Each question is a connection itself, so it is asked once, when TIME-WAIT (2 s in this program) is over for all others.
sleep 3
check connections-end "sockets are left after TIME-WAIT" inside "$ns" sh -c "curl -sS -m 5 http://$stack4/counters | grep 'sockets 1 '"
check stack-alive "the test program ended" kill -0 "${process_of[stack]}"
finish
