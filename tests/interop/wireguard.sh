#!/usr/bin/env bash
# Our WireGuard core on our Linux shell against Debian's wireguard-go, judged by wg(8), ping and the kernel's TCP.
#
#   +- namespace A ----------------+              +- namespace B ----------------+
#   |  MeshIoT        wga          |              |  wireguard-go   wgbNNN       |
#   |                 10.77.0.1    |   encrypted  |                 10.77.0.2    |
#   |                 fd77::1      | ............ |                 fd77::2      |
#   |  10.9.0.1       va  =========|==== veth ====|========  vb     10.9.0.2     |
#   |  10.9.0.4 after roaming      |              |  10.9.0.3 after roaming      |
#   |  10.9.0.101-104 the flood    |              |                              |
#   +------------------------------+              +------------------------------+
#
# Usage: bash tests/interop/wireguard.sh [--bench]     root and /dev/net/tun, else one skip line
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/interop/lib.sh

need_root_and_tun wireguard
said=$(need_pkg wireguard-go=wireguard-go wg=wireguard-tools ip=iproute2 ping=iputils-ping perl=perl-base iperf3=iperf3) ||
  skip_all wireguard "$said"
project=tests/interop/MeshIoT.Interop.WireGuard
program=$project/bin/${CONFIGURATION:=Release}/net10.0/meshiot-interop-wireguard.dll
dotnet build "$project" -c "$CONFIGURATION" -v q --nologo >"$work/build.log" 2>&1 ||
  give_up wireguard "the interop program does not build: $(grep -m 1 error "$work/build.log")"

A=meshiot-wg-$$-a B=meshiot-wg-$$-b WGB=wgb$$
{ new_netns "$A" && new_netns "$B" && join "$A" va "$B" vb; } 2>"$work/netns.log" ||
  skip_all wireguard "no network namespaces here: $(head -n 1 "$work/netns.log")"
ip -n "$A" address add 10.9.0.1/24 dev va
ip -n "$B" address add 10.9.0.2/24 dev vb
umask 077
for side in a b; do wg genkey >"$work/$side.key"; wg pubkey <"$work/$side.key" >"$work/$side.pub"; done
wg genpsk >"$work/right.psk"
wg genpsk >"$work/wrong.psk"
PUB_A=$(<"$work/a.pub") PUB_B=$(<"$work/b.pub")

# --- our side: commands go in through one pipe, JSON comes back through another ---

mkfifo "$work/ours.in" "$work/ours.out"
exec {to_ours}<>"$work/ours.in" {from_ours}<>"$work/ours.out"

ours() {   # ours PSK-FILE|- ENDPOINT|-
  stop ours
  {
    printf '[Interface]\nName = wga\nPrivateKey = %s\nListenPort = 51820\nAddress = 10.77.0.1, fd77::1\n' "$(<"$work/a.key")"
    printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.77.0.2/32, fd77::2/128\n' "$PUB_B"
    [ "$1" = - ] || printf 'PresharedKey = %s\n' "$(<"$work/$1.psk")"
    [ "$2" = - ] || printf 'Endpoint = %s\n' "$2"
  } >"$work/wga.conf"
  ip netns exec "$A" dotnet "$program" run "$work/wga.conf" \
    <"$work/ours.in" >"$work/ours.out" 2>"$work/ours.log" {to_ours}>&- {from_ours}>&- &
  process_of[ours]=$!
  local line=
  read -r -t 10 line <&"$from_ours"
  [ "$line" = '{"ready":true}' ] || give_up wireguard "our side did not start: $(tail -n 1 "$work/ours.log")"
}

tell() { echo "$1" >&"$to_ours"; read -r -t 5 answer <&"$from_ours" || answer={}; }

counter() { tell stats; number "$answer" "$1"; }

above() { [ "$(counter "$1")" -gt "$2" ]; }   # COUNTER BEFORE

# --- their side ---

