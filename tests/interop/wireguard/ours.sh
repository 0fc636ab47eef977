# shellcheck shell=bash
# Our side of kernel-wireguard.sh and wireguard-speed.sh; source it after lib.sh. The node's packet engine (MeshIoT.Interop.Engine) in namespace $A,
# with the cable $cable to the peer, and nftables' word on which WireGuard messages crossed that cable.

need_engine() {   # NAME
  local project=tests/interop/MeshIoT.Interop.Engine
  program=$project/bin/${CONFIGURATION:=Release}/net10.0/meshiot-interop-engine.dll
  dotnet build "$project" -c "$CONFIGURATION" -v q --nologo >"$work/build.log" 2>&1 ||
    give_up "$1" "the interop program does not build: $(grep -m 1 error "$work/build.log")"
  umask 077
  for side in ours theirs; do wg genkey >"$work/$side.key"; wg pubkey <"$work/$side.key" >"$work/$side.pub"; done
  mkfifo "$work/ours.in" "$work/ours.out"
  exec {to_ours}<>"$work/ours.in" {from_ours}<>"$work/ours.out"
}

# ours MTU ENDPOINT|-   starts our side anew, with $our_offloads (All)
ours() {
  stop ours
  {
    printf '[Interface]\nName = wga\nPrivateKey = %s\nListenPort = 51820\nMTU = %s\nAddress = 10.77.0.1, fd77::1\n' "$(<"$work/ours.key")" "$1"
    printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.77.0.2/32, fd77::2/128\n' "$(<"$work/theirs.pub")"
    [ "$2" = - ] || printf 'Endpoint = %s\n' "$2"
  } >"$work/wga.conf"
  ip netns exec "$A" dotnet "$program" run "$work/wga.conf" "${our_offloads:-All}" <"$work/ours.in" >"$work/ours.out" 2>"$work/ours.log" {to_ours}>&- {from_ours}>&- &
  process_of[ours]=$!
  local line=
  read -r -t 20 line <&"$from_ours"
  [ "$line" = '{"ready":true}' ] || give_up "our side starts" "$(tail -n 1 "$work/ours.log")"
}

# tell COMMAND   sets $answer
tell() { echo "$1" >&"$to_ours"; read -r -t 10 answer <&"$from_ours" || answer={}; }

leave() { echo quit >&"$to_ours"; wait "${process_of[ours]}" && unset 'process_of[ours]'; }

# watch_cable   what crosses the cable is counted by kind, outside of both implementations
watch_cable() {
  inside "$A" nft -f - <<'NFT'
table inet cable {
  counter init_in { }
  counter init_out { }
  counter response_in { }
  counter response_out { }
  counter keepalive_in { }
  counter keepalive_out { }
  counter six_in { }
  counter six_out { }
  chain in {
    type filter hook input priority 0;
    iifname "wga" return
    udp length 156 @th,64,32 0x01000000 counter name init_in
    udp length 100 @th,64,32 0x02000000 counter name response_in
    udp length 40 @th,64,32 0x04000000 counter name keepalive_in
    meta nfproto ipv6 udp dport 51820 counter name six_in
  }
  chain out {
    type filter hook output priority 0;
    oifname "wga" return
    udp length 156 @th,64,32 0x01000000 counter name init_out
    udp length 100 @th,64,32 0x02000000 counter name response_out
    udp length 40 @th,64,32 0x04000000 counter name keepalive_out
    meta nfproto ipv6 udp sport 51820 counter name six_out
  }
}
NFT
}

crossed() { inside "$A" nft list counter inet cable "$1" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }   # COUNTER

more() { [ "$(crossed "$1")" -gt "$2" ]; }   # COUNTER BEFORE

handshakes() { echo "$(crossed init_in) $(crossed init_out) $(crossed response_in) $(crossed response_out)"; }

ping_from_us() { inside "$A" ping -q -i 0.2 -c "${2:-3}" -W "${3:-5}" "$1"; }
