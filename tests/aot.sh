#!/usr/bin/env bash
# The programs as native code: they compile for x64 and arm64 without a warning, stay within their budgets
# (tests/budget/native.txt), pass the demo, and the arm64 build joins and answers under qemu's user emulation.
# Loopback only, no root but for installing packages. About four minutes on two cores.
#
#   bash tests/aot.sh               all of it
#   bash tests/aot.sh --x64-only    without the arm64 half, which takes two minutes of it
#   bash tests/aot.sh --compile     compiles everything that this and tests/budget/lean.sh need, and ends
#   bash tests/aot.sh --no-publish  with the programs that were compiled; may stand beside --x64-only
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
. tools/need.sh
. tests/interop/lib.sh
. tests/budget/lib.sh

publish=yes both=yes compile_only=no
while [ $# -gt 0 ]; do
  case $1 in
    --no-publish) publish=no ;;
    --x64-only) both=no ;;
    --compile) compile_only=yes ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "tests/aot.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
  esac
  shift
done

x64=$root/artifacts/native arm64=$root/artifacts/native-arm64 bench=$root/artifacts/bench
under_qemu=(qemu-aarch64-static -L /usr/aarch64-linux-gnu)

finish_if_failed() { [ "$failed" = 0 ] || finish; }

# --- compile ---
need_packages clang lld llvm libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static ||
  skip_all "native programs" "the Debian packages for compiling native code cannot be installed here"

# Native restores add packages per platform; the lock files of ordinary builds must not notice.
locks() { find agent tools -name packages.lock.json -exec sha256sum {} + | sort | sha256sum; }
if [ $publish = yes ]; then
  locks_before=$(locks)
  # meshiotd and meshiot go onto boards; the coordinator's place is a PC or a server.
  for job in "linux-x64 meshiotd meshiot meshiot-coordinator" "linux-arm64 meshiotd meshiot"; do
    read -r rid programs <<<"$job"
    [ $both = yes ] || [ "$rid" != linux-arm64 ] || continue
    if bash tools/packaging/publish.sh --rid "$rid" ${programs:+$(printf -- '--program %s ' $programs)}; then
      ok "$rid: $programs compile without a warning"
    else
      fail "$rid: $programs compile without a warning" "see above"
    fi
  done
  bash tools/packaging/publish.sh --rid linux-x64 --program MeshIoT.Bench --out "$bench" || fail "the bench compiles for x64" "see above"
  [ $both = no ] || bash tools/packaging/publish.sh --rid linux-arm64 --program MeshIoT.Bench --out "$bench-arm64" ||
    fail "the bench compiles for arm64" "see above"
  for rid in linux-x64 linux-arm64; do
    [ $compile_only = yes ] || continue
    if bash tools/packaging/publish.sh --rid $rid --profile mesh-only; then ok "$rid: the mesh-only agent compiles without a warning"
    else fail "$rid: the mesh-only agent compiles without a warning" "see above"; fi
  done
  finish_if_failed
  [ "$(locks)" = "$locks_before" ] && ok "compiling leaves the lock files alone" || fail "compiling leaves the lock files alone" "they changed"
fi

[ $compile_only = no ] || finish

# --- what came out ---
# plain FOLDER MACHINE   every program is for that machine, needs only the C library, and none newer than Debian 12's
plain() {
  local program said needs newest
  for program in meshiotd meshiot; do
    said=$(llvm-readelf -h -d -V "$1/$program" 2>&1) || { echo "$said"; return 1; }
    grep -q "Machine: .*$2" <<<"$said" || { echo "$program is not for $2"; return 1; }
    needs=$(sed -n 's/.*Shared library: \[\(.*\)\]/\1/p' <<<"$said" | grep -vE '^(libc\.so\.6|libm\.so\.6|ld-linux-.*)$')
    [ -z "$needs" ] || { echo "$program also needs" $needs; return 1; }
    newest=$(grep -o 'GLIBC_2\.[0-9]*' <<<"$said" | sort -V | tail -n 1)
    [ "$(printf '%s\nGLIBC_2.36\n' "$newest" | sort -V | tail -n 1)" = GLIBC_2.36 ] || { echo "$program needs $newest"; return 1; }
    ! llvm-readelf -S "$1/$program" | grep -q '\.debug_info' || { echo "$program is not stripped"; return 1; }
  done
}
check "x64 programs need nothing but a C library, no newer than Debian 12's" "they do not" plain "$x64" X86-64
[ $both = no ] || check "arm64 programs need nothing but a C library, no newer than Debian 12's" "they do not" plain "$arm64" AArch64
for program in meshiotd meshiot; do
  within "size.x64.$program" "$(stat -c %s "$x64/$program")"
  [ $both = no ] || within "size.arm64.$program" "$(stat -c %s "$arm64/$program")"