wireguard_go() {   # NAME NAMESPACE INTERFACE SIDE PORT OWN-LAST-DIGIT PEER-LAST-DIGIT
  start "$1" env LOG_LEVEL=verbose ip netns exec "$2" wireguard-go -f "$3"
  wait_for 5 wg show "$3" || give_up wireguard "wireguard-go did not start: $(tail -n 1 "$work/$1.log")"
  wg set "$3" listen-port "$5" private-key "$work/$4.key"
  ip -n "$2" address add "10.77.0.$6/32" dev "$3"
  ip -n "$2" address add "fd77::$6/128" dev "$3" nodad
  ip -n "$2" link set "$3" mtu 1420 up
  ip -n "$2" route add "10.77.0.$7/32" dev "$3"
  ip -n "$2" route add "fd77::$7/128" dev "$3"
}

their_peer() {   # their_peer PSK-FILE|- ENDPOINT|-   forgets the session and everything else about us first
  wg set "$WGB" peer "$PUB_A" remove
  local more=()
  [ "$1" = - ] || more+=(preshared-key "$work/$1.psk")
  [ "$2" = - ] || more+=(endpoint "$2")
  wg set "$WGB" peer "$PUB_A" allowed-ips 10.77.0.1/32,fd77::1/128 "${more[@]}"
}

handshake_at() { wg show "$WGB" latest-handshakes | cut -f 2; }

# --- traffic ---

ping_from_us()   { inside "$A" ping -q -i 0.2 -c "${2:-3}" -W "${3:-2}" "$1"; }
ping_from_them() { inside "$B" ping -q -i 0.2 -c "${2:-3}" -W "${3:-2}" "$1"; }

receive='use IO::Socket::IP; my ($host, $file) = @ARGV; open my $out, ">", $file or die; binmode $out;
  my $l = IO::Socket::IP->new(LocalHost => $host, LocalPort => 5001, Listen => 1, ReuseAddr => 1) or die "listen: $@";
  my $c = $l->accept or die; my $b; while (my $n = sysread $c, $b, 262144) { print $out $b } close $out or die;'
send='use IO::Socket::IP; use Time::HiRes qw(time sleep); my ($host, $file, $rate) = @ARGV; open my $in, "<", $file or die; binmode $in;
  my $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => 5001, Timeout => 10) or die "connect: $@";
  my ($b, $sent, $start) = ("", 0, time);
  while (my $n = sysread $in, $b, 65536) {
    for (my $at = 0; $at < $n;) { my $w = syswrite $s, $b, $n - $at, $at; defined $w or die "send: $!"; $at += $w }
    $sent += $n; if ($rate) { my $ahead = $sent / $rate - (time - $start); sleep $ahead if $ahead > 0 } }
  shutdown $s, 1; sysread $s, $b, 1; '

listening() { inside "$1" ss -Hltn 'sport = :5001' | grep -q .; }

begin_transfer() {   # FROM TO ADDRESS BYTES-PER-SECOND (0: as fast as it goes)
  rm -f "$work/got"
  start receiver inside "$2" timeout 60 perl -e "$receive" "$3" "$work/got"
  wait_for 5 listening "$2" || return 1
  began=$(now_ms)
  start sender inside "$1" timeout 60 perl -e "$send" "$3" "$work/payload" "$4"
}

end_transfer() {   # all bytes arrived and are the same; sets $took (ms)
  local sent
  wait "${process_of[sender]}"
  sent=$?
  took=$(($(now_ms) - began))
  wait "${process_of[receiver]}"
  unset 'process_of[sender]' 'process_of[receiver]'
  [ $sent = 0 ] || { cat "$work/sender.log"; return 1; }
  [ "$(sha256sum <"$work/got")" = "$payload_hash" ]
}

transfer() {   # NAME FROM TO ADDRESS
  if begin_transfer "$2" "$3" "$4" 0 && end_transfer >"$work/transfer.said" 2>&1; then
    ok "$1"
    info "$payload_bytes bytes in $took ms, $((payload_bytes * 8 / took / 1000)) Mbit/s"
  else
    fail "$1" "$(tail -n 1 "$work/transfer.said") got $(stat -c %s "$work/got" 2>/dev/null || echo 0) of $payload_bytes bytes"
  fi
}

# --- figures: the plain path of both in the same lab, with the same kernel TCP and the same wireguard-go at the other end ---

