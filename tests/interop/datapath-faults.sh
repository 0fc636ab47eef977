#!/usr/bin/env bash
# The data path while things break: two real gateways with tunnel interfaces (see pair.sh), a transfer through the tunnel, and
#   queue      a send queue of one packet, then a link so slow that the socket is full all the time
#   mtu        a way that carries less than the tunnel's datagrams need
#   attack     somebody on the way who sends all that he can: noise, recordings, forgeries, floods of handshakes
#   nic        the network card goes down and comes back, and then its address changes
#   tunnel     the tunnel interface is removed under the agent
#   loss       one packet in ten lost, one in four overtaking others
#   soak       load for a while with peers that come and go (short form of soak.sh)
# What counts: the agent keeps running, counts and says what is wrong, comes back by itself within the stated time, and every byte is right.
# Needs root and /dev/net/tun. Forty seconds; --full takes longer at each of them, --parts "WORD…" takes some.
#
#   bash tests/interop/datapath-faults.sh [--full] [--parts "queue mtu …"] [--meshiotd PATH]
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
full=0 parts="queue mtu attack nic tunnel loss soak"
while [ $# -gt 0 ]; do
  case $1 in
    --full) full=1; shift ;;
    --parts) parts=$2; shift 2 ;;
    --meshiotd) [ -x "${2:-}" ] || { echo "--meshiotd wants a program" >&2; exit 2; }; MESHIOTD=$2; shift 2 ;;
    -h | --help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "datapath-faults.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
done
want() { [[ " $parts " = *" $1 "* ]]; }
need_root_and_tun datapath-faults
need_pkg ip=iproute2 ping=iputils-ping curl=curl jq=jq ethtool=ethtool || skip_all datapath-faults "packages are missing"
need_programs datapath-faults
. "$here/tests/interop/pair.sh"
. "$here/tests/interop/soak-rounds.sh"
longer() { echo $(($1 * (full ? 5 : 1))); }   # N   N, or more of it with --full

make_pair datapath-faults
began=$SECONDS
# Once warm: what a first transfer brings into memory is not growth.
begin_transfer alpha beta 60 0; check "60 MB by TCP arrive as they were sent" "they do not" end_transfer 60
begin_transfer beta alpha 60 0; check "and the other way" "they do not" end_transfer 60
declare -A rss_before=([alpha]=$(rss alpha) [beta]=$(rss beta))

# back_within SECONDS WHAT   packets flow again
back_within() {
  local t=$(now_ms)
  if wait_for "$1" reaches; then ok "$2: packets flow again ($(($(now_ms) - t)) ms of $1 s)"; else fail "$2: packets flow again" "no reply within $1 s: $(tail -n 2 "$work/alpha.log")"; fi
}

part_queue() {
  local dropped n
  ip netns exec "$a" tc qdisc replace dev eth0 root pfifo limit 1 2>/dev/null || { skip "a queue of one packet" "this kernel has no pfifo"; return; }
  begin_transfer alpha beta "$(longer 20)" 0
  check "a send queue of one packet: the transfer ends and is right" "it is not" end_transfer 60
  ip netns exec "$a" tc qdisc replace dev eth0 root tbf rate 20mbit burst 10kb limit 40mb 2>/dev/null || { skip "a slow link" "this kernel has no tbf"; return; }
  dropped=$(counted alpha network_refused)
  begin_stream flood alpha beta 7100 1200 0 "$(longer 2)"
  sleep "$(longer 2)"
  n=$(($(counted alpha network_refused) - dropped))
  if [ "$n" -gt 0 ]; then ok "a socket that is full all the time: it counts ($n datagrams refused)"; else fail "a socket that is full all the time: it counts" "nothing was refused"; fi
  check "and the agent answers meanwhile" "it does not" alive alpha
  ip netns exec "$a" tc qdisc del dev eth0 root
  back_within 5 "the link is fast again"
  stop flood-source; stop flood-sink
}

