# shellcheck shell=bash
# Our nodes and unmodified tailscaled nodes in one tailnet of our coordinator's. Sourced by tailnet.sh.

part_mixed() {
  [ -n "$tailscaled" ] || { skip "mixed" "skipped: not installed (tailscaled, tailscale)"; return; }
  start_relay || { skip "mixed" "skipped: not installed (derper or headscale, and tailscaled wants a relay)"; return; }
  start_coordinator || { fail "our coordinator starts" "$(tail -n 3 "$work/coordinator.log")"; return; }
  start_ts phone || { fail "tailscaled starts" "$(tail -n 3 "$work/phone.log")"; return; }
  start_ours greenhouse || { fail "meshiotd starts" "$(tail -n 3 "$work/greenhouse.log")"; return; }
  check "a tailscaled node joins" "it does not" ts_up phone --auth-key="$(auth_key)"
  check "our node joins" "it does not" eval 'new_key | agent greenhouse up --claim - --timeout 30'
  local a b
  a=$(ts_ip phone) b=$(our_ip greenhouse)
  check "they see each other online" "they do not" wait_for 30 eval 'ts_sees phone greenhouse && our_sees greenhouse phone'
  check "tailscale ping to our node, direct" "no pong" wait_for 40 ts phone ping --c 3 --timeout 3s --until-direct "$b"
  check "meshiot ping to their node" "no pong" wait_for 30 agent greenhouse ping --icmp -c 1 phone --timeout 5s
  check "meshiot ping to their node, direct" "no direct pong" wait_for 30 sh -c "'$meshiot' ping -c 3 --timeout 3s phone --socket '$work/greenhouse.sock' | grep -q 'via 10.79.0'"
  check "meshiot ping --tsmp to their node" "no pong" wait_for 30 agent greenhouse ping --tsmp -c 1 phone --timeout 5s
  check "tailscale ping --tsmp to our node" "no pong" wait_for 30 ts phone ping --tsmp --c 1 --timeout 5s "$b"
  serve_file phone; serve_file greenhouse
  both_ways phone "$a" greenhouse "$b"
  check "their machine reads our sensors" "it does not" sh -c "ip netns exec '${ns_of[phone]}' curl -sf --max-time 10 'http://$b/api/v1/sensors' | grep -q host.cpu_load"
  stop greenhouse; start_ours greenhouse
  check "our node restarts and is reached again" "it is not" wait_for 60 pings phone "$b"
  stop phone; start_ts phone
  check "their node restarts and is reached again" "it is not" wait_for 60 pings greenhouse "$a"
  check "a policy cuts both" "$(cat "$work/policy.said" 2>/dev/null)" set_policy '{"acls": []}'
  check "their node no longer reaches ours" "it does" wait_for 20 does_not reaches phone "$b"
  check "ours no longer reaches theirs" "it does" wait_for 20 does_not reaches greenhouse "$a"
  check "and opens both" "$(cat "$work/policy.said")" set_policy '{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}'
  check "their node reaches ours again" "it does not" wait_for 30 reaches phone "$b"
  check "ours reaches theirs again" "it does not" wait_for 30 reaches greenhouse "$a"
  stop phone; stop greenhouse; stop www-phone; stop www-greenhouse; stop coordinator
  rm -rf "$work/coordinator"
}

part_mixed
