#!/usr/bin/env bash
# How lean the agent is: size, memory, start, disk, wake-ups and what it is made of, in both of its profiles, against the budgets of
# tests/budget/native.txt. Beside them tailscaled's figures, where one is on the PATH or named by TAILSCALED: printed, not judged.
# Loopback only, no root. A minute and a half, and the compilation of what is missing; needs the programs of tests/aot.sh, or makes them.
#
#   bash tests/budget/lean.sh               all of it; compiles the mesh-only agent
#   bash tests/budget/lean.sh --no-publish  with the programs that lie in artifacts/native and artifacts/mesh-only
#   bash tests/budget/lean.sh --arm64       compiles the mesh-only agent for arm64 too
#   bash tests/budget/lean.sh --hour        watches the idle agents for an hour instead of half a minute
#   bash tests/budget/lean.sh --accept      writes what the programs are made of to tests/budget/dependencies.txt, and ends
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
. tools/need.sh
. tests/interop/lib.sh
. tests/budget/lib.sh

publish=yes arm64=no window=30 accept=no
while [ $# -gt 0 ]; do
  case $1 in
    --no-publish) publish=no ;;
    --arm64) arm64=yes ;;
    --hour) window=3600 ;;
    --accept) accept=yes ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "tests/budget/lean.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
  shift
done

need_packages clang lld llvm libc6-dev || skip_all "the agent's budgets" "the Debian packages for compiling native code cannot be installed here"
native=$root/artifacts/native mesh=$root/artifacts/mesh-only
for program in meshiotd meshiot meshiot-coordinator; do
  [ -x "$native/$program" ] || bash tools/packaging/publish.sh --rid linux-x64 --program $program || give_up "$program compiles" "see above"
done
if [ $publish = yes ] || [ ! -x "$mesh/meshiotd" ]; then
  check "the mesh-only agent compiles for x64 without a warning" "see above" bash tools/packaging/publish.sh --rid linux-x64 --profile mesh-only
  [ $arm64 = no ] || check "the mesh-only agent compiles for arm64 without a warning" "see above" bash tools/packaging/publish.sh --rid linux-arm64 --profile mesh-only
fi
[ -x "$mesh/meshiotd" ] || give_up "there is a mesh-only agent" "$mesh/meshiotd is missing"

# --- what they are made of ---
bash tests/budget/dependencies.sh "$native" "$mesh" >"$work/dependencies.txt" 2>"$work/why" || give_up "what the programs are made of can be told" "$(cat "$work/why")"
if [ $accept = yes ]; then cp "$work/dependencies.txt" tests/budget/dependencies.txt && ok "tests/budget/dependencies.txt is written"; finish; fi
check "the programs are made of what tests/budget/dependencies.txt says, and of nothing else" \
  "look at the difference; --accept takes it" diff tests/budget/dependencies.txt "$work/dependencies.txt"

# --- size, with the native libraries they load ---
sum() { stat -c %s "$@" | awk '{ n += $1 } END { print n }'; }
within size.x64.mesh-only "$(sum "$mesh/meshiotd" "$mesh/libsodium.so")"
within size.x64.gateway "$(sum "$native/meshiotd" "$native/libsodium.so" "$native/libe_sqlite3.so")"
[ ! -x "$mesh-arm64/meshiotd" ] || within size.arm64.mesh-only "$(sum "$mesh-arm64/meshiotd" "$mesh-arm64/libsodium.so")"
says_profile() { [ "$("$1/meshiotd" version --verbose | sed -n 2p)" = "profile: $2" ]; }
check "meshiotd version says which profile it is: mesh-only" "it does not" says_profile "$mesh" mesh-only
check "meshiotd version says which profile it is: gateway" "it does not" says_profile "$native" gateway
printf 'hostname = "x"\n[mqtt]\n' >"$work/wants.toml"
refuses() { "$mesh/meshiotd" configtest --config "$1" 2>&1 | grep -q "not-in-this-build.*\[mqtt\].*wants.toml:2\|\[mqtt\].*wants.toml:2.*not in this build"; }
check "a section that the mesh-only agent has no part for is refused by name and line" "$("$mesh/meshiotd" configtest --config "$work/wants.toml" 2>&1)" refuses "$work/wants.toml"

