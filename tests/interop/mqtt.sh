#!/usr/bin/env bash
# MQTT against Mosquitto, both ways: its clients at our broker (3.1.1 and 5, QoS 0 to 2, retained, last will, users and rights, sessions through our
# restart), our bridge at its broker (outage, kill -9 of either, last will, commands, TLS). Loopback only, no root but for installing packages.
#
#   bash tests/interop/mqtt.sh                 with the programs that are built
#   bash tests/interop/mqtt.sh --native        with the native meshiotd in artifacts/native
#   MESHIOTD=PATH bash tests/interop/mqtt.sh   with that one
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
. "$(dirname "$0")/../../tools/need.sh"
case ${1:-} in
  "") ;;
  --native) meshiotd=$here/artifacts/native/meshiotd ;;
  *) echo "tests/interop/mqtt.sh: no such option: $1" >&2; exit 2 ;;
esac
meshiotd=${MESHIOTD:-$meshiotd}
need_packages mosquitto mosquitto-clients openssl || skip_all mqtt "Mosquitto cannot be installed here"
[ -x "$meshiotd" ] || need_programs mqtt
command -v mosquitto >/dev/null 2>&1 || PATH=$PATH:/usr/sbin

port=$(free_port 127.0.0.1 18830)
broker_port=$(free_port 127.0.0.1 18930)
tls_port=$(free_port 127.0.0.1 18990)