rate() {   # FROM ADDRESS [-R]   Mbit/s that arrived
  inside "$1" iperf3 -J -t 4 -c "${@:2}" >"$work/iperf.json" &&
    grep -A 8 '"sum_received"' "$work/iperf.json" | sed -n 's/.*"bits_per_second":[^0-9]*\([0-9]*\).*/\1/p' | sed 's/......$//'
}

both_ways() { info "$1: $(rate "$A" 10.77.0.2) Mbit/s out, $(rate "$A" 10.77.0.2 -R) Mbit/s in"; }

bench_ours() {
  start iperf inside "$B" iperf3 -s
  wait_for 3 inside "$B" ss -Hltn 'sport = :5201'
  both_ways "MeshIoT against wireguard-go"
}

bench_theirs() {
  local WGA=wga$$
  wireguard_go baseline "$A" "$WGA" a 51820 1 2
  wg set "$WGA" peer "$PUB_B" preshared-key "$work/right.psk" allowed-ips 10.77.0.2/32,fd77::2/128 endpoint 10.9.0.3:51822
  ping_from_us 10.77.0.2 >/dev/null
  both_ways "wireguard-go against wireguard-go"
}

payload_bytes=104857600
head -c $payload_bytes /dev/urandom >"$work/payload"
payload_hash=$(sha256sum <"$work/payload")
started_at=$(now_ms)

# --- 1. we initiate: they do not even know where we are ---

wireguard_go theirs "$B" "$WGB" b 51821 2 1
their_peer - -
ours - 10.9.0.2:51821
check "handshake and ping, we initiate" "no answer from 10.77.0.2" ping_from_us 10.77.0.2
check "wg show has our handshake" "latest-handshakes is 0" test "$(handshake_at)" -gt 0
tell stats
check "we sent the initiation and accepted the response" "$answer" test "$(number "$answer" responsesAccepted)/$(number "$answer" responsesSent)" = 1/0
check "IPv6 inside, from us" "no answer from fd77::2" ping_from_us fd77::2
check "IPv6 inside, from them" "no answer from fd77::1" ping_from_them fd77::1
check "an inner packet of full size" "1420 bytes do not pass" inside "$A" ping -q -c 1 -W 2 -M do -s 1392 10.77.0.2

# --- 2. they initiate, with a preshared key: first a wrong one ---

ours right -
their_peer wrong 10.9.0.1:51820
if ping_from_them 10.77.0.1 1 1 >/dev/null; then
  fail "a wrong preshared key gives no session" "ping was answered"
else
  ok "a wrong preshared key gives no session"
fi
their_peer right 10.9.0.1:51820
check "handshake and ping with a preshared key, they initiate" "no answer from 10.77.0.1" ping_from_them 10.77.0.1
tell stats
check "we answered and initiated nothing" "$answer" test "$(number "$answer" initiationsSent)" = 0

# --- 3. 100 MB of TCP each way ---

transfer "TCP 100 MB from us, hash equal" "$A" "$B" 10.77.0.2
transfer "TCP 100 MB to us, hash equal" "$B" "$A" 10.77.0.1

# --- 4. new keys while a transfer runs, at 9 MB/s so that it lasts ---

accepted=$(counter responsesAccepted) answered=$(counter responsesSent)
if begin_transfer "$B" "$A" 10.77.0.1 9000000; then
  sleep 1
  tell handshake
  check "we force new keys under traffic" "no new handshake" wait_for 6 above responsesAccepted "$accepted"
  their_peer right 10.9.0.1:51820
  check "they lose their session under traffic and come back" "no new handshake" wait_for 6 above responsesSent "$answered"
  accepted=$(counter responsesAccepted)
  tell handshake
  check "we force new keys again" "no new handshake" wait_for 6 above responsesAccepted "$accepted"
  check "the transfer survives every new key, hash equal" "bytes lost" end_transfer
else
  fail "the transfer survives every new key, hash equal" "it did not start"
fi

# --- 5. roaming: the underlay address of one side, then of the other, changes; the session stays ---

handshakes() { tell stats; echo "$(number "$answer" responsesAccepted) $(number "$answer" responsesSent)"; }

move() { ip -n "$1" address delete "$3/24" dev "$2" && ip -n "$1" address add "$4/24" dev "$2"; }