. tests/interop/programs.sh

# --- by https: what was left out of the programs is not what verifies a certificate ---
if command -v openssl >/dev/null; then
  tls_port=$(free_port 127.0.0.1 8650)
  {
    openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=an authority" -days 2 -keyout "$work/ca.key" -out "$work/ca.pem" &&
      openssl req -newkey rsa:2048 -nodes -subj "/CN=coordinator" -keyout "$work/tls.key" -out "$work/tls.csr" &&
      printf 'subjectAltName=DNS:localhost\n' >"$work/san" &&
      openssl x509 -req -in "$work/tls.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -days 2 -extfile "$work/san" -out "$work/tls.pem"
  } >"$work/openssl.log" 2>&1 || give_up "certificates are made" "$(tail -n 2 "$work/openssl.log")"
  start secure "$native/meshiot-coordinator" serve --listen "127.0.0.1:$tls_port" --state "$work/secure" --socket "$work/secure.sock" --no-relay \
    --base-domain tls.meshiot --server-url "https://localhost:$tls_port" --tls-cert "$work/tls.pem" --tls-key "$work/tls.key"
  wait_for 30 "$native/meshiot" key list --coordinator "$work/secure.sock" || give_up "the coordinator answers by https" "$(tail -n 3 "$work/secure.log")"
  "$native/meshiot" key create --quiet --reusable --coordinator "$work/secure.sock" >"$work/secure.key"
  # by_https NAME PROGRAM AUTHORITIES   starts it with these authorities and lets it join
  by_https() {
    start "$1" env SSL_CERT_FILE="$3" SSL_CERT_DIR=/nonexistent "$2" --hostname "$1" --tun userspace --udp-bind 127.0.6.9 --udp-port 0 --state-dir "$work/$1" --socket "$work/$1.sock"
    wait_for 20 test -S "$work/$1.sock" && "$native/meshiot" up --login-server "https://localhost:$tls_port" --auth-key "file:$work/secure.key" --timeout 15 --socket "$work/$1.sock"
  }
  for profile in gateway mesh-only; do
    case $profile in gateway) program=$native/meshiotd ;; *) program=$mesh/meshiotd ;; esac
    check "$profile: joins by https with a certificate of an authority that it knows" "it does not" by_https "known-$profile" "$program" "$work/ca.pem"
    stop "known-$profile"
    if by_https "unknown-$profile" "$program" /dev/null >"$work/unknown.why" 2>&1; then
      fail "$profile: does not join with a certificate of an authority that nobody knows" "it did"
    elif grep -qi 'certificate' "$work/unknown.why"; then
      ok "$profile: does not join with a certificate of an authority that nobody knows"
    else
      fail "$profile: does not join with a certificate of an authority that nobody knows, and says so" "$(tail -n 2 "$work/unknown.why")"
    fi
    stop "unknown-$profile"
  done
  stop secure
else
  skip "joining by https" "there is no openssl"
fi

# --- a tailnet with a relay: an agent of each profile, and ten peers that talk to both ---
export MESHIOT_COORDINATOR_SOCKET=$work/coordinator.sock
port=$(free_port 127.0.0.1 8680) relay_port=$(free_port 127.0.0.1 8710) web_port=$(free_port 127.0.0.1 8740) mqtt_port=$(free_port 127.0.0.1 8770)
start coordinator "$native/meshiot-coordinator" serve --listen "127.0.0.1:$port" --state "$work/coordinator" --socket "$work/coordinator.sock" \
  --base-domain lean.meshiot --relay-listen "127.0.0.1:$relay_port" --relay-stun "127.0.0.1:$relay_port" --max-connections-per-address 2048
wait_for 30 "$native/meshiot" key list || give_up "the coordinator answers" "$(tail -n 3 "$work/coordinator.log")"
"$native/meshiot" key create --quiet --reusable >"$work/key" || give_up "a key is created" "see above"

