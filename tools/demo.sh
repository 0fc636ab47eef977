#!/usr/bin/env bash
# A whole tailnet on this machine, without root: a coordinator, a gateway with sensors and a second node, three processes on
# loopback addresses. The gateway and the node join by one-off keys; then the node reads the gateway's sensors by name,
# through a WireGuard tunnel.
#
#   bash tools/demo.sh            watch it; Ctrl-C ends it and removes everything it made
#   bash tools/demo.sh --check    unattended: asserts that what the node reads is what the gateway sampled
#   bash tools/demo.sh --native   use natively compiled programs from artifacts/native (see README) instead of building
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
. tools/need.sh

mode=watch programs=build
for arg in "$@"; do
  case $arg in
    --check) mode=check ;;
    --native) programs=native ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "demo: no such option: $arg (see --help)" >&2; exit 2 ;;
  esac
done

passed=0 failed=0
ok()   { passed=$((passed + 1)); echo "ok $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1: $2"; }
step() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }
finish() {
  [ "$mode" = check ] && echo "$passed passed, $failed failed, 0 skipped"
  exit $((failed > 0))
}
give_up() { # WHAT LOG
  fail "$1" "it did not work; the end of its log follows"
  [ -n "${2:-}" ] && [ -f "$2" ] && tail -n 20 "$2" | sed 's/^/   | /'
  finish
}

work=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-demo.XXXXXX") || exit 1
chmod 700 "$work"
pids=()
cleanup() {
  local p
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  for p in "${pids[@]}"; do wait "$p" 2>/dev/null; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# --- the programs ---
if [ "$programs" = native ]; then
  coordinator=$root/artifacts/native/meshiot-coordinator meshiotd=$root/artifacts/native/meshiotd meshiot=$root/artifacts/native/meshiot
  [ -x "$coordinator" ] || coordinator=$root/tools/MeshIoT.Coordinator/bin/Release/net10.0/meshiot-coordinator
else
  step "1  Building the three programs (a minute the first time, seconds later)"
  need_dotnet || exit 1
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 UseSharedCompilation=true
  for project in tools/MeshIoT.Coordinator agent/meshiotd tools/meshiot; do
    echo "   $project"
    [ -n "${MESHIOT_DEMO_NOBUILD:-}" ] || dotnet build "$project" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || { cat "$work/build.log"; give_up "build of $project"; }
  done
  dotnet build-server shutdown >/dev/null 2>&1
  coordinator=$root/tools/MeshIoT.Coordinator/bin/Release/net10.0/meshiot-coordinator
  meshiotd=$root/agent/meshiotd/bin/Release/net10.0/meshiotd
  meshiot=$root/tools/meshiot/bin/Release/net10.0/meshiot
fi

# wait_for SECONDS COMMAND...
wait_for() {
  local until=$((SECONDS + $1))
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $until ] || return 1
    sleep 0.2
  done
}