part_mtu() {
  ip -n "$h" route replace 10.86.2.0/24 dev to-beta src 10.86.2.1 mtu 1200
  begin_transfer alpha beta "$(longer 20)" 0
  check "a way of 1200 bytes: the transfer ends and is right" "it is not" end_transfer 60
  ip -n "$h" route replace 10.86.2.0/24 dev to-beta src 10.86.2.1
  ip -n "$a" link set eth0 mtu 1000
  begin_transfer alpha beta "$(longer 10)" 0
  check "a card of 1000 bytes: the transfer ends and is right" "it is not" end_transfer 60
  ip -n "$a" link set eth0 mtu 1500
  ip -n "$a" route flush cache
  back_within 5 "the way is wide again"
}

part_attack() {
  local names="malformed handshake_mac handshake_load handshake_forged no_session forged replayed stranger" before after name told="" resident
  # On this link every datagram is by itself, as it is for whoever listens on a real one.
  inside "$a" ethtool -K eth0 tx-udp-segmentation off >/dev/null 2>&1; inside "$b" ethtool -K eth0 tx-udp-segmentation off >/dev/null 2>&1
  for name in $names; do printf -v "before_$name" %s "$(counted alpha "$name")"; done
  begin_transfer beta alpha "$(longer 20)" 60
  resident=$(rss alpha)
  start attack ip netns exec "$h" "$load" attack 10.86.1.2:41641 "${key_of[alpha]}" "$(longer 3)"
  sleep 1
  check "under attack the agent answers" "it does not" alive alpha
  check "the transfer under attack ends and is right" "it is not" end_transfer 90
  wait_for 30 grep -q '^{' "$work/attack.log" || fail "the attack ends" "$(tail -n 2 "$work/attack.log")"
  info "sent: $(tail -n 1 "$work/attack.log")"
  stop attack
  for name in malformed handshake_load forged replayed; do
    before=before_$name
    after=$(counted alpha "$name")
    if [ "$after" -gt "${!before}" ]; then told+=" $name $((after - ${!before}))"; else fail "what was $name is counted" "the count stands at $after"; fi
  done
  ok "what was sent is counted:$told"
  # When each forged handshake left some hundred bytes of garbage behind, it was 17 MB.
  resident=$(($(rss alpha) - resident))
  if [ "$resident" -lt 8192 ]; then ok "and costs no memory ($resident KiB)"; else fail "an attack costs no memory" "$resident KiB more than before"; fi
  back_within 5 "after the attack"
  begin_transfer alpha beta 5 0
  check "after the attack a transfer is right" "it is not" end_transfer 30
  inside "$a" ethtool -K eth0 tx-udp-segmentation on >/dev/null 2>&1; inside "$b" ethtool -K eth0 tx-udp-segmentation on >/dev/null 2>&1
}

part_nic() {
  local there back
  begin_transfer alpha beta "$(longer 12)" 40
  sleep 0.7
  ip -n "$a" link set eth0 down
  sleep "$(longer 1)"
  check "with its network card down the agent answers" "it does not" alive alpha
  ip -n "$a" link set eth0 up && ip -n "$a" route replace default via 10.86.1.1
  back_within 10 "the card is up again"
  check "the transfer over it ends and is right" "it is not" end_transfer 60

  begin_stream there alpha beta 7200 1000 1000 "$(longer 3)" && begin_stream back beta alpha 7201 1000 1000 "$(longer 3)"
  sleep 1
  ip -n "$a" addr add 10.86.1.3/24 dev eth0
  ip -n "$a" route replace default via 10.86.1.1 src 10.86.1.3
  ip -n "$a" addr del 10.86.1.2/24 dev eth0
  there=$(end_stream there) back=$(end_stream back)
  # The moving side's own packets leave from the new address at once. The other's go to the old one until that is known to be dead: a tenth of a
  # second when it died before the first packet from the new one, half a second more when it answered once meanwhile,
  # and all of it more slowly on a machine that has other things to do.
  if jq -e '.received > 0 and .lost <= 20' <<<"$there" >/dev/null; then ok "an address that changes: of 1000 a second nearly none is lost ($there)"; else fail "an address that changes loses nothing" "$there"; fi
  if jq -e '.received > 0 and .lost <= 1800' <<<"$back" >/dev/null; then ok "and towards it only what was on its way to the old one ($back)"; else fail "an address that changes loses what was on its way only" "$back"; fi
  ip -n "$a" addr add 10.86.1.2/24 dev eth0
  ip -n "$a" route replace default via 10.86.1.1 src 10.86.1.2
  ip -n "$a" addr del 10.86.1.3/24 dev eth0
  back_within 10 "the old address is back"
}

