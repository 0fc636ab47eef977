# shellcheck shell=bash
# Starting and asking real tailscaled, headscale and derper, and our own nodes, each in a namespace of its own. Sourced by tailnet.sh.

hub=mi-hub-$$
hub_ip=10.79.0.1
next_host=11
declare -A ns_of=() ip_of=()

find_peers() {
  tailscaled=$(command -v "${TAILSCALED:-tailscaled}" 2>/dev/null) tailscale=$(command -v "${TAILSCALE:-tailscale}" 2>/dev/null)
  headscale=$(command -v "${HEADSCALE:-headscale}" 2>/dev/null) derper=$(command -v "${DERPER:-derper}" 2>/dev/null)
  [ -n "$tailscale" ] || tailscaled=
  [ -n "$tailscaled" ] && info "tailscaled $("$tailscaled" --version | head -n 1) ($tailscaled)"
  [ -n "$headscale" ] && info "headscale $("$headscale" version 2>/dev/null | head -n 1) ($headscale)"
  [ -n "$derper" ] && info "derper ($derper)"
  return 0
}

make_hub() {
  new_netns "$hub" && ip -n "$hub" link add br0 type bridge && ip -n "$hub" addr add "$hub_ip/16" dev br0 && ip -n "$hub" link set br0 up
}

# new_host NAME   a namespace with an address on the bridge
new_host() {
  local ns=mi-$1-$$ ip=10.79.0.$next_host
  next_host=$((next_host + 1))
  new_netns "$ns" && join "$hub" "v$next_host" "$ns" eth0 && ip -n "$hub" link set "v$next_host" master br0 &&
    ip -n "$ns" addr add "$ip/16" dev eth0 && ip -n "$ns" route add default via "$hub_ip" && ns_of[$1]=$ns ip_of[$1]=$ip
}

at() { local name=$1; shift; ip netns exec "${ns_of[$name]}" "$@"; }

# --- relay ---

# certificate   a self-signed one for the hub's address, in $work/tls; SSL_CERT_FILE makes programs trust it
certificate() {
  [ -f "$work/tls/$hub_ip.crt" ] && return 0
  mkdir -p "$work/tls" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$hub_ip" \
    -addext "subjectAltName=IP:$hub_ip" -keyout "$work/tls/$hub_ip.key" -out "$work/tls/$hub_ip.crt" >/dev/null 2>&1
}

# start_relay   a DERP region that tailscaled accepts; its map in $work/derp.json
start_relay() {
  [ -f "$work/derp.json" ] && return 0
  local port stun
  certificate || return 1
  if [ -n "$derper" ]; then
    port=3340 stun=3478
    start relay ip netns exec "$hub" "$derper" -a "$hub_ip:$port" -http-port -1 -certmode manual -certdir "$work/tls" -hostname "$hub_ip" -stun -c "$work/tls/derper.json"
  elif [ -n "$headscale" ]; then
    port=8443 stun=3479
    start_headscale || return 1
  else
    return 1
  fi
  wait_for 10 tcp_answers "$hub_ip" "$port" || return 1
  printf '{"Regions":{"900":{"RegionID":900,"RegionCode":"lab","RegionName":"lab","Nodes":[{"Name":"900a","RegionID":900,"HostName":"%s","IPv4":"%s","DERPPort":%d,"STUNPort":%d,"InsecureForTests":true}]}}}' \
    "$hub_ip" "$hub_ip" "$port" "$stun" >"$work/derp.json"
}

tcp_answers() { inside "$hub" timeout 1 bash -c "exec 3<>/dev/tcp/$1/$2"; }

# --- their node ---

# start_ts NAME   tailscaled with an interface, in a namespace made on first use
start_ts() {
  [ -n "${ns_of[$1]:-}" ] || new_host "$1" || return 1
  mkdir -p "$work/$1"
  start "$1" ip netns exec "${ns_of[$1]}" env TS_NO_LOGS_NO_SUPPORT=true SSL_CERT_FILE="$work/tls/$hub_ip.crt" "$tailscaled" --statedir="$work/$1" --state="$work/$1/state" \
    --socket="$work/$1.tsock" --tun=tailscale0 --port=41641
  wait_for 20 test -S "$work/$1.tsock"
}

ts() { local name=$1; shift; "$tailscale" --socket="$work/$name.tsock" "$@"; }

# ts_up NAME OPTION...   `tailscale up` against our coordinator, with the options that every namespace needs
ts_up() { local name=$1; shift; timeout 60 "$tailscale" --socket="$work/$name.tsock" up --login-server="http://$hub_ip:8080" --netfilter-mode=off --accept-dns=false --hostname="$name" --timeout=45s "$@"; }

ts_state() { ts "$1" status --json 2>/dev/null | jq -r .BackendState; }
ts_is() { [ "$(ts_state "$1")" = "$2" ]; }
ts_ip() { ts "$1" ip -4 2>/dev/null | head -n 1; }
# ts_sees NAME PEER   the netmap shows the peer, online
ts_sees() { ts "$1" status --json 2>/dev/null | jq -e --arg h "$2" '[.Peer[]? | select((.DNSName | split(".")[0]) == $h and .Online)] | length > 0'; }
ts_knows() { ts "$1" status --json 2>/dev/null | jq -e --arg h "$2" '[.Peer[]? | select((.DNSName | split(".")[0]) == $h)] | length > 0'; }
ts_key() { ts "$1" status --json 2>/dev/null | jq -r .Self.PublicKey; }

