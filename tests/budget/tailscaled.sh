#!/usr/bin/env bash
# The figures of lean.sh for tailscaled, where one is on the PATH or named by TAILSCALED (its command line: TAILSCALE): joined to the same
# coordinator, in the same way, without the kernel. Says what it found; judges nothing.
#
#   bash tests/budget/tailscaled.sh SERVER KEY-FILE FOLDER
set -u
server=$1 key=$2 folder=$3
daemon=${TAILSCALED:-$(command -v tailscaled)} client=${TAILSCALE:-$(command -v tailscale)}
[ -x "${daemon:-}" ] && [ -x "${client:-}" ] || { echo "tailscaled: there is none here to compare with"; exit 0; }
now_ms() { date +%s%3N; }
began=$(now_ms)
"$daemon" --tun=userspace-networking --statedir="$folder/tailscaled" --socket="$folder/tailscaled.sock" --port=0 --no-logs-no-support \
  >"$folder/tailscaled.log" 2>&1 </dev/null &
pid=$!
trap 'kill $pid 2>/dev/null; wait $pid 2>/dev/null' EXIT
for _ in {1..400}; do [ -S "$folder/tailscaled.sock" ] && break; sleep 0.02; done
# The claim's first word is the auth key; the file may hold a whole claim.
auth=$(grep -oE '[0-9A-HJKMNP-TV-Z]{24}' "$key" | head -n 1)
if ! timeout 40 "$client" --socket="$folder/tailscaled.sock" up --login-server="$server" --auth-key="${auth:-file:$key}" --hostname=judge --timeout=30s >"$folder/tailscale.log" 2>&1; then
  echo "tailscaled: did not join: $(tail -n 1 "$folder/tailscale.log")"
  exit 0
fi
joined=$(($(now_ms) - began))
field() { awk -v field="$1:" '$1 == field { print $2 }' /proc/$pid/status; }
wakeups() { cat /proc/$pid/task/*/status 2>/dev/null | awk '$1 == "voluntary_ctxt_switches:" { n += $2 } END { print n + 0 }'; }
sleep 3
just="VmRSS $(field VmRSS) kB, of it anonymous $(field RssAnon) kB"
sleep 7
before=$(wakeups)
sleep 10
echo "tailscaled $("$daemon" --version | head -n 1): $(stat -c %s "$daemon") bytes; start to joined $joined ms; just joined $just; after 20 s VmRSS $(field VmRSS) kB; $(field Threads) threads, $((($(wakeups) - before) / 10)) wake-ups a second"