part_tunnel() {
  local t routes
  routes=$(ip -n "$a" route show table 52 | sort)
  begin_transfer beta alpha "$(longer 12)" 40
  sleep 0.7
  t=$(now_ms)
  ip -n "$a" link del meshiot0
  if wait_for 10 reaches; then ok "a tunnel interface that is removed comes back by itself ($(($(now_ms) - t)) ms)"; else fail "a tunnel interface that is removed comes back" "$(tail -n 3 "$work/alpha.log")"; fi
  check "with its address" "it has not" sh -c "ip -n '$a' addr show dev meshiot0 | grep '${address_of[alpha]}/32'"
  check "with its routes" "$(ip -n "$a" route show table 52)" [ "$routes" = "$(ip -n "$a" route show table 52 | sort)" ]
  check "and it is told" "$(agent alpha status --json | jq -c .health)" wait_for 5 says alpha tun-renewed
  check "the log has it, too" "$(tail -n 3 "$work/alpha.log")" grep -q tun-gone "$work/alpha.log"
  check "a transfer over it ends and is right" "it is not" end_transfer 60

  ip -n "$a" link set meshiot0 down
  sleep 0.5
  ip -n "$a" link set meshiot0 up
  back_within 10 "the interface was set down and up"
  ip -n "$a" addr flush dev meshiot0
  back_within 10 "the interface lost its addresses"
}

part_loss() {
  local lost
  wire on "5 10 25" || { fail "the wire starts" "$(tail -n 2 "$work/wire.log")"; return; }
  # Of pings there and back about 19 in 100 find no answer.
  lost=$(inside "$a" ping -q -i 0.01 -c 150 -W 1 10.86.2.2 | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p')
  check "the wire is as bad as it should be (${lost:-no} % of pings lost)" "it is not" jq -en "${lost:-0} > 8 and ${lost:-0} < 32"
  begin_transfer alpha beta "$(longer 2)" 0
  check "one in ten lost, one in four overtaking: the transfer ends and is right" "it is not" end_transfer 120
  wire off
  back_within 5 "the way is good again"
}

for part in queue mtu attack nic tunnel loss; do
  want $part || continue
  info "$part"
  t=$SECONDS
  part_$part
  for name in alpha beta; do kill -0 "${process_of[$name]}" 2>/dev/null || give_up "$name keeps running" "$(tail -n 5 "$work/$name.log")"; done
  info "$part took $((SECONDS - t)) s; resident $(rss alpha) and $(rss beta) KiB, $(descriptors alpha) and $(descriptors beta) descriptors"
done
for name in alpha beta; do
  grown=$(($(rss $name) - ${rss_before[$name]}))
  # A netmap that comes anew, after an address changed, takes room that is given back within a minute.
  if [ "$grown" -lt 32768 ]; then ok "$name's memory is bounded ($grown KiB more than before)"; else fail "$name's memory is bounded" "$grown KiB more than before"; fi
done
# As IL the runtime compiles what it has not met before; the bounds are wide, soak.sh has those that count.
if want soak; then info soak; soak_rounds "$(longer 10)" 2 80 12288; fi
info "$((SECONDS - began)) s"
finish