# node NAME ADDRESS PROGRAM...   starts it and joins; 1 with the reason in $work/NAME.why
node() {
  local name=$1 address=$2
  shift 2
  start "$name" "$@" --hostname "$name" --tun userspace --udp-bind "$address" --udp-port 0 --state-dir "$work/$name" --socket "$work/$name.sock"
  { wait_for 60 test -S "$work/$name.sock" && "$native/meshiot" up --claim "file:$work/key" --timeout 60 --socket "$work/$name.sock"; } >"$work/$name.why" 2>&1
}
status() { "$native/meshiot" status --json --socket "$work/$1.sock"; }

# From the program's start until it is a node of the tailnet: three with a claim, then one of them three times with what it has kept. The best of
# three, because other work on the machine only ever adds.
joined() { status quick 2>/dev/null | grep -q '"backendState": "Running"'; }
first=999999 again=999999
for i in 1 2 3 1 1 1; do
  began=$(now_ms) kept=no
  [ ! -d "$work/quick$i" ] || kept=yes
  start quick "$mesh/meshiotd" --hostname "quick$i" --tun userspace --udp-bind 127.0.6.9 --udp-port 0 --state-dir "$work/quick$i" --socket "$work/quick.sock"
  until [ -S "$work/quick.sock" ] || [ $(($(now_ms) - began)) -gt 20000 ]; do sleep 0.005; done
  if [ $kept = no ]; then
    "$native/meshiot" up --claim "file:$work/key" --timeout 60 --socket "$work/quick.sock" >"$work/quick.why" 2>&1 || give_up "the mesh-only agent joins" "$(cat "$work/quick.why" "$work/quick.log")"
    took=$(($(now_ms) - began))
    [ "$took" -ge $first ] || first=$took
  else
    until joined || [ $(($(now_ms) - began)) -gt 20000 ]; do sleep 0.005; done
    took=$(($(now_ms) - began))
    [ "$took" -ge $again ] || again=$took
  fi
  stop quick
done
info "start to joined: $first ms with a claim, $again ms with a login that it has"
within joined.mesh-only "$first"
within joined-again.mesh-only "$again"

# Everything on: sensors of the machine and simulated ones, history, page, the MQTT broker with a user, alerts by webhook.
echo secret | "$native/meshiotd" mqtt-password ann >"$work/users"
cat >"$work/gateway.toml" <<TOML
sensors = "host,sim"
web_listen = "127.0.0.1:$web_port"
[history]
[mqtt]
listen = ["tailnet", "127.0.0.1:$mqtt_port"]
users_file = "$work/users"
[[mqtt.user]]
name = "ann"
read = ["#"]
write = ["#"]
[alerts]
[[alerts.webhook]]
url = "http://127.0.0.1:9/nobody"
TOML
node gateway 127.0.6.1 "$native/meshiotd" --config "$work/gateway.toml" || give_up "the gateway joins" "$(cat "$work/gateway.why" "$work/gateway.log")"
node mesh 127.0.6.2 "$mesh/meshiotd" || give_up "the mesh-only agent joins" "$(cat "$work/mesh.why" "$work/mesh.log")"
answers() { "$native/meshiot" ping --icmp -c 1 "$2" --timeout 20s --socket "$work/$1.sock"; }
for i in {1..10}; do
  node "peer$i" "127.0.6.$((i + 10))" "$mesh/meshiotd" && answers "peer$i" gateway >"$work/peer$i.why" 2>&1 && answers "peer$i" mesh >"$work/peer$i.why" 2>&1 ||
    give_up "ten peers talk to both" "peer$i: $(tail -n 2 "$work/peer$i.why")"
done
home() { status "$1" | grep -q '"connected": true'; }
for name in gateway mesh; do check "$name has a home relay, by TLS" "$("$native/meshiot" status --socket "$work/$name.sock" | tail -n 3)" wait_for 30 home $name; done
elsewhere() { "$native/meshiot" sensor drivers --socket "$work/mesh.sock" 2>&1 | grep -q 'not in this build'; }
check "asked for drivers, the mesh-only agent says that it has none in it" "$("$native/meshiot" sensor drivers --socket "$work/mesh.sock" 2>&1 | head -n 2)" elsewhere