# free_port ADDRESS FIRST   the first port from FIRST on that nobody listens on
free_port() {
  local port=$2
  while (exec 3<>"/dev/tcp/$1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

start() { # NAME COMMAND...
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  pids+=($!)
}

# --- the coordinator ---
port=$(free_port 127.0.0.1 8480)
step "2  Starting a coordinator at http://127.0.0.1:$port"
start coordinator "$coordinator" serve --listen "127.0.0.1:$port" --state "$work/coordinator" --socket "$work/coordinator.sock" --base-domain demo.meshiot
export MESHIOT_COORDINATOR_SOCKET=$work/coordinator.sock
wait_for 30 "$meshiot" key list || give_up "the coordinator answers" "$work/coordinator.log"
ok "the coordinator answers"

# --- the gateway and the node ---
page_port=$(free_port 127.0.0.2 8080)
step "3  Starting a gateway \"greenhouse\" (127.0.0.2) and a node \"laptop\" (127.0.0.3), in userspace, without root"
start greenhouse "$meshiotd" --hostname greenhouse --tun userspace --udp-bind 127.0.0.2 --udp-port 0 --sensors sim,host --sample-interval 1 \
  --state-dir "$work/greenhouse" --socket "$work/greenhouse.sock" --web-listen "127.0.0.2:$page_port"
start laptop "$meshiotd" --hostname laptop --tun userspace --udp-bind 127.0.0.3 --udp-port 0 --sensors host \
  --state-dir "$work/laptop" --socket "$work/laptop.sock"
greenhouse() { "$meshiot" "$@" --socket "$work/greenhouse.sock"; }
laptop() { "$meshiot" "$@" --socket "$work/laptop.sock"; }
wait_for 30 test -S "$work/greenhouse.sock" || give_up "the gateway starts" "$work/greenhouse.log"
wait_for 30 test -S "$work/laptop.sock" || give_up "the second node starts" "$work/laptop.log"

step "4  A one-off key as a QR code: what you would scan with the gateway's camera or a phone"
qr=(--qr)
[ "$mode" = check ] && qr=(--qr --qr-format ascii)
"$meshiot" key create "${qr[@]}" --description greenhouse >"$work/claim" || give_up "a key is created" "$work/coordinator.log"
ok "a key is created and drawn as a QR code"
greenhouse up --claim "file:$work/claim" || give_up "the gateway joins" "$work/greenhouse.log"
ok "the gateway joins by its claim"
"$meshiot" key create --quiet --description laptop | laptop up --claim - || give_up "the second node joins" "$work/laptop.log"
ok "the second node joins by another"

step "5  What the second node sees"
wait_for 20 sh -c "'$meshiot' status --socket '$work/laptop.sock' | grep -q greenhouse" || give_up "the nodes see each other" "$work/laptop.log"
laptop ping --icmp -c 1 greenhouse --timeout 15s || give_up "the gateway answers a ping through the tunnel" "$work/laptop.log"
ok "the gateway answers a ping through the tunnel"
laptop status
echo
laptop sensor list greenhouse || give_up "the sensors are listed" "$work/laptop.log"
ok "the gateway's sensors are listed from the second node"

if [ "$mode" = watch ]; then
  step "6  Values as they come, by name: overlay address, path, and the tunnel's byte counters in brackets"
  echo "   The gateway's page: http://127.0.0.2:$page_port/     (Ctrl-C ends the demo)"
  echo "   From another terminal: MESHIOT_SOCKET=$work/laptop.sock $meshiot status"
  echo
  laptop sensor watch greenhouse --interval 1s
  finish
fi

# --- unattended: the value read far away must be the value sampled here ---
step "6  Checking"
json() { # FIELD   the field of the JSON object on stdin: a number or a string
  sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\)\"\{0,1\}[,}].*/\1/p" | head -n 1
}

sensor=sim.air_temperature same=0 compared=0
for _ in $(seq 1 60); do
  here=$(greenhouse sensor read "greenhouse/$sensor" --json) far=$(laptop sensor read "greenhouse/$sensor" --json)
  if [ -n "$here" ] && [ "$(json time <<<"$here")" = "$(json time <<<"$far")" ]; then
    compared=$((compared + 1))
    if [ "$(json value <<<"$here")" = "$(json value <<<"$far")" ]; then same=$((same + 1)); fi
  fi
  [ $compared -ge 3 ] && break
done
if [ $compared -ge 3 ] && [ $same = $compared ]; then
  ok "$same samples read remotely equal what the gateway sampled (last: $(json value <<<"$far") at $(json time <<<"$far"))"
else
  fail "samples read remotely equal what the gateway sampled" "$same of $compared agree; here: $here far: $far"
fi

address=$(json address <<<"$far") endpoint=$(json endpoint <<<"$far") before=$(json rxBytes <<<"$far")
case $address in 100.*) ok "it came by the overlay address $address" ;; *) fail "overlay address" "$far" ;; esac
case $endpoint in 127.0.0.2:*) ok "the path is direct, to $endpoint" ;; *) fail "direct path" "$far" ;; esac
laptop sensor read "greenhouse/$sensor" --json >"$work/again"
after=$(json rxBytes <"$work/again")
if [ "${after:-0}" -gt "${before:-0}" ]; then ok "the tunnel's counter of received bytes grew from $before to $after"; else fail "counters grow" "$before then $after"; fi

lines=$(laptop sensor watch "greenhouse/$sensor" --interval 500ms -C 3 -W 20 | grep -c "direct 127.0.0.2")
if [ "$lines" = 3 ]; then ok "sensor watch shows three new values with path and counters"; else fail "sensor watch" "$lines lines of 3"; fi

format=$(laptop sensor watch greenhouse -C 1 -W 20 -F '%g %u %p')
case $format in "greenhouse "*" "[0-9]*) ok "and prints them as a format says" ;; *) fail "sensor watch -F" "$format" ;; esac

if laptop sensor history "$sensor" --since 15m >"$work/history" && grep -q 'min .* mean .* max .* values' "$work/history"; then
  ok "history comes through the tunnel: $(sed -n 2p "$work/history" | sed 's/.*  min/min/')"
else
  fail "history through the tunnel" "$(cat "$work/history")"
fi
if laptop sensor export "$sensor" --since 15m -o "$work/export.csv" 2>"$work/export.log" && [ "$(wc -l <"$work/export.csv")" -gt 1 ] && grep -q "^greenhouse,.*,$sensor," "$work/export.csv"; then
  ok "and whole, as CSV: $(sed 's/^meshiot: //; s/ are in .*//' "$work/export.log")"
else
  fail "export through the tunnel" "$(cat "$work/export.log"; head -n 3 "$work/export.csv")"
fi

page=$(exec 3<>"/dev/tcp/127.0.0.2/$page_port" && printf 'GET / HTTP/1.1\r\nHost: 127.0.0.2\r\nConnection: close\r\n\r\n' >&3 && cat <&3)
case $page in *"200 OK"*"MeshIoT gateway"*) ok "the gateway serves its page" ;; *) fail "the page" "${page:0:200}" ;; esac

if laptop up --claim "file:$work/claim" --timeout 5 >"$work/reuse" 2>&1; then
  ok "a node that is in stays in when it is shown a used key"
else
  grep -q 'auth-key\|claim' "$work/reuse" && ok "a used key is refused with its own code" || fail "used key" "$(cat "$work/reuse")"
fi

secret=$(sed 's/.*:1\/[^/]*\/\([^/]*\).*/\1/' "$work/claim")
if grep -qF "$secret" "$work"/*.log; then fail "no secret in a log" "the claim stands in $(grep -lF "$secret" "$work"/*.log)"; else ok "no secret stands in a log"; fi
"$meshiot" node list
finish
