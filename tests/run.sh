#!/usr/bin/env bash
# Runs every test of the project from a bare Debian machine with the .NET 10 SDK. Installs the Debian packages it needs (as
# root, or with sudo that asks nothing; what cannot be installed is reported as skipped, with the reason).
#
#   bash tests/run.sh            everything that fits into a quarter of an hour on two cores
#   bash tests/run.sh --quick    unit and property tests only
#   bash tests/run.sh NAME...    only suites whose name holds one of the words
#
# Ends with a line of its own: N passed, N failed, N skipped. The exit code is non-zero when anything failed.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 LC_ALL=C.UTF-8
configuration=Release
# One compiler process for all projects; it is told to go when the build is done.
export UseSharedCompilation=true

quick=0 words=()
for arg in "$@"; do
  case $arg in
    --quick) quick=1 ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "tests/run.sh: no such option: $arg (see --help)" >&2; exit 2 ;;
    *) words+=("$arg") ;;
  esac
done

. tools/need.sh
need_dotnet || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

total_passed=0 total_failed=0 total_skipped=0 table=()
started=$SECONDS
logs=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-tests.XXXXXX") || exit 1
chmod 700 "$logs"
compiling=
trap '[ -z "$compiling" ] || kill "$compiling" 2>/dev/null; rm -rf "$logs"' EXIT

say() { printf '\n== %s (%d s)\n' "$*" $((SECONDS - started)); }