done
within size.x64.meshiot-coordinator "$(stat -c %s "$x64/meshiot-coordinator")"

# --- the ciphers: what is linked in is what the CPU has, and does what libsodium does ---
# The kernel's list of what this CPU can do, and by it the widest instructions that may be used.
has() { local f; for f in "$@"; do grep -qw "$f" <<<"$flags" || return 1; done; }
flags=$(grep -m 1 '^flags' /proc/cpuinfo) widest=libsodium
has avx2 bmi1 bmi2 f16c fma abm movbe xsave && widest=avx2
[ $widest = libsodium ] || ! has avx512f avx512bw avx512cd avx512dq avx512vl || widest=avx512
seals_by() { [ "$("$x64/meshiotd" version --verbose | tail -n 1)" = "ChaCha20-Poly1305: $1" ]; }
check "x64: packets are sealed by the widest instructions this CPU has: $widest" "$("$x64/meshiotd" version --verbose 2>&1)" seals_by $widest
for override in sodium=libsodium 256=avx2 512=avx512; do
  case $widest/$override in avx2/512* | libsodium/[25]*) continue ;; esac
  check "x64: MESHIOT_AEAD=${override%=*} is heeded" "it is not" env MESHIOT_AEAD="${override%=*}" bash -c \
    '"$1" version --verbose | grep -qx "ChaCha20-Poly1305: $2"' - "$x64/meshiotd" "${override#*=}"
done
# Other CPUs, by qemu: one without AVX2, and one that has nothing wider.
on_cpu() { qemu-x86_64-static -cpu "$1" "$bench/MeshIoT.Bench" aead-check 2>/dev/null | grep -q "used: $2\$"; }
check "x64: a CPU without AVX2 uses libsodium" "it does not" on_cpu Nehalem libsodium
check "x64: a CPU of 2013 seals and opens by AVX2 as libsodium does" "it does not" on_cpu Haswell avx2
check "x64: every width seals and opens as libsodium does" "see above" "$bench/MeshIoT.Bench" aead-check
if [ $both = yes ]; then
  check "arm64: NEON seals and opens as libsodium does" "see above" "${under_qemu[@]}" "$bench-arm64/MeshIoT.Bench" aead-check
  archive=$root/artifacts/aot/obj/MeshIoT.Bench/release_linux-arm64/native/libmeshiot_aead.a
  for bytes in 64 1424; do within "instructions.arm64.seal-$bytes" "$(bash tests/aead/count.sh "$archive" $bytes)"; done
fi

# --- start-up: the best of ten, because other work on the machine only ever adds ---
# best_of_ten COMMAND...   sets wall and cpu, in milliseconds
best_of_ten() {
  local i said w c TIMEFORMAT='%R %U %S'
  wall=999999 cpu=999999
  for i in {1..10}; do
    said=$({ time "$@" >/dev/null 2>&1; } 2>&1)
    read -r w c < <(awk '{ printf "%d %d\n", $1 * 1000, ($2 + $3) * 1000 }' <<<"$said")
    [ "$w" -lt $wall ] && wall=$w
    [ "$c" -lt $cpu ] && cpu=$c
  done
}
for program in meshiotd meshiot; do
  best_of_ten "$x64/$program" version
  info "$program version: $wall ms, $cpu ms of processor time"
  within "start.$program" "$wall"
done

# --- the demo, natively ---
bash tools/demo.sh --check --native >"$work/demo.log" 2>&1 </dev/null
code=$?
totals=$(tail -n 1 "$work/demo.log")
if [ $code = 0 ] && [[ $totals =~ ^([0-9]+)\ passed,\ 0\ failed ]]; then
  ok "the demo passes on native programs (${BASH_REMATCH[1]} checks)"
else
  fail "the demo passes on native programs" "code $code, $totals"
  sed 's/^/   | /' "$work/demo.log" | tail -n 60
fi

# --- a tailnet: an idle gateway, its peers, and a node of the other architecture ---
coordinator_port=8580
while (exec 3<>"/dev/tcp/127.0.0.1/$coordinator_port") 2>/dev/null; do coordinator_port=$((coordinator_port + 1)); done
start coordinator "$x64/meshiot-coordinator" serve --listen "127.0.0.1:$coordinator_port" --state "$work/coordinator" \
  --socket "$work/coordinator.sock" --base-domain aot.meshiot --no-relay
export MESHIOT_COORDINATOR_SOCKET=$work/coordinator.sock
wait_for 30 "$x64/meshiot" key list || give_up "the coordinator answers" "$(tail -n 3 "$work/coordinator.log")"
"$x64/meshiot" key create --quiet --reusable >"$work/key" || give_up "a key is created" "see above"

