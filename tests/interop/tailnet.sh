#!/usr/bin/env bash
# Real peers as judges: unmodified tailscaled nodes in our coordinator's tailnet, our nodes in Headscale's, and both kinds mixed.
#
#   bash tests/interop/tailnet.sh [PART...]          parts: theirs (their clients, our coordinator), relayed (the same with our relay
#                                                    alone between them), headscale (our nodes, their coordinator), mixed (both kinds
#                                                    of node in our coordinator's tailnet)
#   TAILSCALED=… TAILSCALE=… HEADSCALE=… DERPER=… bash tests/interop/tailnet.sh
#   bash tests/interop/tailnet.sh --tailscaled PATH --tailscale PATH --headscale PATH --derper PATH
#
# Programs that are not named are looked for on PATH; what is not there is reported as skipped. tailscaled wants a relay before it
# calls itself running: derper is taken for that, or the one inside headscale. Every node is in a network namespace of its own:
#
#     [ hub: coordinator, relay  10.79.0.1 ]--bridge--[ node 10.79.0.11 ] [ node 10.79.0.12 ] …
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
parts_dir=$(dirname "$0")/tailnet
. "$parts_dir/peers.sh"

parts=()
while [ $# -gt 0 ]; do
  case $1 in
    --tailscaled) TAILSCALED=$2; shift 2 ;;
    --tailscale) TAILSCALE=$2; shift 2 ;;
    --headscale) HEADSCALE=$2; shift 2 ;;
    --derper) DERPER=$2; shift 2 ;;
    -h | --help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "tailnet.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
    *) parts+=("$1"); shift ;;
  esac
done
[ ${#parts[@]} -gt 0 ] || parts=(theirs relayed mixed headscale)

find_peers
if [ -z "$tailscaled" ] && [ -z "$headscale" ]; then
  for part in "${parts[@]}"; do skip "tailnet $part" "skipped: not installed (tailscaled, headscale)"; done
  finish
fi
need_root_and_tun tailnet
need_pkg ip=iproute2 ping=iputils-ping curl=curl busybox=busybox openssl=openssl jq=jq || skip_all tailnet "packages are missing"
need_programs tailnet
make_hub || give_up tailnet "namespaces cannot be made"
head -c 50000000 /dev/urandom >"$work/file" && file_sum=$(sha256sum <"$work/file")

for part in "${parts[@]}"; do
  [ -f "$parts_dir/$part.sh" ] || { fail "tailnet $part" "there is no such part"; continue; }
  info "== $part"
  . "$parts_dir/$part.sh"
done
finish
