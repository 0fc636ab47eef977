# shellcheck shell=bash
# What any WireGuard peer must agree on with our engine; source it after transfer.sh. Each group works on the lab as the one before left it.

# Initiations and responses are counted on the cable.
judge_handshakes() {
  local before
  they_know -
  ours 1420 10.9.1.2:51820
  check "handshake and ping, we initiate" "no answer from 10.77.0.2" ping_from_us 10.77.0.2
  check "one initiation and one response made it, and both sides agree" "in and out: $(handshakes), theirs at $(their_handshake_at)" \
    test "$(handshakes)" = "0 1 1 0" -a "$(their_handshake_at)" -gt 0
  check "IPv6 inside, from us" "no answer from fd77::2" ping_from_us fd77::2
  check "IPv6 inside, from them" "no answer from fd77::1" ping_from_them fd77::1
  check "an inner packet of full size" "1420 bytes do not pass" inside "$A" ping -q -c 1 -W 5 -M do -s 1392 10.77.0.2
  before=$(crossed init_out)
  they_know 10.9.1.1:51820
  check "handshake and ping, they initiate" "no answer from 10.77.0.1" ping_from_them 10.77.0.1
  check "we answered and initiated nothing" "in and out: $(handshakes)" test "$(crossed init_in) $(crossed response_out) $(crossed init_out)" = "1 1 $before"
}

# Persistent ones keep mappings open; a new session is confirmed by an empty packet where nothing else is to be said.
judge_keepalives() {
  local before
  before=$(crossed keepalive_in)
  theirs "wg set $WGP peer '$(<"$work/ours.pub")' persistent-keepalive 1"
  check "their persistent keepalives come" "none" wait_for 10 more keepalive_in $((before + 1))
  theirs "wg set $WGP peer '$(<"$work/ours.pub")' persistent-keepalive off"
  before=$(crossed keepalive_out)
  tell handshake
  check "our new session is confirmed by a keepalive" "none sent" wait_for 10 more keepalive_out "$before"
  tell stats
  check "empty packets go to nobody" "$answer" test "$(number "$answer" well) $(number "$answer" refused) $(number "$answer" forged)" = "true 0 0"
  check "and packets flow after them" "no answer from 10.77.0.2" ping_from_us 10.77.0.2
}

# New keys by each side while both directions are busy. A handshake begins 5 s after the one before at the earliest, so this takes as long.
judge_rekeys() {   # BYTES-PER-SECOND [again]
  local answered accepted
  answered=$(crossed response_out) accepted=$(crossed response_in)
  begin_both 10.77.0.2 "$1" 90
  sleep 0.5
  tell handshake
  check "we change keys under traffic" "no response" wait_for 15 more response_in "$accepted"
  sleep 0.3
  they_know 10.9.1.1:51820
  check "they lose their session under traffic and come back" "we answered nothing" wait_for 10 more response_out "$answered"
  if [ "${2:-}" = again ]; then
    accepted=$(crossed response_in)
    tell handshake
    check "we change keys again" "no response" wait_for 15 more response_in "$accepted"
  fi
  sleep 0.3
  check "all that while the transfers ran" "they were over" both_run
  end_both "TCP over these changes of keys"
}

# Both ends get another address in the middle of transfers. The sessions stay.
judge_roaming() {   # BYTES-PER-SECOND
  local before
  before=$(handshakes)
  begin_both 10.77.0.2 "$1" 90
  sleep 0.7
  theirs "ip address del 10.9.1.2/24 dev $their_cable; ip address add 10.9.1.3/24 dev $their_cable"
  # Debian's wireguard-go clings to the old source address when the kernel answers ENETUNREACH; a new port makes it let go, until it comes to
  # a packet that it had received before.
  local port
  for port in 51821 51822 51823; do
    [ "$peer_kind" = go ] && theirs "wg set $WGP listen-port $port" && wait_for 1 endpoint_is 10.9.1.3 && break
  done
  check "we follow them to another address" "we did not" wait_for 10 endpoint_is 10.9.1.3
  sleep 0.3
  ip -n "$A" address del 10.9.1.1/24 dev "$cable"
  ip -n "$A" address add 10.9.1.4/24 dev "$cable"
  check "they follow us" "they did not" wait_for 10 they_see 10.9.1.4
  check "all that while the transfers ran" "they were over" both_run
  end_both "TCP while both ends move"
  check "roaming cost no handshake" "$before, then $(handshakes)" test "$before" = "$(handshakes)"
  theirs "ip address del 10.9.1.3/24 dev $their_cable; ip address add 10.9.1.2/24 dev $their_cable"
  [ "$peer_kind" != go ] || theirs "wg set $WGP listen-port 51820"
  ip -n "$A" address del 10.9.1.4/24 dev "$cable"
  ip -n "$A" address add 10.9.1.1/24 dev "$cable"
  # Neither said anything since, so neither knows where the other is.
  they_know 10.9.1.1:51820
  check "and both are found at their old places again" "no answer from 10.77.0.1" ping_from_them 10.77.0.1
}