# node NAME ADDRESS SENSORS [EMULATOR...] PROGRAM   starts it and joins; 1 with the reason in $work/NAME.why
node() {
  local name=$1 address=$2 sensors=$3
  shift 3
  start "$name" "$@" --hostname "$name" --tun userspace --udp-bind "$address" --udp-port 0 --sensors "$sensors" \
    --state-dir "$work/$name" --socket "$work/$name.sock"
  { wait_for 60 test -S "$work/$name.sock" && "$x64/meshiot" up --claim "file:$work/key" --timeout 60 --socket "$work/$name.sock"; } \
    >"$work/$name.why" 2>&1
}
# answers FROM TO   a ping through the tunnel
answers() { "$x64/meshiot" ping --icmp -c 1 "$2" --timeout 20s --socket "$work/$1.sock"; }
# idle NAME PEERS   ten quiet seconds, then memory and the processor time of those seconds against the budgets
idle() {
  local before after
  sleep 5
  before=$(ticks "$1")
  sleep 10
  after=$(ticks "$1")
  info "$1, peers: $2: VmRSS $(memory "$1" VmRSS) kB, of it anonymous $(memory "$1" RssAnon) kB, $(memory "$1" Threads) threads, $((after - before)) ticks in 10 s"
  within "rss.peers-$2" "$(memory "$1" VmRSS)"
  within "idle-cpu.peers-$2" $(((after - before) * 10))
}

node gateway 127.0.1.1 sim,host "$x64/meshiotd" || give_up "the gateway joins" "$(cat "$work/gateway.why")"
node peer1 127.0.1.2 host "$x64/meshiotd" || give_up "a peer joins" "$(cat "$work/peer1.why")"
check "x64: a peer pings the gateway through the tunnel" "it does not" answers peer1 gateway
idle gateway 1
# A bare board has no OpenSSL, and .NET ends the process, uncaught, where it looks for it in vain.
if grep -qE 'lib(ssl|crypto)' "/proc/${process_of[gateway]}/maps"; then
  fail "a joined gateway has not asked for OpenSSL" "$(grep -oE '[^ ]*lib(ssl|crypto)[^ ]*' "/proc/${process_of[gateway]}/maps" | head -n 1) is loaded"
else
  ok "a joined gateway has not asked for OpenSSL"
fi

# The other architecture, as a third node, while the first two run.
if [ $both = no ]; then
  skip "arm64 programs" "left out here; bash tests/aot.sh has them"
elif node board 127.0.1.3 sim,host "${under_qemu[@]}" "$arm64/meshiotd"; then
  ok "arm64: meshiotd joins under qemu as a third node"
  check "arm64: it answers a ping from an x64 node through the tunnel" "it does not" answers peer1 board
  check "arm64: it pings an x64 node, asked by the arm64 command line" "it does not" \
    "${under_qemu[@]}" "$arm64/meshiot" ping --icmp -c 1 gateway --timeout 20s --socket "$work/board.sock"
  here=$("$x64/meshiot" sensor read board/sim.air_temperature --json --socket "$work/board.sock" 2>"$work/why")
  far=$("$x64/meshiot" sensor read board/sim.air_temperature --json --socket "$work/peer1.sock" 2>>"$work/why")
  case $(number "$far" value) in
    [0-9-]*) ok "arm64: its sensor is read from an x64 node: $(number "$far" value), by $(number "$far" address)" ;;
    *) fail "arm64: its sensor is read from an x64 node" "$far $(cat "$work/why")" ;;
  esac
  # The simulated waveform is a function of time alone, so equal time stamps must carry equal values.
  if [ -n "$here" ] && [ "$(number "$here" time)" = "$(number "$far" time)" ]; then
    check "arm64: the value read far away is the value sampled" "here $here, far $far" \
      test "$(number "$here" value)" = "$(number "$far" value)"
  fi
  check "arm64: it reads a sensor of an x64 node" "it does not" \
    "${under_qemu[@]}" "$arm64/meshiot" sensor read gateway/sim.air_temperature --socket "$work/board.sock"
else
  fail "arm64: meshiotd joins under qemu as a third node" "$(cat "$work/board.why"; tail -n 5 "$work/board.log")"
fi
[ $both = no ] || check "arm64: meshiot version" "it does not run" "${under_qemu[@]}" "$arm64/meshiot" version
[ $both = no ] || check "arm64: meshiotd --help" "it does not run" "${under_qemu[@]}" "$arm64/meshiotd" --help
[ $both = no ] || stop board

finish
