#!/usr/bin/env bash
# Every fault a person can meet while joining, met on purpose with the real programs: each must end in one line with a code,
# a sentence and the next step, an exit code that is not zero (or a retry that says so), and no lost state.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
need_programs faults

# refuses NAME CODE COMMAND...   the command fails and says CODE and a next step on one line
refuses() {
  local name=$1 code=$2 out status
  shift 2
  out=$("$@" 2>&1 </dev/null)
  status=$?
  if [ $status -eq 0 ]; then fail "$name" "it succeeded: $out"
  elif [ $status -ge 126 ]; then fail "$name" "it died with $status: $out"
  elif [[ $out != *"$code: "* ]]; then fail "$name" "no \"$code\" in: $out"
  elif [[ $out != *"Next: "* ]]; then fail "$name" "no next step in: $out"
  elif [[ $out == *"   at "* || $out == *Exception* ]]; then fail "$name" "a stack trace: $out"
  else ok "$name ($(grep -m 1 "$code: " <<<"$out" | cut -c 1-150))"
  fi
}

port=$(free_port 127.0.0.1 8580)
url=http://127.0.0.1:$port
run_coordinator() { start coordinator "$coordinator" serve --listen "127.0.0.1:$port" --state "$work/coordinator" --socket "$work/coordinator.sock"; }
run_agent() { # NAME FLAGS...
  local name=$1
  shift
  start "$name" "$meshiotd" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --hostname "$name" --state-dir "$work/$name" --socket "$work/$name.sock" "$@"
  wait_for 20 test -S "$work/$name.sock"
}
# A first request of a fresh agent, with a state directory of its own, and the agent away again.
fresh=0
refuses_up() { # NAME CODE FLAGS-OF-UP...
  local name=$1 code=$2
  shift 2
  fresh=$((fresh + 1))
  run_agent "fresh$fresh" || { fail "$name" "the agent did not start: $(tail -n 2 "$work/fresh$fresh.log")"; return; }
  refuses "$name" "$code" agent "fresh$fresh" up --timeout 15 "$@"
  stop "fresh$fresh"
}

run_coordinator
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"