endpoint_is() { tell stats && [[ $(number "$answer" endpoint) == "\"$1:"* ]]; }
they_see() { theirs "wg show $WGP endpoints" | grep -q "$1:51820"; }

# meet MTU OUTER   both sides anew, over IPv4 or IPv6
meet() {
  local endpoint=10.9.1.2:51820
  [ "$2" = IPv4 ] || endpoint='[fd09::2]:51820'
  # Theirs too: wireguard-go of 2025 that has sent over IPv4 sends to an IPv6 peer at the first four bytes of its address, the rest zero.
  their_interface
  their_mtu "$1"
  they_know -
  ours "$1" "$endpoint"
}

# judge_transfers MTU OUTER [six]   both ways, IPv4 (unless told so) and IPv6 inside, of peers that met so
judge_transfers() {
  local six
  six=$(crossed six_out)
  [ "${3:-}" = six ] || both_ways "TCP, MTU $1, IPv4 in $2" 10.77.0.2
  both_ways "TCP, MTU $1, IPv6 in $2" fd77::2
  [ "$2" = IPv4 ] || check "that was IPv6 outside" "it was not" more six_out $((six + 20))
  check "full packets of MTU $1 pass" "they do not" inside "$A" ping -q -i 0.2 -c 2 -W 5 -M do -s $(($1 - 28)) 10.77.0.2
}

# UDP in groups, as the host gives them away in one piece and takes them back.
judge_groups() {
  remember_sizes
  groups "UDP in groups, 1232 bytes, IPv4" 10.77.0.2 1232 40 20
  tell stats
  case $answer in *'"All"'* | *TunUdp*) larger "the kernel hands over groups of UDP: bytes each" 2000 from_host_size ;; esac
  groups "UDP in groups, 1232 bytes, IPv6" fd77::2 1232 40 20
  groups "UDP in groups, 33 bytes, IPv4" 10.77.0.2 33 60 20
  groups "UDP in groups, 5 bytes, IPv6" fd77::2 5 60 20
}

# What a tunnel has in one setting it need not have in another.
judge_settings() {
  local outer mtu
  for outer in IPv4 IPv6; do for mtu in 1420 1280; do meet $mtu $outer; judge_transfers $mtu $outer; done; done
  for our_offloads in None TunTcp "TunTcp, UdpGso" UdpGro; do
    info "our side with offloads: $our_offloads"
    meet 1420 IPv4
    judge_transfers 1420 IPv4
    judge_groups
  done
  our_offloads=All
  meet 1420 IPv4
}

# A real change of keys: after 120 s by whichever side began the session. Ends with theirs.
judge_real_rekeys() {   # BYTES-PER-SECOND
  local before side
  for side in init_out init_in; do
    they_know 10.9.1.1:51820
    if [ $side = init_out ]; then ours 1420 10.9.1.2:51820; ping_from_us 10.77.0.2 >/dev/null; else ours 1420 -; ping_from_them 10.77.0.1 >/dev/null; fi
    before=$(crossed $side)
    begin_both 10.77.0.2 "$1" 200
    check "after two minutes a new handshake ($side)" "none" wait_for 135 more $side "$before"
    check "in the middle of transfers" "they were over" both_run
    end_both "TCP over a change of keys by age ($side)"
  done
}

# What is alive must be told so: 10 s after data that we have nothing to say to.
judge_passive_keepalive() {
  local before
  ping_from_us 10.77.0.2 >/dev/null
  inside "$A" nft insert rule inet cable in iifname wga ip saddr 10.77.0.2 udp dport 9 drop
  before=$(crossed keepalive_out)
  theirs "echo x | timeout 2 busybox nc -u -w 1 10.77.0.1 9" >/dev/null
  check "10 s after unanswered data we say that we live" "no keepalive" wait_for 15 more keepalive_out "$before"
}

judge_end() {
  tell stats
  info "ours: $answer"
  info "theirs: $(theirs "wg show $WGP transfer" | cut -f 2- | tr '\t' ' ') bytes received, sent"
  check "nothing was forged, malformed or refused" "$answer" test "$(number "$answer" well) $(number "$answer" refused) $(number "$answer" forged)" = "true 0 0"
  check "we leave on request" "$(tail -n 1 "$work/ours.log")" leave
}
