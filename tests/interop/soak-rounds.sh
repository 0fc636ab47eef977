# shellcheck shell=bash
# Load for a while on the two gateways of pair.sh, with what a network does in the meantime; source it after that.
#   a transfer by TCP one way for the whole time (its hash at the end), numbered datagrams the other way;
#   every few seconds something happens: a third node joins, pings and leaves for good; alpha's address changes; beta's card goes down for a moment.
# Memory and descriptors of both are sampled; growth is from the median of the first third of the samples to that of the last.

# medians FILE COLUMN   "FIRST LAST RATE": the medians of the first and of the last third of the samples, and what that makes a minute. Samples are
# "SECONDS ALPHA-RSS BETA-RSS ALPHA-FDS BETA-FDS". Medians, for an agent takes and gives back memory with each netmap.
medians() {
  jq -rRs --argjson column "$2" '
    def median: sort | .[length / 2 | floor];
    [split("\n")[] | select(length > 0) | split(" ") | map(tonumber)] | length as $n | (.[-1][0] - .[0][0]) as $seconds |
    (.[:$n / 3 | ceil] | map(.[$column]) | median) as $first | (.[$n * 2 / 3 | floor:] | map(.[$column]) | median) as $last |
    "\($first) \($last) \(if $seconds > 0 then ($last - $first) / ($seconds * 2 / 3) * 60 | round else 0 end)"' "$1"
}

# visitor NUMBER   a node that joins, reaches alpha and leaves the tailnet
visitor() {
  local name=visitor
  start "$name" ip netns exec "$h" "$agent_program" --tun userspace --udp-bind 10.86.1.1 --udp-port 0 --port-mapping false --hostname "visitor$1" \
    --state-dir "$work/$name$1" --socket "$work/$name.sock"
  wait_for 20 test -S "$work/$name.sock" && new_key --ephemeral | agent "$name" up --claim - --timeout 30 >"$work/visitor.why" 2>&1 &&
    agent "$name" ping --icmp -c 2 alpha --timeout 10s >"$work/visitor.why" 2>&1 && visits=$((visits + 1))
  local reached=$?
  stop "$name"
  rm -rf "$work/$name.sock" "${work:?}/$name$1"
  return $reached
}

move_alpha() { # FROM TO
  ip -n "$a" addr add "$2/24" dev eth0
  ip -n "$a" route replace default via 10.86.1.1 src "$2"
  ip -n "$a" addr del "$1/24" dev eth0
}

last_handshake() { agent alpha status --json | jq -r '.peers[] | select(.hostName == "beta") | .lastHandshake' | { read -r t && date -d "$t" +%s; }; }

# soak_rounds SECONDS EVERY MBIT MOST-KIB   the last: by how much memory may have grown
soak_rounds() {
  local began=$SECONDS next=$2 event=0 moved=0 handshakes=0 last=0 now name first last rate stream column=1
  visits=0
  : >"$work/samples"
  begin_transfer alpha beta $(($1 * $3 / 8)) "$3"
  begin_stream soak beta alpha 7300 1000 500 "$1"
  while [ $((SECONDS - began)) -lt "$1" ]; do
    echo "$((SECONDS - began)) $(rss alpha) $(rss beta) $(descriptors alpha) $(descriptors beta)" >>"$work/samples"
    # The same one is told with a few milliseconds more or less.
    now=$(last_handshake)
    [ $((now - last)) -le 2 ] || handshakes=$((handshakes + 1))
    last=$now
    if [ $((SECONDS - began)) -ge "$next" ] && [ $((SECONDS - began)) -lt $(($1 - 5)) ]; then
      case $((event % 3)) in
        0) visitor "$event" || fail "soak: a node that joins reaches alpha" "$(tail -n 1 "$work/visitor.why")" ;;
        1) if [ $moved = 0 ]; then move_alpha 10.86.1.2 10.86.1.3; else move_alpha 10.86.1.3 10.86.1.2; fi; moved=$((1 - moved)) ;;
        2) ip -n "$b" link set eth0 down; sleep 0.3; ip -n "$b" link set eth0 up && ip -n "$b" route replace default via 10.86.2.1 ;;
      esac
      event=$((event + 1)) next=$((SECONDS - began + $2))
    fi
    sleep 1
  done
  check "soak: $(($1 * $3 / 8)) MB by TCP arrive as they were sent" "they do not" end_transfer 90
  stream=$(end_stream soak)
  info "$event events, $visits visits, $handshakes handshakes with beta seen; datagrams: $stream"
  [ $moved = 0 ] || move_alpha 10.86.1.3 10.86.1.2
  for name in alpha beta; do
    check "soak: $name is there" "$(tail -n 2 "$work/$name.log")" alive $name
    read -r first last rate < <(medians "$work/samples" $column)
    if [ $((last - first)) -le "$4" ]; then ok "soak: $name's memory stays ($first KiB, then $last: $rate a minute; $(rss $name) now)"
    else fail "soak: $name's memory stays" "$first KiB, then $last: $rate a minute"; fi
    read -r first last rate < <(medians "$work/samples" $((column + 2)))
    if [ $((last - first)) -le 3 ]; then ok "soak: $name's descriptors stay ($first, then $last)"; else fail "soak: $name's descriptors stay" "$first, then $last"; fi
    column=2
  done
}
