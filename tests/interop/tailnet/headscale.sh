# shellcheck shell=bash
# Our nodes in Headscale's tailnet, with a tailscaled among them where there is one. Sourced by tailnet.sh.

part_headscale() {
  [ -n "$headscale" ] || { skip "headscale" "skipped: not installed (headscale)"; return; }
  start_headscale || { fail "headscale starts" "$(tail -n 3 "$work/headscale.log")"; return; }
  hs users create lab >/dev/null 2>&1
  hs_user=$(hs users list --output json | jq -r '.[] | select(.name == "lab") | .id')
  local url=https://$hub_ip:8443 a b key

  for n in alpha beta; do
    start_ours $n || { fail "meshiotd starts" "$(tail -n 3 "$work/$n.log")"; return; }
    check "$n joins Headscale by its key" "it does not" eval 'hs_key | agent '$n' up --login-server '$url' --auth-key - --timeout 30'
  done
  a=$(our_ip alpha) b=$(our_ip beta)
  check "each sees the other, online" "it does not" wait_for 30 eval 'our_sees alpha beta && our_sees beta alpha'
  check "meshiot ping by name" "no pong" wait_for 30 agent alpha ping --icmp -c 1 beta --timeout 5s
  serve_file alpha; serve_file beta
  both_ways alpha "$a" beta "$b"
  check "a sensor is read by name" "it is not" agent alpha sensor read beta/host.memory_used

  stop beta; start_ours beta
  check "beta restarts and is in again, without a key" "it is not" wait_for 40 our_sees alpha beta
  check "and is reached" "it is not" wait_for 40 pings alpha "$b"

  stop headscale
  check "with Headscale stopped the tunnel goes on" "it does not" pings alpha "$b"
  stop beta; start_ours beta
  check "beta restarts while Headscale is away: it talks by the netmap it kept" "it does not" wait_for 40 pings alpha "$b"
  start_headscale
  check "Headscale is back, and both have its stream again" "they have not" wait_for 60 eval 'our_sees alpha beta && our_sees beta alpha'

  headscale_routes "$b"
  headscale_policy "$b"
  headscale_keys "$b" "$url"
  headscale_mixed "$url"
  check "logout" "it fails" agent alpha logout
  check "Headscale shows alpha's key as expired" "it does not" wait_for 20 sh -c "'$headscale' -c '$work/headscale/config.yaml' nodes list --output json | jq -e '.[] | select(.name == \"alpha\") | .expiry'"
  stop alpha; stop beta; stop www-alpha; stop www-beta; stop headscale
}

headscale_routes() {
  ip -n "${ns_of[beta]}" addr add 10.99.2.1/32 dev lo
  at beta sysctl -qw net.ipv4.ip_forward=1
  check "beta announces 10.99.2.0/24" "it cannot" agent beta up --advertise-routes 10.99.2.0/24 --timeout 20
  check "alpha accepts routes" "it cannot" agent alpha up --accept-routes --timeout 20
  check "Headscale approves it" "it does not" wait_for 20 hs nodes approve-routes --identifier "$(hs_node beta)" --routes 10.99.2.0/24
  check "alpha reaches the network behind beta" "it does not" wait_for 30 pings alpha 10.99.2.1
}

headscale_policy() {
  check "a policy that allows nothing" "it is refused" hs_policy '{"acls": []}'
  check "cuts the connection" "it goes on" wait_for 20 does_not reaches alpha "$1"
  check "a policy for port 8000 alone" "it is refused" hs_policy '{"acls": [{"action": "accept", "src": ["*"], "dst": ["*:8000"]}]}'
  check "opens that port" "it does not" wait_for 30 reaches alpha "$1"
  check "and not port 8001" "it does" does_not reaches alpha "$1" 8001
  hs_policy '{"tagOwners": {"tag:lab": ["lab@"]}, "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"]}]}' >/dev/null 2>&1
  check "everything open again" "it is not" wait_for 30 pings alpha "$1"
}

headscale_keys() {
  check "Headscale expires beta" "it does not" hs nodes expire --identifier "$(hs_node beta)"
  check "key expiry: beta must log in" "it need not" wait_for 30 our_is beta NeedsLogin
  check "key expiry: beta is not reached" "it is" wait_for 20 does_not pings alpha "$1"
  check "beta logs in again by a new key" "it does not" eval 'hs_key | agent beta up --force-reauth --login-server '"$2"' --auth-key - --timeout 30'
  check "and is reached under its old address" "it is not" wait_for 40 pings alpha "$1"

  start_ours gamma
  agent gamma up --login-server "$2" --timeout 60 >"$work/gamma.up" 2>&1 </dev/null &
  local up=$! page
  wait_for 20 grep -q "$2/" "$work/gamma.up"
  page=$(grep -o "$2/[^ ]*" "$work/gamma.up" | head -n 1)
  check "without a key, Headscale's login page is shown" "it is not: $(head -c 300 "$work/gamma.up")" [ -n "$page" ]
  check "Headscale approves the login" "it does not" hs auth register --auth-id "${page##*/}" --user lab
  wait "$up"
  check "and gamma is in" "it is not: $(tail -n 2 "$work/gamma.up")" wait_for 20 our_is gamma Running
  stop gamma
}

headscale_mixed() {
  [ -n "$tailscaled" ] || { skip "a tailscaled beside our nodes in Headscale's tailnet" "skipped: not installed (tailscaled, tailscale)"; return; }
  start_ts hsphone || { fail "tailscaled starts" "$(tail -n 3 "$work/hsphone.log")"; return; }
  check "a tailscaled joins Headscale" "it does not" timeout 60 "$tailscale" --socket="$work/hsphone.tsock" up --login-server="$1" --netfilter-mode=off --accept-dns=false \
    --hostname=hsphone --timeout=45s --auth-key="$(hs_key)"
  wait_for 30 eval 'ts_sees hsphone alpha && our_sees alpha hsphone'
  serve_file hsphone
  both_ways hsphone "$(ts_ip hsphone)" alpha "$(our_ip alpha)"
  stop hsphone; stop www-hsphone
}

part_headscale
