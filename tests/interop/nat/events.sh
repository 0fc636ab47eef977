# shellcheck shell=bash
# What happens to a busy TCP connection inside the tunnel when the network changes under it. Sourced by nat.sh.

load_mbit=6
# A direct path that nothing touches may still wait for the processor that long.
untouched_ms=${MESHIOT_NAT_UNTOUCHED_MS:-400}

# during A B BEFORE AFTER COMMAND...   load between two sites around the command, which may use the lab's functions; one JSON line
during() {
  local a=$1 b=$2 before=$3 after=$4 script
  shift 4
  script=$work/event.$RANDOM.sh
  { declare -p work inet hub hub2 ns_of gate_of wan4_of kind_of process_of; declare -f inside gateway nat_reboots sever heal address_changes killed; echo "$*"; } >"$script"
  "$probe" load "$work/sites" "$a:$b" $load_mbit "$before" "$after" bash "$script" 2>>"$work/load.err"
}

# --- what can happen ---

# nat_reboots SITE   the gateway forgets all it knew, and gives the node another port from now on
nat_reboots() {
  gateway "${gate_of[$1]}" "${kind_of[$1]}" 'oifname "wan" ip saddr 192.168.1.2 udp sport 41641 masquerade to :51641'
  inside "${gate_of[$1]}" conntrack -F 2>/dev/null
}

# sever A B / heal   no UDP between two sites' public addresses / again
sever() {
  inside "$inet" nft -f - <<NFT
table ip cut
delete table ip cut
table ip cut {
  chain forward { type filter hook forward priority filter; ip saddr { ${wan4_of[$1]}, ${wan4_of[$2]} } ip daddr { ${wan4_of[$1]}, ${wan4_of[$2]} } meta l4proto udp drop; }
}
NFT
}
heal() { inside "$inet" nft delete table ip cut; }

# address_changes SITE   the host has another address in its private network from one moment to the next
address_changes() {
  ip -n "${ns_of[$1]}" addr add 192.168.1.77/24 dev eth0 && ip -n "${ns_of[$1]}" addr del 192.168.1.2/24 dev eth0
  ip -n "${ns_of[$1]}" addr show dev eth0 | grep -q 192.168.1.77 || ip -n "${ns_of[$1]}" addr add 192.168.1.77/24 dev eth0
  ip -n "${ns_of[$1]}" route replace default via 192.168.1.1
}

# killed NAME   a program of the lab ends without a word (the shell is not told to wait for it: `forget` comes first)
killed() { kill -9 "${process_of[$1]}"; }
forget() { disown "${process_of[$1]}"; }

# --- and what comes of it ---

# event NAME FILE GOAL-MS PATH-AFTER   judges one line of load: the connection lives, the stall, the path at the end (any, direct, relay)
event() {
  local name=$1 file=$2 goal=$(($3 * slack)) path=$4 text
  [ -s "$file" ] || { fail "$name" "no measurement: $(tail -n 1 "$work/load.err")"; return; }
  jq -c --arg event "$name" --argjson goal "$goal" --arg path "$path" '. + {event: $event, stall_goal_ms: $goal, expected_path: $path}
    + {ok: (.survived and (.reset | not) and .stall_ms <= $goal and ($path == "any" or .path_after == $path))}' "$file" >"$work/event.line"
  cat "$work/event.line" >>"$work/events.json"
  text=$(jq -r '"\(.event) (\(.a)–\(.b), \(.mbit) Mbit/s): stall \(.stall_ms) ms (goal \(.stall_goal_ms), before \(.quiet_ms)), \(.path_before) then \(.path_after)"
    + (if .direct_ms != null and (.path_before != "direct" or .event == "NAT reboot") then ", direct after \(.direct_ms) ms" else "" end)' "$work/event.line")
  if jq -e .ok "$work/event.line" >/dev/null; then ok "$text"
  else fail "$text" "$(jq -r 'if .reset then "the connection broke" elif .survived | not then "nothing came any more" else "expected: \(.expected_path), stall at most \(.stall_goal_ms) ms" end' "$work/event.line")"; fi
}

part_events() {
  : >"$work/events.json"
  : >"$work/load.err"
  if [ $quick = yes ]; then event_switches port-2 cgnat-1; event_relay; return; fi
  event_coordinator
  event_relay
  event_switches double-2 cgnat-1
  during addr-2 port-1 3 10 address_changes port-1 >"$work/load.json"
  event "address change" "$work/load.json" 1000 any
  during port-2 double-1 3 12 nat_reboots port-2 >"$work/load.json"
  event "NAT reboot" "$work/load.json" 2000 any
}

# The path comes and goes while the relay stays.
event_switches() {
  local patience=12
  [ $quick = no ] || patience=7
  sever "$1" "$2"
  during "$1" "$2" 4 $patience heal >"$work/load.json"
  event "relay to direct" "$work/load.json" 1000 direct
  during "$1" "$2" 3 $patience sever "$1" "$2" >"$work/load.json"
  event "direct to relay" "$work/load.json" 1000 relay
  heal
}

# One relay is killed: a direct pair must not notice, a relayed one must be on the other relay in 10 s.
event_relay() {
  local direct=(port-1 port-2) relayed=(sym-1 sym-2) patience=16
  [ $quick = no ] || patience=12
  forget relay1
  during "${direct[@]}" 4 "$patience" true >"$work/load1.json" &
  local other=$!
  during "${relayed[@]}" 4 "$patience" killed relay1 >"$work/load2.json"
  wait $other
  event "relay killed, direct pair" "$work/load1.json" "$untouched_ms" direct
  event "relay killed, relayed pair" "$work/load2.json" 10000 relay
  stop relay1
  start_relay 1 || fail "the relay comes back" "$(tail -n 1 "$work/relay1.log")"
}

# The coordinator is killed: nothing stops, and even peers that never spoke find each other.
event_coordinator() {
  forget coordinator
  during port-1 port-2 3 8 killed coordinator >"$work/load1.json" &
  local other=$!
  during sym-1 sym-2 3 8 true >"$work/load2.json"
  wait $other
  event "coordinator killed, direct pair" "$work/load1.json" "$untouched_ms" direct
  event "coordinator killed, relayed pair" "$work/load2.json" "$untouched_ms" relay
  "$probe" pairs "$work/sites" 15 8 addr-1:fullcone-2 >"$work/pair.json" 2>"$work/pair.err"
  check "coordinator killed: peers that never spoke find each other: $(jq -r '"first byte \(.first_byte_ms) ms, direct \(.direct_ms) ms later"' "$work/pair.json")" "they do not" \
    jq -e '.first_byte_ms != null and .direct_ms != null' "$work/pair.json"
  stop coordinator
  start_coordinator || fail "the coordinator comes back" "$(tail -n 1 "$work/coordinator.log")"
}
