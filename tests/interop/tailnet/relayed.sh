# shellcheck shell=bash
# Unmodified tailscaled nodes that have nothing but the relay inside our coordinator: UDP passes to the hub (STUN) and nowhere else.
# Sourced by tailnet.sh.

part_relayed() {
  [ -n "$tailscaled" ] || { skip "relayed" "skipped: not installed (tailscaled, tailscale)"; return; }
  need_pkg nft=nftables || { skip "relayed" "skipped: not installed (nft)"; return; }
  start_with_relay || { fail "our coordinator starts, with its relay" "$(tail -n 3 "$work/coordinator.log")"; return; }
  local a b

  for n in far1 far2; do
    start_ts $n && only_relay $n || { fail "tailscaled starts" "$(tail -n 3 "$work/$n.log")"; return; }
    check "$n joins, and has our relay as its home" "it does not" ts_up $n --auth-key="$(auth_key)"
  done
  check "each sees the other, online" "it does not" wait_for 30 eval 'ts_sees far1 far2 && ts_sees far2 far1'
  check "tailscale netcheck measures our region by STUN" "it does not" wait_for 30 eval 'at far1 "$tailscale" --socket="$work/far1.tsock" netcheck 2>&1 | grep -A5 "DERP latency" | grep -q "lab: [0-9]"'
  check "the certificate is pinned: sha256-raw in the DERP map" "it is not" eval 'ts far1 debug derp-map | jq -e ".Regions[\"900\"].Nodes[0].CertName | startswith(\"sha256-raw:\")"'
  a=$(ts_ip far1) b=$(ts_ip far2)
  check "tailscale ping goes via DERP(lab)" "it does not" wait_for 40 eval 'ts far1 ping --c 1 --timeout 5s '"$b"' | grep -q "via DERP(lab)"'
  serve_file far1; serve_file far2
  both_ways far1 "$a" far2 "$b"
  check "still via DERP(lab)" "it is not" eval 'ts far2 ping --c 1 --timeout 5s '"$a"' | grep -q "via DERP(lab)"'

  local key; key=$(ts_key far2)
  check "the relay knows far2's key" "it does not" relay_has "$key"
  check "meshiot node expire" "it fails" admin node expire far2 --yes
  check "an expired node is put out of the relay at once" "it is not" wait_for 5 grep -q "connections to the relay were closed" "$work/coordinator.log"
  check "and is not let in again" "it is" wait_for 20 grep -q "is not admitted" "$work/coordinator.log"
  check "far2 logs in again by key" "it fails" ts_up far2 --force-reauth --auth-key="$(auth_key)"
  check "and is reached through the relay again" "it is not" wait_for 40 pings far1 "$b"

  kill -9 "${process_of[coordinator]}"; wait "${process_of[coordinator]}" 2>/dev/null
  start_with_relay
  check "coordinator and relay killed and started again: the tunnel through the relay is back" "it is not" wait_for 60 pings far1 "$b"
  stop far1; stop far2; stop www-far1; stop www-far2; stop coordinator
  rm -rf "$work/coordinator"
  relayed_mesh
}

# A region of two relays, ours and derper, that forward to each other: one node is at this one, the other at that one.
relayed_mesh() {
  [ -n "$derper" ] || { skip "mesh with derper" "skipped: not installed (derper)"; return; }
  certificate && openssl rand -hex 32 >"$work/mesh.key" && chmod 600 "$work/mesh.key"
  local pin ours_map a b
  pin=sha256-raw:$(openssl x509 -in "$work/tls/$hub_ip.crt" -outform DER | sha256sum | cut -d' ' -f1)
  start ours ip netns exec "$hub" "$coordinator" relay --listen "$hub_ip:8445" --stun off --host "$hub_ip" --code lab --state "$work/ours" --anyone \
    --metrics 127.0.0.1:9091 --mesh-key "$work/mesh.key" --mesh-with "$hub_ip:3341=$pin"
  wait_for 20 grep -q Regions "$work/ours.log"
  ours_map=$(sed -n 2p "$work/ours.log")
  start theirs-relay ip netns exec "$hub" env SSL_CERT_FILE="$work/ours/relay-tls.pem" "$derper" -a "$hub_ip:3341" -http-port -1 -certmode manual -certdir "$work/tls" -hostname "$hub_ip" \
    -stun -stun-port 3481 -c "$work/derper-mesh.json" -mesh-psk-file "$work/mesh.key" -mesh-with "$hub_ip:8445"
  jq -c --arg ip "$hub_ip" '.Regions["900"].Nodes += [{"Name":"900b","RegionID":900,"HostName":$ip,"IPv4":$ip,"IPv6":"none","DERPPort":3341,"STUNPort":3481,"InsecureForTests":true}]' <<<"$ours_map" >"$work/mesh-derp.json"
  start coordinator ip netns exec "$hub" "$coordinator" serve --listen 0.0.0.0:8080 --server-url "http://$hub_ip:8080" --base-domain lab.internal \
    --state "$work/coordinator" --socket "$work/coordinator.sock" --no-relay --derp-map "$work/mesh-derp.json"
  wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock"
  check "our relay and derper tell each other of their clients" "they do not" wait_for 40 sh -c "ip netns exec '$hub' curl -sf http://127.0.0.1:9091/metrics | grep -q '^meshiot_relay_mesh_links 1'"

  for n in near1 near2; do start_ts $n && only_relay $n; done
  at near2 nft "add rule inet only out ip daddr $hub_ip tcp dport 8445 drop"
  check "near1 joins, at our relay" "it does not" ts_up near1 --auth-key="$(auth_key)"
  check "near2 joins, at derper" "it does not" ts_up near2 --auth-key="$(auth_key)"
  wait_for 30 eval 'ts_sees near1 near2 && ts_sees near2 near1'
  a=$(ts_ip near1) b=$(ts_ip near2)
  check "tailscale ping goes through both relays" "it does not" wait_for 60 eval 'ts near1 ping --c 1 --timeout 5s '"$b"' | grep -q "via DERP(lab)"'
  serve_file near1; serve_file near2
  both_ways near1 "$a" near2 "$b"
  check "packets were forwarded in both directions" "they were not" sh -c "ip netns exec '$hub' curl -sf http://127.0.0.1:9091/metrics | awk '/^meshiot_relay_forwarded_(in|out)_total/ { if (\$2 < 1000) bad = 1; n++ } END { exit bad || n != 2 }'"
  stop near1; stop near2; stop www-near1; stop www-near2; stop coordinator; stop theirs-relay; stop ours
  rm -rf "$work/coordinator"
}

start_with_relay() {
  start coordinator ip netns exec "$hub" "$coordinator" serve --listen 0.0.0.0:8080 --server-url "http://$hub_ip:8080" --base-domain lab.internal \
    --state "$work/coordinator" --socket "$work/coordinator.sock" --relay-code lab --relay-metrics 127.0.0.1:9090 --relay-listen "$hub_ip:8444" --relay-stun "$hub_ip:3480"
  wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock"
}

# only_relay NAME   UDP from the node's namespace reaches the hub and nobody else
only_relay() { at "$1" nft "add table inet only; add chain inet only out { type filter hook output priority 0; }; add rule inet only out meta l4proto udp ip daddr != $hub_ip drop; add rule inet only out meta l4proto udp ip6 daddr ::/0 drop"; }

relay_has() { inside "$hub" curl -sf http://127.0.0.1:9090/metrics | grep -q '^meshiot_relay_client_keys 2'; }

part_relayed
