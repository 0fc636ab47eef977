#!/usr/bin/env bash
# Ten minutes of load on two real gateways (see pair.sh and soak-rounds.sh) with rekeys, nodes that come and go, addresses that change and cards
# that go down: memory and descriptors stay where they are, and every byte is right. The agents run natively compiled, as they are shipped.
# --peers N fills the tailnet with so many further nodes that are away. --json FILE writes samples and results.
#
#   bash tests/interop/soak.sh [--minutes N] [--peers N] [--mbit N] [--meshiotd PATH] [--json FILE]
set -u
caller=$PWD
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
minutes=10 peers=0 mbit=200 json=
number_of() { [[ ${2:-} =~ ^[0-9]+$ ]] || { echo "soak.sh: $1 wants a number (see --help)" >&2; exit 2; }; }
while [ $# -gt 0 ]; do
  case $1 in
    --minutes | --peers | --mbit) number_of "$@"; printf -v "${1#--}" %s "$2"; shift 2 ;;
    --meshiotd) [ -x "${2:-}" ] || { echo "soak.sh: --meshiotd wants a program" >&2; exit 2; }; MESHIOTD=$(realpath "$2"); shift 2 ;;
    --json) [ -n "${2:-}" ] || { echo "soak.sh: --json wants a file" >&2; exit 2; }; case $2 in /*) json=$2 ;; *) json=$caller/$2 ;; esac; shift 2 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "soak.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
done
need_root_and_tun soak
need_pkg ip=iproute2 ping=iputils-ping curl=curl jq=jq || skip_all soak "packages are missing"
need_programs soak
if [ -z "${MESHIOTD:-}" ]; then
  if bash "$here/tools/packaging/publish.sh" --rid linux-x64 --program meshiotd --out "$here/artifacts/native" >"$work/publish.log" 2>&1; then
    MESHIOTD=$here/artifacts/native/meshiotd
  else
    info "no native program ($(tail -n 1 "$work/publish.log")): meshiotd runs as IL, whose memory says little"
  fi
fi
. "$here/tests/interop/pair.sh"
. "$here/tests/interop/soak-rounds.sh"
make_pair soak
info "resident $(rss alpha) and $(rss beta) KiB with one peer, before load"

# away NUMBER   a node that joins and is away from then on
away() {
  start "away$1" ip netns exec "$h" "$agent_program" --tun userspace --udp-bind 10.86.1.1 --udp-port 0 --port-mapping false --hostname "away$1" \
    --state-dir "$work/away$1" --socket "$work/away$1.sock"
  wait_for 30 test -S "$work/away$1.sock" && new_key | agent "away$1" up --claim - --timeout 30 >"$work/away.why" 2>&1 || info "away$1: $(tail -n 1 "$work/away.why")"
  stop "away$1"
  rm -rf "$work/away$1" "$work/away$1.sock"
}
if [ "$peers" -gt 0 ]; then
  for ((n = 1; n <= peers; n++)); do away "$n"; done
  info "resident $(rss alpha) and $(rss beta) KiB with $(agent alpha status --json | jq '.peers | length') peers, before load"
fi
begin_transfer alpha beta 500 0; check "500 MB by TCP arrive as they were sent" "they do not" end_transfer 120
begin_transfer beta alpha 500 0; check "and the other way" "they do not" end_transfer 120
info "resident $(rss alpha) and $(rss beta) KiB after that"
soak_rounds $((minutes * 60)) 10 "$mbit" 2048
info "resident $(rss alpha) and $(rss beta) KiB after $minutes minutes; anonymous $(awk '/^RssAnon/ {print $2}' "/proc/${process_of[alpha]}/status") KiB of alpha's"
[ -z "$json" ] || jq -Rs --argjson minutes "$minutes" --argjson peers "$peers" --argjson passed "$passed" --argjson failed "$failed" '
  {minutes: $minutes, peers: $peers, passed: $passed, failed: $failed,
   samples: [split("\n")[] | select(length > 0) | split(" ") | map(tonumber) | {seconds: .[0], rss_kib: .[1:3], descriptors: .[3:5]}]}' "$work/samples" >"$json"
finish