# --- our gateway ---
printf 'secret\n' | "$meshiotd" mqtt-password ann >"$work/users" || give_up "a password is hashed" "it is not"
printf 'other\n' | "$meshiotd" mqtt-password bob >>"$work/users"
printf 'bridge-pw\n' >"$work/bridge.password"
config() { # MORE   the gateway's file, with more at its end
  cat >"$work/gateway.toml" <<TOML
sensors = "sim"
sample_interval = 0.5
[mqtt]
listen = ["127.0.0.1:$port"]
users_file = "$work/users"
[[mqtt.user]]
name = "ann"
read = ["#"]
write = ["#"]
[[mqtt.user]]
name = "bob"
read = ["open/#"]
write = ["open/in"]
$1
TOML
}
run_gateway() {
  start gateway "$meshiotd" --config "$work/gateway.toml" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --hostname barn --state-dir "$work/state" --socket "$work/gateway.sock"
  wait_for 20 listens "$port" || give_up "the gateway listens" "$(tail -n 3 "$work/gateway.log")"
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
kill_hard() { kill -9 "${process_of[$1]}" 2>/dev/null; wait "${process_of[$1]}" 2>/dev/null; unset "process_of[$1]"; }
sub() { timeout 20 mosquitto_sub -h 127.0.0.1 -p "$port" -u ann -P secret "$@"; }
pub() { timeout 20 mosquitto_pub -h 127.0.0.1 -p "$port" -u ann -P secret "$@"; }
# subscribed NAME   the subscriber NAME has its SUBACK
subscribed() { grep -q "received SUBACK" "$work/$1.log"; }
lines() { [ "$(grep -c '' "$1" 2>/dev/null)" -ge "$2" ]; }

config ""
run_gateway

info "our broker, Mosquitto's clients"
for version in mqttv311 mqttv5; do
  for qos in 0 1 2; do
    start "s$qos" stdbuf -oL mosquitto_sub -d -h 127.0.0.1 -p "$port" -u ann -P secret -V $version -q $qos -t "t/$version/$qos" -F 'M %p' -C 50
    wait_for 10 subscribed "s$qos"
    seq 50 | pub -V $version -q $qos -l -t "t/$version/$qos"
    wait_for 10 eval "[ \$(grep -c '^M ' $work/s$qos.log) -ge 50 ]"
    if [ "$(grep '^M ' "$work/s$qos.log" | cut -d' ' -f2 | tr '\n' ' ')" = "$(seq 50 | tr '\n' ' ')" ]; then ok "$version QoS $qos: 50 messages, once and in order"
    else fail "$version QoS $qos: 50 messages, once and in order" "$(grep '^M ' "$work/s$qos.log" | head -n 3 | tr '\n' ' ')"; fi
    stop "s$qos"
  done
done
reading=$(sub -t 'meshiot/home/barn/+/temperature' -C 1)
[[ $reading =~ ^\{\"v\":[0-9.-]+,\"u\":\"°C\",\"t\":\"20..-..-..T..:..:..\....Z\",\"q\":\"good\"\}$ ]] && ok "a reading: $reading" || fail "a reading" "$reading"
[ "$(sub -t 'meshiot/home/barn/status' -C 1 -F '%r %p')" = "1 online" ] && ok "the status is retained: online" || fail "the status is retained" "it is not"
sub -V 5 -t 'homeassistant/device/+/config' -C 3 >"$work/discovery" && ok "three devices are announced" || fail "three devices are announced" "$(wc -l <"$work/discovery")"
pub -t keep -m kept -r -q 1
[ "$(sub -t keep -C 1 -F '%r %p')" = "1 kept" ] && ok "a retained message" || fail "a retained message" "it is not there"
start will stdbuf -oL mosquitto_sub -d -h 127.0.0.1 -p "$port" -u ann -P secret -t will -C 1 -F 'M %p'
wait_for 10 subscribed will
start dying mosquitto_sub -d -h 127.0.0.1 -p "$port" -u ann -P secret -t nothing --will-topic will --will-payload died
wait_for 10 subscribed dying
kill_hard dying
wait_for 10 grep -q '^M died' "$work/will.log" && ok "a last will" || fail "a last will" "it did not come"
stop will

info "users and rights"
denied() { # NAME SAYS COMMAND...
  local name=$1 says=$2 said
  shift 2
  said=$(timeout 10 "$@" 2>&1)
  [[ $said == *"$says"* ]] && ok "$name ($says)" || fail "$name" "$said"
}
denied "no user: refused" "not authorised" mosquitto_pub -h 127.0.0.1 -p "$port" -t x -m x
denied "a wrong password: refused" "user name or password" mosquitto_pub -h 127.0.0.1 -p "$port" -u ann -P wrong -t x -m x
denied "the same in MQTT 5" "Password" mosquitto_pub -V 5 -h 127.0.0.1 -p "$port" -u ann -P wrong -t x -m x
denied "bob may not read all" "denied" mosquitto_sub -d -h 127.0.0.1 -p "$port" -u bob -P other -t '#' -W 3
denied "bob may not publish elsewhere" "Not authorized" mosquitto_pub -d -V 5 -h 127.0.0.1 -p "$port" -u bob -P other -q 1 -t secret -m x
timeout 10 mosquitto_pub -V 5 -h 127.0.0.1 -p "$port" -u bob -P other -q 1 -t open/in -m x && ok "bob may publish where he may" || fail "bob may publish where he may" "he may not"
head -c 300000 /dev/zero >"$work/large"
denied "a packet of 300 kB" "" mosquitto_pub -V 5 -h 127.0.0.1 -p "$port" -u ann -P secret -q 1 -t big -f "$work/large"
[ "$(sub -t 'meshiot/home/barn/status' -C 1)" = online ] && ok "and the broker goes on" || fail "and the broker goes on" "$(tail -n 2 "$work/gateway.log")"

info "a session through our restart, and through kill -9"
timeout 10 mosquitto_sub -h 127.0.0.1 -p "$port" -u ann -P secret -i keeper -c -q 1 -t wait -E
for m in a b c; do pub -q 1 -t wait -m $m; done
stop gateway
run_gateway
pub -q 1 -t wait -m d
got=$(sub -i keeper -c -q 1 -t wait -C 4 | tr '\n' ' ')
[ "$got" = "a b c d " ] && ok "what came before and after a restart waits for its session" || fail "what came before and after a restart waits for its session" "$got"
[ "$(sub -t keep -C 1 -F '%r %p')" = "1 kept" ] && ok "the retained message is still there" || fail "the retained message is still there" "it is not"
timeout 10 mosquitto_sub -V 5 -x 3600 -h 127.0.0.1 -p "$port" -u ann -P secret -i keeper5 -c -q 1 -t wait5 -E
sleep 6
kill_hard gateway
run_gateway
pub -q 1 -t wait5 -m after
[ "$(timeout 10 mosquitto_sub -V 5 -x 3600 -h 127.0.0.1 -p "$port" -u ann -P secret -i keeper5 -c -q 1 -t wait5 -C 1)" = after ] &&
  ok "a subscription of MQTT 5 outlives kill -9 once it was written" || fail "a subscription of MQTT 5 outlives kill -9" "it does not"

info "our bridge, Mosquitto's broker"
mosquitto_passwd -c -b "$work/mosquitto.users" barn bridge-pw 2>/dev/null
mosquitto_passwd -b "$work/mosquitto.users" reader reader 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout "$work/tls.key" -out "$work/tls.pem" >/dev/null 2>&1
chmod 644 "$work/tls.key" "$work/tls.pem" "$work/mosquitto.users"
cat >"$work/mosquitto.conf" <<CONF
per_listener_settings false
allow_anonymous false
password_file $work/mosquitto.users
persistence true
persistence_location $work/mosquitto/
autosave_interval 1
autosave_on_changes true
max_queued_messages 0
user root
listener $broker_port 127.0.0.1
listener $tls_port 127.0.0.1
certfile $work/tls.pem
keyfile $work/tls.key
CONF
mkdir -p "$work/mosquitto"
run_mosquitto() { start mosquitto mosquitto -v -c "$work/mosquitto.conf"; wait_for 10 listens "$broker_port" || give_up "mosquitto listens" "$(tail -n 3 "$work/mosquitto.log")"; }
there() { timeout 20 mosquitto_sub -h 127.0.0.1 -p "$broker_port" -u reader -P reader "$@"; }
run_mosquitto
# A reader whose session outlives everything: all that reaches the broker reaches it.
there -i reader -c -q 1 -t 'meshiot/#' -E
bridge='
[[bridge]]
name = "up"
url = "mqtt://127.0.0.1:'$broker_port'"
user = "barn"
password_file = "'$work'/bridge.password"
in = ["down/#"]
commands = true'
stop gateway
config "$bridge"
run_gateway
wait_for 15 eval "[ \"\$(timeout 2 mosquitto_sub -h 127.0.0.1 -p $broker_port -u reader -P reader -t meshiot/home/barn/status -C 1)\" = online ]" &&
  ok "the bridge says online there" || fail "the bridge says online there" "$(tail -n 3 "$work/gateway.log")"
there -t 'homeassistant/device/+/config' -C 3 >/dev/null && ok "and announces its devices" || fail "and announces its devices" "it does not"
start down stdbuf -oL mosquitto_sub -d -h 127.0.0.1 -p "$port" -u ann -P secret -q 1 -t 'down/#' -C 1 -F 'M %t %p'
wait_for 10 subscribed down
mosquitto_pub -h 127.0.0.1 -p "$broker_port" -u reader -P reader -q 1 -t down/x -m hello
wait_for 10 grep -q '^M down/x hello' "$work/down.log" && ok "what comes in comes in" || fail "what comes in comes in" "$(tail -n 2 "$work/down.log")"
stop down

info "Mosquitto is killed, and our gateway during the outage"
sleep 1
kill_hard mosquitto
sleep 2
stop gateway            # what waits is on the disk from here on
run_gateway
sleep 2
kill_hard gateway       # what came since may be lost, and nothing else
run_gateway
sleep 1
run_mosquitto
wait_for 40 eval "timeout 3 mosquitto_sub -h 127.0.0.1 -p $broker_port -u reader -P reader -t meshiot/home/barn/status -C 1 | grep -q online"
sleep 3
stop gateway
# All that the reader's session has, of one sensor, by its own time stamps.
timeout 4 mosquitto_sub -h 127.0.0.1 -p "$broker_port" -u reader -P reader -i reader -c -q 1 -t 'meshiot/#' -F '%t %p' >"$work/arrived" 2>/dev/null
grep 'air_temperature' "$work/arrived" | sed 's/.*"t":"\([^"]*\)".*/\1/' >"$work/times"
total=$(wc -l <"$work/times") distinct=$(sort -u "$work/times" | wc -l)
awk '!seen[$0]++' "$work/times" >"$work/first"
if [ "$distinct" -ge 12 ] && sort -c "$work/first" 2>/dev/null; then ok "readings arrive in order, $distinct of them"
else fail "readings arrive in order" "$distinct of them; $(sort -c "$work/first" 2>&1)"; fi
# QoS 1 may repeat what was under way when a connection broke.
[ $((total - distinct)) -le 4 ] && ok "and once ($((total - distinct)) repeated of $total)" || fail "and once" "$((total - distinct)) repeated of $total"
# The two seconds between Mosquitto's death and our orderly stop lie in the spool: no gap there.
gap=$(awk -F'[T:Z]' '{ s = $2 * 3600 + $3 * 60 + $4; if (NR > 1 && s - last > most) most = s - last; last = s } END { printf "%.1f", most }' "$work/first")
info "longest gap between two readings: $gap s (kill -9 and restarts of the gateway are in it)"
awk "BEGIN { exit !($gap < 9) }" && ok "no gap but that of the kill -9" || fail "no gap but that of the kill -9" "$gap s"

info "last will, refusal, TLS"
run_gateway
wait_for 20 eval "timeout 3 mosquitto_sub -h 127.0.0.1 -p $broker_port -u reader -P reader -t meshiot/home/barn/status -C 1 | grep -q online"
kill_hard gateway
wait_for 10 eval "timeout 3 mosquitto_sub -h 127.0.0.1 -p $broker_port -u reader -P reader -t meshiot/home/barn/status -C 1 | grep -q offline" &&
  ok "the gateway's last will" || fail "the gateway's last will" "it did not come"
printf 'wrong\n' >"$work/bridge.password"
run_gateway
check "a refusal is a fault with its reason" "it is not" wait_for 15 eval "'$meshiot' status --socket '$work/gateway.sock' | grep -q bridge-refused"
printf 'bridge-pw\n' >"$work/bridge.password"
stop gateway
config "${bridge/mqtt:\/\/127.0.0.1:$broker_port/mqtts://localhost:$tls_port}
ca = \"$work/tls.pem\""
run_gateway
wait_for 20 eval "timeout 3 mosquitto_sub -h 127.0.0.1 -p $broker_port -u reader -P reader -t meshiot/home/barn/status -C 1 | grep -q online" &&
  ok "by TLS" || fail "by TLS" "$("$meshiot" status --socket "$work/gateway.sock" | tail -n 3)"
stop gateway

info "through the tailnet, in userspace mode: one gateway's bridge at another's broker"
[ -x "$coordinator" ] && [ -x "$meshiot" ] || need_programs mqtt
coordinator_port=$(free_port 127.0.0.1 18760)
start coordinator "$coordinator" serve --listen "127.0.0.1:$coordinator_port" --state "$work/coordinator" --socket "$work/coordinator.sock" --base-domain mqtt.meshiot --no-relay
wait_for 30 "$meshiot" key list --coordinator "$work/coordinator.sock" || give_up "the coordinator answers" "$(tail -n 3 "$work/coordinator.log")"
"$meshiot" key create --quiet --reusable --coordinator "$work/coordinator.sock" >"$work/key"
cat >"$work/hub.toml" <<TOML
sensors = "sim"
[mqtt]
listen = ["tailnet", "127.0.0.1:$port"]
port = $((port + 1))
users_file = "$work/users"
[[mqtt.user]]
name = "ann"
read = ["#"]
write = ["#"]
TOML
cat >"$work/leaf.toml" <<TOML
sensors = "sim"
sample_interval = 0.5
[[bridge]]
name = "hub"
url = "mqtt://hub:$((port + 1))"
user = "ann"
password_file = "$work/leaf.password"
TOML
echo secret >"$work/leaf.password"
for name in hub leaf; do
  start $name "$meshiotd" --config "$work/$name.toml" --tun userspace --udp-bind 127.0.0.1 --udp-port 0 --hostname $name --state-dir "$work/$name" --socket "$work/$name.sock"
  wait_for 20 test -S "$work/$name.sock"
  "$meshiot" up --claim "file:$work/key" --timeout 30 --socket "$work/$name.sock" >"$work/$name.up" 2>&1 || fail "$name joins" "$(tail -n 1 "$work/$name.up")"
done
reading=$(timeout 30 mosquitto_sub -h 127.0.0.1 -p "$port" -u ann -P secret -t 'meshiot/home/leaf/+/temperature' -C 1)
[[ $reading == '{"v":'* ]] && ok "its readings arrive there: $reading" || fail "its readings arrive there" "$("$meshiot" status --socket "$work/leaf.sock" | tail -n 3)"

if grep -rhE 'bridge-pw|secret' "$work"/*.log 2>/dev/null | grep -q .; then fail "no password in any log" "$(grep -rlE 'bridge-pw|secret' "$work"/*.log)"; else ok "no password in any log"; fi
finish
