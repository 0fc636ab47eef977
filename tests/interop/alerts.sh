#!/usr/bin/env bash
# Alerts with the real programs: a value over its limit, a sensor's entry that is taken anew, a gateway that is killed, receivers that are away. A web
# server of socat takes the messages.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
need_programs alerts
why=$(need_pkg socat=socat) || skip_all alerts "$why"

# --- a receiver: each body becomes a line of received ---
cat >"$work/hook.sh" <<'HOOK'
#!/usr/bin/env bash
length=0
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -n "$line" ] || break
  case ${line,,} in content-length:*) length=${line#*: } ;; esac
done
IFS= read -r -N "$length" body
printf '%s\n' "$body" >>"$1"
printf 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'
HOOK
hook_port=$(free_port 127.0.0.1 8780)
run_hook() { start hook socat "TCP-LISTEN:$hook_port,bind=127.0.0.1,fork,reuseaddr" "SYSTEM:bash $work/hook.sh $work/received"; }
: >"$work/received"
got() { grep -c -- "$1" "$work/received"; }         # PATTERN
comes() { wait_for "${2:-30}" grep -q -- "$1" "$work/received"; } # PATTERN [SECONDS]

cat >"$work/coordinator.toml" <<TOML
offline_after = "2s"
[alerts]
settle = "1s"
[[alerts.webhook]]
url = "http://127.0.0.1:$hook_port/coordinator"
TOML
cat >"$work/gateway.toml" <<TOML
sensors = "host"
sample_interval = 1
[[sensor]]
id = "oven"
driver = "sim"
middle = 200
swing = 0
every = "500ms"
high = 250
[alerts]
after = "1s"
settle = "1s"
[[alerts.webhook]]
url = "http://127.0.0.1:$hook_port/gateway"
TOML

info "the receivers"
refused=$("$coordinator" alerts "$work/coordinator.toml" 2>&1)
check "a file is tried before it is used, and says who is not reached" "$refused" grep -q "webhook 127.0.0.1: not sent: 127.0.0.1 cannot be reached" <<<"$refused"
run_hook
wait_for 10 bash -c ": </dev/tcp/127.0.0.1/$hook_port"
check "a test arrives" "it did not" "$coordinator" alerts "$work/coordinator.toml"
check "with its words" "$(cat "$work/received")" comes '"code":"alert-test"'

port=$(free_port 127.0.0.1 8590)
start coordinator "$coordinator" serve --listen "127.0.0.1:$port" --no-relay --state "$work/coordinator" --socket "$work/coordinator.sock" --alerts "$work/coordinator.toml"
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator starts" "$(tail -n 3 "$work/coordinator.log")"
new_key --tags tag:gateway >"$work/claim"
end_at_once() { kill -9 "${process_of[$1]}"; wait "${process_of[$1]}" 2>/dev/null; unset "process_of[$1]"; }
run_gateway() {
  start gateway "$meshiotd" --config "$work/gateway.toml" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --hostname gateway --state-dir "$work/gateway" --socket "$work/gateway.sock"
  wait_for 20 test -S "$work/gateway.sock"
}
run_gateway || give_up "the gateway starts" "$(tail -n 3 "$work/gateway.log")"
check "the gateway joins" "it did not" agent gateway up --claim "file:$work/claim" --timeout 30

info "limits"
sleep 2
check "a value within its limit is no alert" "$(cat "$work/received")" test "$(got sensor-above-limit)" = 0
sed -i 's/^high = 250/high = 150/' "$work/gateway.toml"
check "a limit that is lowered while it runs alarms" "$(tail -n 3 "$work/gateway.log")" comes '"state":"raised","code":"sensor-above-limit"'
check "and says by how much" "$(cat "$work/received")" grep -q 'oven (simulated) (oven) is 200 .*C, above its limit of 150 .*C' "$work/received"
check "the same shows in status" "it does not" bash -c "'$meshiot' status --socket '$work/gateway.sock' | grep -q sensor-above-limit"
check "and in alert list" "it does not" bash -c "'$meshiot' alert list --socket '$work/gateway.sock' | grep -q 'limit:oven'"
printf 'high = "much"\n' >>"$work/gateway.toml"
check "a file that cannot be used is named, and what runs goes on" "$(tail -n 3 "$work/gateway.log")" wait_for 20 grep -q "What runs goes on" "$work/gateway.log"
sed -i '$d' "$work/gateway.toml"

info "a restart and a receiver that is away"
stop hook
sed -i 's/^high = 150/high = 250/' "$work/gateway.toml"
check "what cannot be delivered shows in status" "it does not" wait_for 30 bash -c "'$meshiot' status --socket '$work/gateway.sock' | grep -q alert-not-delivered"
end_at_once gateway
run_hook
before=$(got '"state":"raised","code":"sensor-above-limit"')
run_gateway || give_up "the gateway starts again" "$(tail -n 3 "$work/gateway.log")"
check "after kill -9 what waited is sent" "$(cat "$work/received")" comes '"state":"over","code":"sensor-above-limit"' 60
check "and nothing is said twice" "$before then $(got '"state":"raised","code":"sensor-above-limit"')" test "$(got '"state":"raised","code":"sensor-above-limit"')" = "$before"

info "a gateway that is gone"
end_at_once gateway
check "the coordinator tells" "$(tail -n 3 "$work/received")" comes '"state":"raised","code":"gateway-offline"' 60
run_gateway || give_up "the gateway comes back" "$(tail -n 3 "$work/gateway.log")"
check "and tells that it is back" "$(tail -n 3 "$work/received")" comes '"state":"over","code":"gateway-offline"' 60
check "no secret is in the logs" "$(cat "$work"/*.log)" bash -c "! grep -q '$(sed 's/.*:1\/[^/]*\/\([^/]*\).*/\1/' "$work/claim")' $work/*.log"
finish