info "auth keys"
good=$(new_key)
secret=$(sed 's/.*:1\/[^/]*\/\([^/]*\).*/\1/' <<<"$good")
printf '%s\n' "${secret:0:23}$([ "${secret:23:1}" = A ] && echo B || echo A)" >"$work/mistyped"
printf '%s\n' "hskey-auth-000000000000-$(printf '0%.0s' {1..64})" >"$work/foreign"
printf '%s\n' "not a key !" >"$work/malformed"
refuses_up "a mistyped claim" "claim-mistyped" --login-server "$url" --claim "file:$work/mistyped"
refuses_up "the same as an auth key, which may be anybody's" "auth-key-malformed" --login-server "$url" --auth-key "file:$work/mistyped"
refuses_up "a key of somebody else" "auth-key-malformed" --login-server "$url" --auth-key "file:$work/foreign"
refuses_up "a malformed key" "" --login-server "$url" --auth-key "file:$work/malformed"
refuses_up "a file that is not there" "secret-file-unreadable" --login-server "$url" --auth-key "file:$work/none"
expiring=$(new_key --expiration 1s)
printf '%s' "$good" >"$work/good"
run_agent gateway || give_up "the gateway starts" "$(tail -n 3 "$work/gateway.log")"
check "a good claim is taken" "it was not" agent gateway up --claim "file:$work/good" --timeout 30
refuses_up "a used claim" "auth-key-used" --claim "file:$work/good"
sleep 1.2
printf '%s' "$expiring" >"$work/expired"
refuses_up "an expired claim" "auth-key-expired" --claim "file:$work/expired"
revoked_id=$(new_key --json | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p')
check "a key is revoked" "it was not" "$meshiot" key revoke "$revoked_id" --coordinator "$work/coordinator.sock"

info "servers"
refuses_up "nothing to join" "login-server-missing"
refuses_up "a server that is not there" "" --login-server "http://127.0.0.1:1" --auth-key "file:$work/good"
web_port=$(free_port 127.0.0.1 8680)
start page "$meshiotd" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --state-dir "$work/page" --socket "$work/page.sock" --web-listen "127.0.0.1:$web_port"
wait_for 20 test -S "$work/page.sock"
refuses_up "a server that is no coordinator" "" --login-server "http://127.0.0.1:$web_port" --auth-key "file:$work/good"
stop page
pinned=$(new_key)
wrong_pin=$(sed 's/\(.*\/\)[0-9A-Z]\{16\}$/\10000000000000000/' <<<"$pinned")
printf '%s' "$wrong_pin" >"$work/wrong-pin"
refuses_up "a server with another key than the claim says" "server-key-not-accepted" --claim "file:$work/wrong-pin"
printf '%s' "$pinned" >"$work/pinned"
run_agent second
check "that claim was not used up by it" "it was" agent second up --claim "file:$work/pinned" --timeout 30
stop second

info "this machine"
run_agent holder --udp-port 42641 --udp-bind 127.0.0.1
refuses "a port in use" "udp-port-in-use" timeout 20 "$meshiotd" --tun userspace --udp-bind 127.0.0.1 --udp-port 42641 --state-dir "$work/p" --socket "$work/p.sock"
stop holder
refuses "an address that is not here" "udp-address-not-local" timeout 20 "$meshiotd" --tun userspace --udp-bind 192.0.2.1 --state-dir "$work/p" --socket "$work/p.sock"
refuses "a state directory in use" "state-in-use" timeout 20 "$meshiotd" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --state-dir "$work/gateway" --socket "$work/p.sock"
refuses "a socket in use" "socket-taken" timeout 20 "$meshiotd" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --state-dir "$work/p" --socket "$work/gateway.sock"
refuses "a page port in use" "web-listen-unusable" timeout 20 "$meshiotd" --tun userspace --state-dir "$work/p" --socket "$work/p.sock" --web-listen "127.0.0.1:$port"
refuses "a setting that does not exist" "setting-unknown" "$meshiotd" --udp-prot 1
refuses "a setting that makes no sense" "setting-malformed" "$meshiotd" --udp-port 70000
printf 'udp_port = 1\nudp_port\n' >"$work/bad.toml"
refuses "a configuration that is no TOML" "config-unreadable" "$meshiotd" --config "$work/bad.toml"
refuses "no agent" "agent-not-running" "$meshiot" status --socket "$work/nobody.sock"
refuses "no coordinator" "coordinator-not-running" "$meshiot" key list --coordinator "$work/nobody.sock"
refuses "the coordinator's port in use" "" timeout 20 "$coordinator" serve --listen "127.0.0.1:$port" --state "$work/c2" --socket "$work/c2.sock"
refuses "the coordinator's state in use" "" timeout 20 "$coordinator" serve --listen "127.0.0.1:$((port + 1))" --state "$work/coordinator" --socket "$work/c2.sock"
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null 2>&1; then
  chmod 755 "$work"
  mkdir -m 777 "$work/nobody"
  # The checkout may lie where nobody else may look.
  mkdir "$work/programs" && cp -r "$(dirname "$meshiotd")" "$work/programs/meshiotd" && cp -r "$(dirname "$meshiot")" "$work/programs/meshiot"
  local_meshiotd=$work/programs/meshiotd/meshiotd local_meshiot=$work/programs/meshiot/meshiot
  as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups env HOME="$work/nobody" DOTNET_CLI_HOME="$work/nobody" timeout 20 "$@"; }
  refuses "no permission for a tunnel interface" "tun-denied" as_nobody "$local_meshiotd" --tun kernel --udp-port 0 --state-dir "$work/nobody/s" --socket "$work/nobody/s.sock"
  refuses "no permission for the state" "state-directory-unusable" as_nobody "$local_meshiotd" --tun userspace --udp-port 0 --state-dir "$work/gateway" --socket "$work/nobody/s.sock"
  refuses "no permission for the agent's socket" "socket-refused" as_nobody "$local_meshiot" status --socket "$work/gateway.sock"
  if unshare -m true 2>/dev/null; then
    refuses "no TUN device" "tun-missing" unshare -m sh -c "mount -t tmpfs none /dev/net && exec timeout 20 '$meshiotd' --tun kernel --udp-port 0 --state-dir '$work/notun' --socket '$work/notun.sock'"
  else
    skip "no TUN device" "mount namespaces are not possible here"
  fi
  chmod 700 "$work"