# --- idle: what start and joining took is given back ten seconds after the last change; then a window in which nothing happens ---
sleep 15
declare -A woken spent put
for name in gateway mesh; do
  files "$work/$name" >"$work/$name.files"
  woken[$name]=$(wakeups $name) spent[$name]=$(ticks $name) put[$name]=$(written $name)
done
sleep "$window"
for name in gateway mesh; do
  w=$(($(wakeups $name) - woken[$name])) t=$(($(ticks $name) - spent[$name])) b=$(($(written $name) - put[$name]))
  rate=$(((w * 10 + window - 1) / window))
  info "$name, idle for $window s: VmRSS $(memory $name VmRSS) kB, of it anonymous $(memory $name RssAnon) kB, at most $(memory $name VmHWM) kB; $(memory $name Threads) threads, $((rate / 10)).$((rate % 10)) wake-ups a second, $t ticks, $b bytes to a disk"
  within "rss.$name" "$(memory $name VmRSS)"
  within "anonymous.$name" "$(memory $name RssAnon)"
  within "wakeups.$name" $rate
  within "idle-cpu.$name" $((t * 100 / window))
done
within disk.mesh $(($(written mesh) - put[mesh]))
files "$work/mesh" >"$work/mesh.files.now"
check "an idle mesh-only agent leaves its files alone" "they changed" diff "$work/mesh.files" "$work/mesh.files.now"
# What a busy page leaves behind is collected, however much cache the processor has.
if command -v curl >/dev/null; then
  curl -s "http://127.0.0.1:$web_port/api/v1/sensors?i=[1-4000]" >"$work/answers" 2>&1
  check "the page's interface answers while it is measured" "$(head -c 300 "$work/answers")" grep -q '"sensors"' "$work/answers"
  within anonymous.gateway-asked "$(memory gateway RssAnon)"
else
  skip "memory after 4000 questions" "there is no curl"
fi
stop gateway
for i in {1..10}; do stop "peer$i"; done

# --- six hundred peers: what one more costs, from ten to six hundred, each time an agent that has just joined and settled ---
sim=$root/tools/MeshIoT.Sim/bin/Release/net10.0/meshiot-sim
[ -x "$sim" ] || dotnet build tools/MeshIoT.Sim -c Release -v quiet -nologo >"$work/sim.build" 2>&1 || give_up "the simulator builds" "$(tail -n 3 "$work/sim.build")"
few=$(memory mesh RssAnon)
start fleet "$sim" join --socket "$work/coordinator.sock" --server "127.0.0.1:$port" --nodes 586
wait_for 100 grep -q '^JOINED' "$work/fleet.log" || give_up "586 simulated nodes join beside the fourteen peers that it has" "$(tail -n 3 "$work/fleet.log")"
stop mesh
start many "$mesh/meshiotd" --hostname mesh --tun userspace --udp-bind 127.0.6.2 --udp-port 0 --state-dir "$work/mesh" --socket "$work/many.sock"
peers() { status many 2>/dev/null | grep -o '"nodeKey": *"nodekey:' | wc -l; }
sees() { [ "$(peers)" -ge 600 ]; }
wait_for 60 sees || give_up "the agent sees 600 peers" "it sees $(peers)"
sleep 20
info "600 peers: VmRSS $(memory many VmRSS) kB, of it anonymous $(memory many RssAnon) kB; with 14 peers $few kB anonymous"
# Pages of files come and go by megabytes, whoever the peers are: one more peer is told from the memory that is the process's own.
within rss.mesh-600 "$(memory many VmRSS)"
within peer.mesh $((($(memory many RssAnon) - few) * 1024 / 586))
stop fleet

# --- tailscaled, for comparison ---
bash tests/budget/tailscaled.sh "http://127.0.0.1:$port" "$work/key" "$work" | sed 's/^/   /'

finish
