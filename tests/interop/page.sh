#!/usr/bin/env bash
# The gateway's page in a real browser: Debian's chromium, driven by playwright-core (one package of 8 MB without a browser; fetched once into a
# cache, then no network is needed. The .NET package brings its own node for every platform, two hundred MB, and would be restored with every build).
# The agent is the real one, with simulated sensors; a week's history and a tailnet of peers are made up where the test says so.
#
#   bash tests/interop/page.sh                 prints ok, FAIL and skip lines, and their totals
#   SHOTS=FOLDER bash tests/interop/page.sh    keeps pictures too
set -u
cd "$(dirname "$0")/../.." || exit 1
. tools/need.sh
total() { echo "$1 passed, $2 failed, $3 skipped"; }
skip() { echo "skip the page in a browser: $1"; total 0 0 1; exit 0; }

need_packages chromium fonts-dejavu-core || skip "chromium is not here and cannot be installed"
chromium=$(command -v chromium) || skip "there is no chromium"
command -v node >/dev/null 2>&1 || need_packages nodejs npm || skip "node is not here and cannot be installed"
command -v npm >/dev/null 2>&1 || skip "npm is not here"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || skip "node is older than 18"

lock=tests/interop/page/package-lock.json
modules=${XDG_CACHE_HOME:-$HOME/.cache}/meshiot/page-$(cksum <$lock | cut -d' ' -f1)
if [ ! -d "$modules/node_modules/playwright-core" ]; then
  mkdir -p "$modules" && cp tests/interop/page/package.json $lock "$modules/" || exit 1
  (cd "$modules" && timeout 60 npm ci --no-audit --no-fund --ignore-scripts >/dev/null 2>&1) || { rm -rf "$modules"; skip "playwright-core cannot be fetched"; }
fi

meshiotd=agent/meshiotd/bin/Release/net10.0/meshiotd
[ -x $meshiotd ] || dotnet build agent/meshiotd -c Release -v quiet -nologo || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-page.XXXXXX") || exit 1
port=$((20000 + RANDOM % 20000))
stop_agent() { [ -s "$work/pid" ] && kill "$(cat "$work/pid")" 2>/dev/null; rm -f "$work/pid"; }
trap 'stop_agent; sleep 0.3; rm -rf "$work"' EXIT
cat >"$work/meshiot.toml" <<'TOML'
[[sensor]]
id = "air"
driver = "sim"
name = "Air"
room = "Greenhouse"
quantity = "temperature"
period = 37

[[sensor]]
id = "rh"
driver = "sim"
name = "Humidity"
room = "Greenhouse"
quantity = "humidity"
middle = 62
swing = 12
period = 53

[[sensor]]
id = "soil"
driver = "sim"
name = "Soil moisture, bed by the south wall"
room = "Greenhouse"
quantity = "moisture"
base_unit = "%"
middle = 34
swing = 3

[[sensor]]
id = "hot"
driver = "sim"
name = "Boiler, flow"
room = "Cellar"
quantity = "temperature"
middle = 71
swing = 2
high = 65

[[sensor]]
id = "steady"
driver = "sim"
name = "Wine"
room = "Cellar"
quantity = "temperature"
middle = 12
swing = 0

[[sensor]]
id = "pressure"
driver = "sim"
name = "Air pressure"
room = "Garden"
quantity = "atmospheric_pressure"
base_unit = "hPa"
middle = 1013
swing = 4

[[sensor]]
id = "odd"
driver = "sim"
name = "<img src=x onerror=alert(1)>"
room = "Garden"
quantity = "illuminance"
base_unit = "lx"
middle = 5400
swing = 900
TOML
cat >"$work/start" <<SH
nohup "$PWD/$meshiotd" --config "$work/meshiot.toml" --state-dir "$work/state" --socket "$work/agent.sock" --hostname greenhouse --tun userspace \\
  --udp-bind 127.0.0.1 --udp-port 0 --port-mapping false --sensors host --sample-interval 1 --web-listen 127.0.0.1:$port >>"$work/log" 2>&1 </dev/null &
echo \$! >"$work/pid"
SH
bash "$work/start"
for _ in $(seq 100); do curl -sf -o /dev/null "http://127.0.0.1:$port/api/v1/sensors" && break; sleep 0.1; done

BASE=http://127.0.0.1:$port SHOTS=${SHOTS:-} CHROMIUM=$chromium MODULES=$modules START="bash $work/start" STOP="kill $(cat "$work/pid"); rm -f $work/pid" \
  HOME=$work timeout -k 5 "${LIMIT:-150}" node tests/interop/page/page.mjs >"$work/out" 2>&1
code=$?
cat "$work/out"
passed=$(grep -c '^ok ' "$work/out") failed=$(grep -c '^FAIL' "$work/out") skipped=$(grep -c '^skip' "$work/out")
if [ $code -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "FAIL the browser's program ended with $code"
  tail -n 5 "$work/log"
  failed=1
fi
total "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