wanted() { # SUITE
  [ ${#words[@]} -eq 0 ] && return 0
  local w
  for w in "${words[@]}"; do case $1 in *"$w"*) return 0 ;; esac; done
  return 1
}

# count SUITE PASSED FAILED SKIPPED SECONDS
count() {
  total_passed=$((total_passed + $2)) total_failed=$((total_failed + $3)) total_skipped=$((total_skipped + $4))
  table+=("$(printf '%-38s %6d %6d %7d %5d s' "$1" "$2" "$3" "$4" "$5")")
}

# A test program of xUnit, its output and its time kept for count_unit.
run_unit() { # PROJECT-DIR
  local name t=$SECONDS
  name=$(basename "$1")
  timeout -k 10 600 "$1/bin/$configuration/net10.0/$name" -noColor -noLogo >"$logs/$name.log" 2>&1 </dev/null
  echo "$? $((SECONDS - t))" >"$logs/$name.end"
}

# Its own summary line is the truth; a program that ends without one has failed.
count_unit() { # PROJECT-DIR
  local name log code seconds line
  name=$(basename "$1") log=$logs/$(basename "$1").log
  read -r code seconds <"$logs/$name.end" || { code=1 seconds=0; }
  line=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
  if [[ $line =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    local all=${BASH_REMATCH[1]} bad=$((BASH_REMATCH[2] + BASH_REMATCH[3])) skipped=$((BASH_REMATCH[4] + BASH_REMATCH[5]))
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1 all=$((all + 1))
    [ "$all" -eq 0 ] && bad=1 all=1
    count "$name" $((all - bad - skipped)) "$bad" "$skipped" "$seconds"
    printf '   %-38s %s\n' "$name" "${line#*Total}"
    [ "$bad" -eq 0 ] || tail -n 60 "$log"
    grep -E '\[SKIP\]' "$log" | sed 's/^ */      /' | head -n 8
  else
    count "$name" 0 1 0 "$seconds"
    printf '   %-38s ended with code %d and no summary\n' "$name" "$code"
    tail -n 60 "$log"
  fi
}

# A script that prints "ok …", "FAIL …", "skip …" and ends with its totals.
run_script() { # SUITE SECONDS COMMAND...
  local name=$1 limit=$2 log=$logs/script.log t=$SECONDS
  shift 2
  wanted "$name" || return 0
  say "$name"
  timeout -k 20 "$limit" "$@" </dev/null 2>&1 | tee "$log"
  count_script "$name" "$log" "${PIPESTATUS[0]}" $((SECONDS - t))
}

# What it printed and how it ended, in the table.
count_script() { # SUITE LOG CODE SECONDS
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$2" | tail -n 1)
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    local bad=${BASH_REMATCH[2]}
    [ "$3" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    count "$1" "${BASH_REMATCH[1]}" "$bad" "${BASH_REMATCH[3]}" "$4"
  else
    count "$1" 0 1 0 "$4"
    echo "   $1 ended with code $3 and no totals"
  fi
}

say "restoring and building"
if ! dotnet build MeshIoT.sln -c $configuration -v quiet -nologo; then
  echo "the build failed"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi
dotnet build-server shutdown >/dev/null 2>&1

if [ "$quick" = 0 ] && [ ${#words[@]} -eq 0 ]; then
  say "Debian packages for the tests"
  need_packages iproute2 nftables conntrack jq openssl iputils-ping iperf3 curl procps wireguard-go wireguard-tools zbar-tools tmux socat \
    qemu-system-x86 busybox-static cpio kmod ethtool \
    clang lld llvm gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static ||
    echo "   not all could be installed; the suites that need them will say so"
fi

say "unit and property tests"
projects=()
for project in $(find tests -name '*.Tests.csproj' | sort); do
  wanted "$(basename "$(dirname "$project")")" && projects+=("$(dirname "$project")")
done
# Two at a time: most of them wait more than they compute.
for project in "${projects[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  run_unit "$project" &
done
wait
for project in "${projects[@]}"; do count_unit "$project"; done

if [ "$quick" = 0 ]; then
  # Native programs are compiled meanwhile, with what the other suites leave of the processor: they wait more than they compute.
  if wanted native-aot || wanted budget; then
    timeout -k 20 900 nice -n 19 bash tests/aot.sh --compile >"$logs/compile.log" 2>&1 </dev/null &
    compiling=$!
  fi
  run_script fuzz 180 env MESHIOT_FUZZ_BUILD=no bash tests/fuzz/run.sh --seconds 20
  run_script demo 300 bash tools/demo.sh --check
  run_script policy 120 bash tests/interop/policy.sh
  run_script interop-wireguard 240 bash tests/interop/wireguard.sh
  run_script wireguard-speed 240 bash tests/interop/wireguard-speed.sh
  run_script kernel-wireguard 240 bash tests/interop/kernel-wireguard.sh
  run_script interop-netstack 180 bash tests/interop/netstack.sh
  run_script page 120 bash tests/interop/page.sh
  run_script kernel-tun 120 bash tests/interop/kernel-tun.sh
  run_script portmap 240 bash tests/interop/portmap.sh
  run_script tailnet 900 bash tests/interop/tailnet.sh
  run_script nat 240 bash tests/interop/nat.sh --quick --parts "kinds matrix says"
  run_script mqtt 150 bash tests/interop/mqtt.sh
  run_script faults 180 bash tests/interop/faults.sh
  run_script datapath-faults 120 bash tests/interop/datapath-faults.sh
  run_script paths 180 bash tests/interop/paths.sh
  run_script alerts 180 bash tests/interop/alerts.sh
  if [ -n "$compiling" ]; then
    waited=$SECONDS
    say native-compile
    wait "$compiling"
    compiled=$?
    cat "$logs/compile.log"
    count_script native-compile "$logs/compile.log" "$compiled" $((SECONDS - waited))
    run_script budget 300 bash tests/budget/lean.sh --no-publish
    # The whole must end within a quarter of an hour, on slower machines too.
    native=()
    [ $((SECONDS - started)) -lt 720 ] || [ ${#words[@]} -gt 0 ] || native=(--x64-only)
    run_script native-aot 400 bash tests/aot.sh --no-publish "${native[@]}"
  fi
fi

printf '\n%-38s %6s %6s %7s %7s\n' suite passed failed skipped time
printf '%s\n' "${table[@]}"
printf '\n%d s in all\n' $((SECONDS - started))
printf '%d passed, %d failed, %d skipped\n' "$total_passed" "$total_failed" "$total_skipped"
[ "$total_failed" -eq 0 ]