# --- their coordinator ---

# start_headscale   on https, with its own relay inside
start_headscale() {
  [ -n "${process_of[headscale]:-}" ] && return 0
  certificate || return 1
  mkdir -p "$work/headscale"
  cat >"$work/headscale/config.yaml" <<YAML
server_url: https://$hub_ip:8443
listen_addr: 0.0.0.0:8443
metrics_listen_addr: 127.0.0.1:9099
grpc_listen_addr: 127.0.0.1:50443
tls_cert_path: $work/tls/$hub_ip.crt
tls_key_path: $work/tls/$hub_ip.key
unix_socket: $work/headscale/headscale.sock
unix_socket_permission: "0700"
disable_check_updates: true
noise: { private_key_path: $work/headscale/noise.key }
prefixes: { v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48" }
database: { type: sqlite, sqlite: { path: $work/headscale/db.sqlite } }
derp:
  server: { enabled: true, region_id: 901, region_code: hs, region_name: hs, stun_listen_addr: "0.0.0.0:3479", private_key_path: $work/headscale/derp.key, automatically_add_embedded_derp_region: true, ipv4: $hub_ip, verify_clients: false }
  urls: []
  paths: []
  auto_update_enabled: false
dns: { magic_dns: true, base_domain: hs.internal, override_local_dns: false, nameservers: { global: [] } }
policy: { mode: database }
log: { level: info }
YAML
  start headscale ip netns exec "$hub" "$headscale" serve -c "$work/headscale/config.yaml"
  wait_for 30 test -S "$work/headscale/headscale.sock" && wait_for 10 hs users list
}

hs() { "$headscale" -c "$work/headscale/config.yaml" "$@"; }
hs_key() { hs preauthkeys create --user "$hs_user" --expiration 1h --output json "$@" | jq -r .key; }
hs_node() { hs nodes list --output json | jq -r --arg h "$1" '.[] | select(.given_name == $h or .name == $h) | .id' | head -n 1; }
hs_policy() { printf '%s' "$1" >"$work/hs-policy.hujson" && hs policy set -f "$work/hs-policy.hujson"; }

# --- our node and our coordinator ---

start_coordinator() {
  start coordinator ip netns exec "$hub" "$coordinator" serve --listen 0.0.0.0:8080 --server-url "http://$hub_ip:8080" --base-domain lab.internal \
    --state "$work/coordinator" --socket "$work/coordinator.sock" --no-relay --derp-map "$work/derp.json"
  wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock"
}

admin() { "$meshiot" "$@" --coordinator "$work/coordinator.sock"; }
# auth_key OPTION...   the key alone, as any client takes it
auth_key() { admin key create --json "$@" | jq -r .key; }
node_id() { admin node list --json | jq -r --arg h "$1" '.nodes[] | select((.name | split(".")[0]) == $h) | .id'; }
set_policy() { printf '%s' "$1" >"$work/policy.hujson" && admin policy set "$work/policy.hujson" --yes >"$work/policy.said" 2>&1; }

# start_ours NAME   meshiotd with an interface
start_ours() {
  [ -n "${ns_of[$1]:-}" ] || new_host "$1" || return 1
  start "$1" ip netns exec "${ns_of[$1]}" env SSL_CERT_FILE="$work/tls/$hub_ip.crt" "$meshiotd" --tun kernel --hostname "$1" --state-dir "$work/$1" --socket "$work/$1.sock" --sample-interval 1
  wait_for 20 test -S "$work/$1.sock"
}
our_ip() { agent "$1" ip -4 2>/dev/null; }
our_is() { agent "$1" status --json | jq -e --arg s "$2" '.backendState == $s'; }
our_sees() { agent "$1" status --json | jq -e --arg h "$2" '[.peers[] | select((.name | split(".")[0]) == $h and .online)] | length > 0'; }

# --- what is proved with both ---

# serve_file NAME   the file, on ports 8000 and 8001 of every address of the node
serve_file() {
  [ -e "$work/www/file" ] || { mkdir -p "$work/www" && ln "$work/file" "$work/www/file"; }
  start "www-$1" ip netns exec "${ns_of[$1]}" busybox httpd -f -p 8000 -h "$work/www"
  start "www1-$1" ip netns exec "${ns_of[$1]}" busybox httpd -f -p 8001 -h "$work/www"
}

# same_file FROM ADDRESS   50 MB by curl from the address, with the right content
same_file() { [ "$(at "$1" curl -sf --max-time 120 "http://$2:8000/file" | sha256sum)" = "$file_sum" ]; }

pings() { at "$1" ping -c 1 -W 2 "$2"; }
# reaches FROM ADDRESS [PORT]   port 8000 and port 8001 serve the same
reaches() { at "$1" curl -sf --max-time 5 -o /dev/null -r 0-99 "http://$2:${3:-8000}/file"; }
does_not() { ! "$@"; }

# both_ways A ADDRESS-OF-A B ADDRESS-OF-B   ping and file in both directions
both_ways() {
  check "$1 pings $3 through the tunnel" "no reply in 30 s" wait_for 30 pings "$1" "$4"
  check "$3 pings $1 through the tunnel" "no reply in 30 s" wait_for 30 pings "$3" "$2"
  check "50 MB from $3 to $1 by curl, same content" "it is not the same" same_file "$1" "$4"
  check "50 MB from $1 to $3 by curl, same content" "it is not the same" same_file "$3" "$2"
}