else
  skip "permissions" "needs root and setpriv to become somebody with less"
fi

info "state"
stop gateway
cp "$work/gateway/state.json" "$work/state.good"
[ "$(stat -c %a "$work/gateway/state.json")" = 600 ] && ok "the state is for its owner only" || fail "the state is for its owner only" "$(stat -c %a "$work/gateway/state.json")"
head -c 100 "$work/state.good" >"$work/gateway/state.json"
refuses "a corrupted state file" "state-file-corrupt" timeout 20 "$meshiotd" --tun userspace --udp-port 0 --state-dir "$work/gateway" --socket "$work/gateway.sock"
if [ "$(stat -c %s "$work/gateway/state.json")" = 100 ]; then ok "it was left as it is"; else fail "it was left as it is" "it changed"; fi
cp "$work/state.good" "$work/gateway/state.json"
run_agent gateway
check "with the good file back the node is in again, without a key" "it is not" wait_for 20 sh -c "'$meshiot' status --socket '$work/gateway.sock' >/dev/null"
for i in 1 2 3; do
  kill -9 "${process_of[gateway]}" 2>/dev/null
  wait "${process_of[gateway]}" 2>/dev/null
  run_agent gateway
done
check "after three kills in a row too" "it is not" wait_for 20 sh -c "'$meshiot' status --socket '$work/gateway.sock' >/dev/null"

info "clock"
lib=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1)
if [ -z "$lib" ] && need_pkg faketime=faketime >/dev/null 2>&1; then lib=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1); fi
if [ -n "$lib" ]; then
  stop gateway
  LD_PRELOAD=$lib FAKETIME="@1970-01-01 00:01:00" DONT_FAKE_MONOTONIC=1 run_agent gateway
  if wait_for 25 sh -c "'$meshiot' status --socket '$work/gateway.sock' >/dev/null"; then ok "a gateway whose clock says 1970 still joins"; else fail "a gateway whose clock says 1970 still joins" "$(tail -n 2 "$work/gateway.log")"; fi
  if agent gateway status | grep -q clock-behind-floor; then ok "and says that its clock is wrong"; else fail "and says that its clock is wrong" "$(agent gateway status | tail -n 3)"; fi
  stop gateway
  run_agent gateway
else
  skip "a clock at 1970" "libfaketime is not installed"
fi

info "the coordinator goes away and comes back"
run_agent other
new_key | agent other up --claim - --timeout 30 >/dev/null 2>&1 || fail "another node joins" "it did not"
wait_for 20 sh -c "'$meshiot' ping --icmp -c 1 gateway --timeout 3s --socket '$work/other.sock'" || fail "the two nodes reach each other" "no pong"
kill -9 "${process_of[coordinator]}" 2>/dev/null
wait "${process_of[coordinator]}" 2>/dev/null
check "peers reach each other while it is away" "no pong" agent other ping --icmp -c 1 gateway --timeout 5s
wait_for 40 sh -c "'$meshiot' status --socket '$work/other.sock' | grep -q coordinator-away" && ok "and the nodes say that it is away" || fail "and the nodes say that it is away" "$(agent other status | tail -n 3)"
run_coordinator
check "after its kill -9 every node and key is still there" "not so" wait_for 30 sh -c "[ \$('$meshiot' node list --coordinator '$work/coordinator.sock' | grep -c 100\\.) -ge 3 ]"
wait_for 60 sh -c "! '$meshiot' status --socket '$work/other.sock' | grep -q coordinator-away" && ok "and the nodes come back by themselves" || fail "and the nodes come back by themselves" "$(agent other status | tail -n 3)"

if grep -lF "$secret" "$work"/*.log >/dev/null 2>&1; then fail "no secret in any log" "$(grep -lF "$secret" "$work"/*.log)"; else ok "no secret in any log"; fi
finish
