#!/usr/bin/env bash
# Fuzzes every parser of what comes from outside, each by the promises that it makes (tests/fuzz/MeshIoT.Fuzz/Targets).
#
#   bash tests/fuzz/run.sh                        20 s for all targets together
#   bash tests/fuzz/run.sh --seconds N [TARGET…]  so long, only those (see --list)
#   bash tests/fuzz/run.sh --seed N               the same inputs again, as far as the speed of the machine allows
#   bash tests/fuzz/run.sh --corpus DIR           begins with what lies in DIR/TARGET, and keeps there what takes new branches
#   bash tests/fuzz/run.sh --afl TARGET           the same target under afl-fuzz of Debian's afl++, until the seconds are over
#   bash tests/fuzz/run.sh --blind                without instrumentation: the promises are tested by chance alone
#
# The loop is the program's own, in one process; SharpFuzz instruments copies of our assemblies so that an input which takes a new
# branch is kept and changed further. Inputs that broke a promise stay in $TMPDIR (FAIL names the file; MeshIoT.Fuzz replay TARGET FILE).
set -u
cd "$(dirname "$0")/../.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 LC_ALL=C.UTF-8
seconds=20 afl='' blind=no list=no args=() targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --seed | --corpus) args+=("$1" "$2"); shift 2 ;;
    --afl) afl=$2; shift 2 ;;
    --blind) blind=yes; shift ;;
    --list) list=yes; shift ;;
    -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "run.sh: no such option: $1 (see --help)" >&2; exit 2 ;;
    *) targets+=("$1"); shift ;;
  esac
done

project=tests/fuzz/MeshIoT.Fuzz
built=$project/bin/Release/net10.0
if ! [ -x "$built/MeshIoT.Fuzz" ] || [ "${MESHIOT_FUZZ_BUILD:-yes}" = yes ]; then
  dotnet build "$project" -c Release -v quiet -nologo >/dev/null || { echo "FAIL fuzz: it does not build"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
fi
[ $list = no ] || { "$built/MeshIoT.Fuzz" list; exit; }

work=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-fuzz.XXXXXX") || exit 1
chmod 700 "$work"
trap 'rm -rf "$work"' EXIT
cp -r "$built" "$work/program"
if [ $blind = no ]; then
  "$built/MeshIoT.Fuzz" instrument "$work/program" >/dev/null 2>"$work/said" || { echo "FAIL fuzz: no instrumentation: $(tail -n 1 "$work/said")"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
fi

if [ -n "$afl" ]; then
  command -v afl-fuzz >/dev/null || { echo "skip fuzz $afl: afl-fuzz is not installed (Debian: afl++)"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
  "$work/program/MeshIoT.Fuzz" seeds "$afl" "$work/in" || exit 1
  AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
    timeout --signal=INT $((seconds + 60)) afl-fuzz -V "$seconds" -t 5000 -m none -i "$work/in" -o "$work/out" -- "$work/program/MeshIoT.Fuzz" afl "$afl" >"$work/said" 2>&1
  stats=$work/out/default/fuzzer_stats
  [ -s "$stats" ] || { echo "FAIL fuzz $afl: $(tail -n 3 "$work/said")"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
  crashes=$(awk -F'[: ]+' '/^saved_crashes/ { print $2 }' "$stats") runs=$(awk -F'[: ]+' '/^execs_done/ { print $2 }' "$stats")
  if [ "$crashes" = 0 ]; then
    echo "ok fuzz $afl: afl-fuzz, $runs inputs"; echo "1 passed, 0 failed, 0 skipped"; exit 0
  fi
  keep=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-fuzz-findings.XXXXXX") && cp "$work"/out/default/crashes/id* "$keep"
  echo "FAIL fuzz $afl: $crashes inputs in $keep"; echo "0 passed, 1 failed, 0 skipped"; exit 1
fi

"$work/program/MeshIoT.Fuzz" run --seconds "$seconds" "${args[@]}" "${targets[@]}" 2>"$work/said" | tee "$work/lines"
passed=$(grep -c '^ok ' "$work/lines") failed=$(grep -c '^FAIL ' "$work/lines")
wanted=${#targets[@]}
[ "$wanted" -gt 0 ] || wanted=$("$built/MeshIoT.Fuzz" list | wc -l)
if [ $((passed + failed)) -lt "$wanted" ]; then
  # A crash of the whole process: a stack that ran over, memory that is gone.
  echo "FAIL fuzz: it ended after $((passed + failed)) of $wanted targets: $(tail -n 5 "$work/said")"
  failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, 0 skipped"
exit $((failed > 0))
