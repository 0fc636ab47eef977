# shellcheck shell=bash
# Unmodified tailscaled nodes in our coordinator's tailnet. Sourced by tailnet.sh.

part_theirs() {
  [ -n "$tailscaled" ] || { skip "theirs" "skipped: not installed (tailscaled, tailscale)"; return; }
  start_relay || { skip "theirs" "skipped: not installed (derper or headscale, and tailscaled wants a relay)"; return; }
  start_coordinator || { fail "our coordinator starts" "$(tail -n 3 "$work/coordinator.log")"; return; }
  local a b

  for n in ts1 ts2; do
    start_ts $n || { fail "tailscaled starts" "$(tail -n 3 "$work/$n.log")"; return; }
    check "$n joins by a one-off auth key" "it does not" ts_up $n --auth-key="$(auth_key)" --accept-routes
  done
  check "tailscale status: each sees the other, online" "it does not" wait_for 30 eval 'ts_sees ts1 ts2 && ts_sees ts2 ts1'
  a=$(ts_ip ts1) b=$(ts_ip ts2)
  check "tailscale ping finds a direct path" "it does not" ts ts1 ping --c 10 --timeout 3s --until-direct "$b"
  serve_file ts1; serve_file ts2
  both_ways ts1 "$a" ts2 "$b"

  stop ts2; start_ts ts2
  check "ts2 restarts and is in again, without a key" "it is not" wait_for 30 ts_is ts2 Running
  check "with the same address" "it has $(ts_ip ts2)" [ "$(ts_ip ts2)" = "$b" ]
  check "and is reached" "it is not" wait_for 30 pings ts1 "$b"

  kill -9 "${process_of[coordinator]}"; wait "${process_of[coordinator]}" 2>/dev/null
  check "with the coordinator killed the tunnel goes on" "it does not" pings ts1 "$b"
  start_coordinator
  check "after its restart both have a netmap stream again" "they have not" wait_for 60 eval 'ts_sees ts1 ts2 && ts_sees ts2 ts1'

  local key_before; key_before=$(ts_key ts2)
  check "tailscale up --force-reauth with a new key" "it fails" ts_up ts2 --force-reauth --auth-key="$(auth_key)" --accept-routes
  check "the node key is a new one" "it is the old one" eval '[ "$(ts_key ts2)" != "'"$key_before"'" ]'
  check "the address is the old one" "it is $(ts_ip ts2)" [ "$(ts_ip ts2)" = "$b" ]
  check "and it is reached under its new key" "it is not" wait_for 30 pings ts1 "$b"

  theirs_routes "$a" "$b"
  theirs_policy "$a" "$b"
  theirs_administration "$a" "$b"
  theirs_logins "$a" "$b"
  stop ts1; stop ts2; stop www-ts1; stop www-ts2
  [ -z "${process_of[ts3]:-}" ] || stop ts3
  stop coordinator
  rm -rf "$work/coordinator"
}

theirs_routes() {
  ip -n "${ns_of[ts1]}" addr add 10.99.1.1/32 dev lo
  at ts1 sysctl -qw net.ipv4.ip_forward=1
  check "ts1 announces 10.99.1.0/24" "it cannot" ts ts1 set --advertise-routes=10.99.1.0/24
  check "meshiot route list shows it, waiting" "it does not" wait_for 15 sh -c "'$meshiot' route list --json --coordinator '$work/coordinator.sock' | grep -q '10.99.1.0/24'"
  check "not approved, it is nobody's way" "it is" does_not pings ts2 10.99.1.1
  check "meshiot route approve" "it fails" admin route approve ts1 10.99.1.0/24
  check "approved, ts2 reaches the network behind ts1" "it does not" wait_for 30 pings ts2 10.99.1.1
  check "meshiot route unapprove" "it fails" admin route unapprove ts1 10.99.1.0/24 --yes
  check "and it is nobody's way again" "it is" wait_for 30 does_not pings ts2 10.99.1.1
}

