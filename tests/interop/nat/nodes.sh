# shellcheck shell=bash
# Coordinator, relays and nodes of the lab. Sourced by nat.sh.

declare -A node_of=()         # site → ours | theirs

certificates() {
  mkdir -p "$work/tls"
  local name alt
  for name in control relay1 relay2; do
    alt=DNS:$name.lab
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$name.lab" -addext "subjectAltName=$alt" \
      -addext basicConstraints=critical,CA:FALSE -keyout "$work/tls/$name.lab.key" -out "$work/tls/$name.lab.crt" >/dev/null 2>&1 || return 1
  done
  cat "$work"/tls/*.crt >"$work/trusted.pem"
}

# start_relay 1|2   a relay that any client takes: ours, or derper when the lab is for reference; what nodes are told of it in $work/relayN.map
start_relay() {
  local n=$1 ns=$hub where=relay$1
  [ "$n" = 2 ] && ns=$hub2
  if [ "$relay_kind" = derper ]; then
    start "$where" "$work/named" "$ns" "$derper" -a :443 -http-port -1 -certmode manual -certdir "$work/tls" -hostname "$where.lab" -stun -c "$work/tls/$where.json"
    jq -n --argjson n "$n" '{RegionID: (899 + $n), RegionCode: "lab\($n)", RegionName: "lab \($n)", Nodes: [
      {Name: "lab\($n)a", RegionID: (899 + $n), HostName: "relay\($n).lab", DERPPort: 443, STUNPort: 3478}]} | {Regions: {"\(.RegionID)": .}}' >"$work/$where.map"
  else
    start "$where" "$work/named" "$ns" env SSL_CERT_FILE="$work/trusted.pem" "$coordinator" relay --state "$work/$where" --host "$where.lab" --listen :443 --region $((899 + n)) \
      --code "lab$n" --verify-url https://control.lab:8443/verify --verify-fail-open
    wait_for 20 grep -q '^{' "$work/$where.log" && grep -m 1 '^{' "$work/$where.log" >"$work/$where.map"
  fi
  wait_for 20 inside "$ns" timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/443'
}

# write_derp_map   both regions, with their addresses: nodes have no DNS here
write_derp_map() {
  jq -s --arg a "$hub_ip" --arg a6 "$hub_ip6" --arg b "$hub2_ip" --arg b6 "$hub2_ip6" '{Regions: (.[0].Regions + .[1].Regions)}
    | .Regions."900".Nodes[0] += {IPv4: $a, IPv6: $a6} | .Regions."901".Nodes[0] += {IPv4: $b, IPv6: $b6}' "$work/relay1.map" "$work/relay2.map" >"$work/derp.json"
}

start_coordinator() {
  start coordinator "$work/named" "$hub" "$coordinator" serve --listen '[::]:8443' --server-url https://control.lab:8443 --base-domain lab.internal \
    --tls-cert "$work/tls/control.lab.crt" --tls-key "$work/tls/control.lab.key" \
    --state "$work/coordinator" --socket "$work/coordinator.sock" --no-relay --derp-map "$work/derp.json"
  wait_for 60 "$meshiot" key list --coordinator "$work/coordinator.sock"
}

# start_node SITE   the program alone; its socket comes a moment later
start_node() {
  local s=$1
  mkdir -p "$work/$s"
  if [ "${node_of[$s]}" = theirs ]; then
    start "$s" "$work/named" "${ns_of[$s]}" env TS_NO_LOGS_NO_SUPPORT=true SSL_CERT_FILE="$work/trusted.pem" "$tailscaled" --statedir="$work/$s" --state="$work/$s/state" \
      --socket="$work/$s.sock" --tun=tailscale0 --port=41641
  else
    start "$s" "$work/named" "${ns_of[$s]}" env SSL_CERT_FILE="$work/trusted.pem" "$meshiotd" --tun kernel --hostname "$s" --state-dir "$work/$s" --socket "$work/$s.sock" \
      --udp-port 41641 --sample-interval 3600
  fi
}

# join_node SITE   into the tailnet, and its address into a file; runs beside others
join_node() {
  local s=$1
  wait_for 60 test -S "$work/$s.sock" || { echo "its socket does not come"; return 1; }
  if [ "${node_of[$s]}" = theirs ]; then
    timeout 90 "$tailscale" --socket="$work/$s.sock" up --login-server=https://control.lab:8443 --netfilter-mode=off --accept-dns=false --hostname="$s" \
      --timeout=60s --auth-key="file:$work/key" || return 1
    "$tailscale" --socket="$work/$s.sock" ip -4 | head -n 1 >"$work/$s.ip"
  else
    agent "$s" up --login-server https://control.lab:8443 --auth-key "file:$work/key" --timeout 60 || return 1
    agent "$s" ip -4 >"$work/$s.ip"
  fi
  [ -s "$work/$s.ip" ]
}

# bring_up SITE...   all of them into the tailnet, four at a time
bring_up() {
  local s i=0 jobs=()
  [ -s "$work/key" ] || "$meshiot" key create --reusable --json --coordinator "$work/coordinator.sock" | jq -r .key >"$work/key"
  for s in "$@"; do
    start_node "$s"
    join_node "$s" >"$work/$s.up" 2>&1 &
    jobs+=($!)
    i=$((i + 1))
    [ $((i % 4)) -ne 0 ] || { wait "${jobs[@]}"; jobs=(); }
  done
  [ ${#jobs[@]} -eq 0 ] || wait "${jobs[@]}"
  for s in "$@"; do
    [ -s "$work/$s.ip" ] || { fail "$s joins" "$(tail -n 2 "$work/$s.up") $(tail -n 2 "$work/$s.log")"; return 1; }
    tunnel_of[$s]=$(cat "$work/$s.ip")
  done
  write_sites
}

# sees SITE PEER   the peer is in the site's netmap and online
sees() {
  if [ "${node_of[$1]}" = theirs ]; then
    "$tailscale" --socket="$work/$1.sock" status --json 2>/dev/null | jq -e --arg h "$2" '[.Peer[]? | select((.DNSName | split(".")[0]) == $h and .Online)] | length > 0'
  else
    agent "$1" status --json | jq -e --arg h "$2" '[.peers[] | select((.name | split(".")[0]) == $h and .online)] | length > 0'
  fi
}