# (This wireguard-go clings to the old source address when the kernel answers ENETUNREACH; a new port makes it let go.)
before=$(handshakes)
move "$B" vb 10.9.0.2 10.9.0.3
wg set "$WGB" listen-port 51822
check "they roam and reach us" "no answer from 10.77.0.1" ping_from_them 10.77.0.1 3 2
check "we follow them" "no answer from 10.77.0.2" ping_from_us 10.77.0.2
tell stats
check "our endpoint for them is the new one" "$answer" test "$(number "$answer" endpoint)" = '"10.9.0.3:51822"'
move "$A" va 10.9.0.1 10.9.0.4
check "we roam and reach them" "no answer from 10.77.0.2" ping_from_us 10.77.0.2
check "their endpoint for us is the new one" "$(wg show "$WGB" endpoints)" grep -q '10\.9\.0\.4:51820$' <(wg show "$WGB" endpoints)
check "roaming cost no handshake" "$before, then $(handshakes)" test "$before" = "$(handshakes)"

# --- 6. cookies ---

# (a) They are flooded with initiations and ask us for a cookie; our next initiation carries it and is served.
for i in 101 102 103 104; do ip -n "$A" address add 10.9.0.$i/24 dev va; done
cookies=$(counter cookieRepliesReceived) with_mac2=$(counter initiationsSentWithMac2) accepted=$(counter responsesAccepted)
# One processor for them, or on a big machine their workers would keep up with any flood we may decently make.
processors=$(taskset -cp $$ | sed 's/.*: //')
taskset -acp "${processors%%[,-]*}" "${process_of[theirs]}" >/dev/null
start flood inside "$A" dotnet "$program" flood 10.9.0.3:51822 "$PUB_B" 12 10.9.0.101 10.9.0.102 10.9.0.103 10.9.0.104
wait_for 5 grep -q 'cookie' "$work/theirs.log"
tell handshake
check "flooded, they send us a cookie reply and we take it" "none accepted" wait_for 6 above cookieRepliesReceived "$cookies"
check "our next initiation carries the cookie (mac2)" "no mac2 sent" wait_for 8 above initiationsSentWithMac2 "$with_mac2"
check "and they serve it under load" "no response" wait_for 6 above responsesAccepted "$accepted"
stop flood
taskset -acp "$processors" "${process_of[theirs]}" >/dev/null
check "traffic flows after the flood" "no answer from 10.77.0.2" ping_from_us 10.77.0.2

# (b) We are under load: they get a cookie reply first, and are served when they come back with it.
cookies=$(counter cookieRepliesSent) with_mac2=$(counter initiationsReceivedWithMac2) answered=$(counter responsesSent)
tell 'load on'
their_peer right 10.9.0.4:51820
check "under load, they come through after a cookie" "no answer from 10.77.0.1" ping_from_them 10.77.0.1 1 9
tell stats
check "we sent a cookie reply" "$answer" test "$(number "$answer" cookieRepliesSent)" -gt "$cookies"
check "their next initiation carried it (mac2)" "$answer" test "$(number "$answer" initiationsReceivedWithMac2)" -gt "$with_mac2"
check "and we served exactly that one" "$answer" test "$(number "$answer" responsesSent)" -eq $((answered + 1))
check "they took our cookie reply" "not in their log" grep -q 'Receiving cookie response\|Received cookie' "$work/theirs.log"
tell 'load off'

tell stats
info "ours: $answer"
info "theirs: $(wg show "$WGB" transfer | cut -f 2- | tr '\t' ' ') bytes received, sent"

# --- 7. leaving ---

leave() { echo quit >&"$to_ours"; wait "${process_of[ours]}" && unset 'process_of[ours]'; }

nothing_left() { ! ip -n "$A" rule | grep '^52' && ! ip -n "$A" -6 rule | grep '^52' && ! ip -n "$A" link show dev wga; }

[ "${1:-}" != --bench ] || bench_ours
check "we leave on request" "$(tail -n 1 "$work/ours.log")" leave
check "and leave no interface and no rule behind" "something is left" nothing_left
info "took $(($(now_ms) - started_at)) ms"
[ "${1:-}" != --bench ] || bench_theirs
finish