theirs_policy() {
  # A tailscaled that loses a route lets go of its idle peers; the other side notices 15 s later, by its handshake timer.
  check "before the policy ts1 reads from ts2" "it does not" wait_for 40 reaches ts1 "$2"
  start watch-1 ip netns exec "${ns_of[ts1]}" ping -i 0.2 "$2"
  check "meshiot policy set: nobody may reach anybody" "$(cat "$work/policy.said" 2>/dev/null)" set_policy '{"acls": [], /* closed */ }'
  check "a policy change cuts the connection" "it goes on" wait_for 20 does_not reaches ts1 "$2"
  check "and hides the peer" "it is shown" wait_for 20 does_not ts_knows ts1 ts2
  check "meshiot policy set: only port 8000" "$(cat "$work/policy.said")" set_policy '{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:8000"]},], }'
  check "port 8000 is open again" "it is not" wait_for 30 reaches ts1 "$2"
  check "port 8001 is not" "it is" does_not reaches ts1 "$2" 8001
  check "a policy with an error is refused, with its line" "it is not" eval '! set_policy "{
    \"acls\": [{\"action\": \"accept\", \"src\": [\"group:nobody\"], \"dst\": [\"*:*\"]}] }" && grep -q "2" "$work/policy.said"'
  check "and changes nothing" "it does" reaches ts1 "$2"
  set_policy '{"tagOwners": {"tag:lab": ["owner@"]}, "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}'
  check "open again" "it is not" wait_for 30 pings ts1 "$2"
  stop watch-1
}

theirs_administration() {
  check "meshiot node rename" "it fails" admin node rename ts2 relabelled
  check "ts1 sees the new name" "it does not" wait_for 20 ts_sees ts1 relabelled
  check "meshiot node rename, back" "it fails" admin node rename relabelled ts2
  wait_for 20 ts_sees ts1 ts2
  check "meshiot node expire" "it fails" admin node expire ts2 --yes
  check "key expiry: ts2 must log in" "it is $(ts_state ts2)" wait_for 30 ts_is ts2 NeedsLogin
  check "key expiry: ts1 does not reach it" "it does" wait_for 20 does_not pings ts1 "$2"
  check "ts2 logs in again by key" "it fails" ts_up ts2 --force-reauth --auth-key="$(auth_key)" --accept-routes
  check "and is reached under its old address" "it is not" wait_for 30 pings ts1 "$2"
}

theirs_logins() {
  start_ts ts3
  ts_up ts3 --advertise-tags=tag:lab >"$work/ts3.up" 2>&1 &
  local up=$! url
  wait_for 20 grep -q "http://$hub_ip:8080/login/" "$work/ts3.up"
  url=$(grep -o "http://$hub_ip:8080/login/[^ ]*" "$work/ts3.up" | head -n 1)
  check "without a key tailscale shows our login page's address" "it shows $(cat "$work/ts3.up")" [ -n "$url" ]
  check "the page answers, and names the node" "it does not" sh -c "ip netns exec '$hub' curl -sf '$url' | grep -q ts3"
  check "meshiot login approve" "it fails" admin login approve "${url##*/}" --user owner
  wait "$up"
  check "ts3 is in, tagged as it asked" "it is not" wait_for 20 eval 'ts ts3 status --json | jq -e ".Self.Tags == [\"tag:lab\"]"'
  ts ts3 logout >/dev/null 2>&1
  check "logout: ts3 must log in" "it is $(ts_state ts3)" wait_for 20 ts_is ts3 NeedsLogin
  check "logout: ts1 sees that it is gone" "it does not" wait_for 30 does_not ts_sees ts1 ts3
  check "meshiot node delete" "it fails" admin node delete ts3 --yes
  check "a deleted node is in no netmap" "it is" wait_for 20 does_not ts_knows ts1 ts3
  check "a used key is refused in words" "it is not" eval 'k=$(auth_key --tags tag:lab); ts_up ts3 --auth-key="$k" && ts ts3 logout; ! ts_up ts3 --force-reauth --auth-key="$k" --timeout=8s >"$work/used" 2>&1; grep -qi "used" "$work/used" "$work/ts3.log"'
  check "the audit log tells of all this" "it does not" sh -c "'$meshiot' audit list --json --coordinator '$work/coordinator.sock' | grep -q 'policy'"
}

part_theirs
