#!/usr/bin/env bash
# The NAT lab: an internet with distances in network namespaces, sites behind gateways of every kind, and what nodes make of it.
#
#   bash tests/interop/nat.sh                     everything (about ten minutes on two cores)
#   bash tests/interop/nat.sh --quick             a few pairs and events (about a minute and a half)
#   bash tests/interop/nat.sh --json FILE         the matrix and the switch-over figures as JSON, too
#   bash tests/interop/nat.sh --pairs WORD        only pairs whose name holds the word: sym, port-port, …
#   bash tests/interop/nat.sh --with-tailscaled   the same with real tailscaled nodes and derper, for reference
#   bash tests/interop/nat.sh --parts "WORD…"     kinds, matrix, says, events, mixed (default: all; quick: not mixed)
#
# Kinds of sites: open (public address), fullcone, addr (address-restricted), port (port-restricted), sym (symmetric), double
# (port behind port), cgnat (port behind a carrier's NAT with 100.64/10 between), lte (a carrier's NAT, 80 ms and 2 % loss), blocked (no
# UDP), v6 (IPv6 alone), portmap (symmetric, with UPnP, NAT-PMP and PCP). The script proves each with plain sockets before any node starts.
# TAILSCALED, TAILSCALE and DERPER name real peers for the mixed part; what is not there is reported as skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/interop/lib.sh
. tests/interop/programs.sh
parts_dir=tests/interop/nat

json='' pair_word='' quick=no nodes=ours parts=''
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=$2; shift 2 ;;
    --pairs) pair_word=$2; shift 2 ;;
    --parts) parts=$2; shift 2 ;;
    --quick) quick=yes; shift ;;
    --with-tailscaled) nodes=theirs; shift ;;
    -h | --help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "nat.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
done
[ -n "$parts" ] || { parts='kinds matrix says events mixed'; [ $quick = no ] || parts='kinds matrix says events'; }
want() { [[ " $parts " = *" $1 "* ]]; }
for part in net portmapper kinds nodes matrix says events mixed report; do . "$parts_dir/$part.sh"; done

tailscaled=$(command -v "${TAILSCALED:-tailscaled}" 2>/dev/null) tailscale=$(command -v "${TAILSCALE:-tailscale}" 2>/dev/null) derper=$(command -v "${DERPER:-derper}" 2>/dev/null)
need_root_and_tun nat
if [ $nodes = theirs ] && { [ -z "$tailscaled" ] || [ -z "$tailscale" ] || [ -z "$derper" ]; }; then
  skip_all "nat --with-tailscaled" "skipped: not installed (tailscaled, tailscale, derper)"
fi
relay_kind=ours
[ $nodes = theirs ] && relay_kind=derper
need_pkg ip=iproute2 nft=nftables conntrack=conntrack openssl=openssl jq=jq || skip_all nat "packages are missing"
need_programs nat
probe=$here/tests/interop/MeshIoT.Interop.Nat/bin/Release/net10.0/MeshIoT.Interop.Nat
[ -x "$probe" ] || dotnet build "$here/tests/interop/MeshIoT.Interop.Nat" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || give_up nat "the probe does not build"

kinds=("${all_kinds[@]}")
[ $quick = no ] || kinds=(port sym blocked)
if [[ " ${kinds[*]} " = *" portmap "* ]]; then
  need_pkg miniupnpd=miniupnpd-nftables || { skip "portmap" "miniupnpd cannot be installed"; kinds=("${kinds[@]/portmap/}"); }
  miniupnpd=$(command -v miniupnpd)
fi

make_internet || give_up nat "namespaces cannot be made"
write_hosts
for k in "${kinds[@]}"; do
  for n in 1 2; do make_site "$k-$n" "$k" || give_up nat "the site $k-$n cannot be made"; done
done
if want mixed && [ $nodes = ours ] && [ -n "$tailscaled" ]; then
  for k in "${mixed_kinds[@]}"; do make_site "$k-3" "$k" || give_up nat "the site $k-3 cannot be made"; done
fi
[ $quick = no ] || make_site cgnat-1 cgnat || give_up nat "the site cgnat-1 cannot be made"
start_wire || give_up nat "the wire does not start: $(tail -n 2 "$work/wire.log")"
write_sites
mapfile -t pairs < <(pairs_of "${kinds[@]}")
[ ${#pairs[@]} -gt 0 ] || give_up nat "no pair's name holds \"$pair_word\""

part_kinds || finish
if want kinds; then part_punch "${pairs[@]}"; fi
if want matrix || want says || want events || want mixed; then
  certificates || give_up nat "no certificates"
  for n in 1 2; do start_relay $n || give_up nat "relay $n does not start: $(tail -n 2 "$work/relay$n.log")"; done
  write_derp_map
  start_coordinator || give_up nat "the coordinator does not start: $(tail -n 2 "$work/coordinator.log")"
  mapfile -t first < <(printf '%s\n' "${sites[@]}" | grep -v -- '-3$')
  for s in "${first[@]}"; do node_of[$s]=$nodes; done
  bring_up "${first[@]}" || finish
fi
! want matrix || { warm_up "${kinds[@]}"; part_matrix matrix "${pairs[@]}"; part_p95; table "${kinds[@]}"; }
! want says || part_says
! want events || part_events
! want mixed || part_mixed
[ -z "$json" ] || write_json "$json"
finish
