#!/usr/bin/env bash
# Compiles the programs to native code, for 64-bit PCs and for 64-bit Raspberry Pi OS and other arm64 boards: one file each,
# no .NET on the target, C library of Debian 12 or newer. The native libraries they load lie beside them.
#
#   bash tools/packaging/publish.sh                    both, into artifacts/native (x64) and artifacts/native-arm64
#   bash tools/packaging/publish.sh --rid linux-x64    one of them: linux-x64, linux-arm64 or all
#   bash tools/packaging/publish.sh --out DIR          into DIR (x64) and DIR-arm64; with one --rid, into DIR itself
#   bash tools/packaging/publish.sh --program meshiot  only this one; may be repeated
#   bash tools/packaging/publish.sh --profile mesh-only
#                                                      meshiotd as the node alone, without sensors, history, alerts, MQTT and page;
#                                                      into artifacts/mesh-only (x64) and artifacts/mesh-only-arm64
#
# A warning of any tool fails the build. What a debugger needs goes to symbols/ beside the programs.
set -u
caller=$PWD
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
. tools/need.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1 LC_ALL=C.UTF-8

stop_here() { echo "publish: $*" >&2; exit 1; }
usage() { echo "publish: $* (see --help)" >&2; exit 2; }

declare -A project_of=([meshiotd]=agent/meshiotd [meshiot]=tools/meshiot [meshiot-coordinator]=tools/MeshIoT.Coordinator
  [MeshIoT.Bench]=tools/MeshIoT.Bench)
programs=() rids=(linux-x64 linux-arm64) out= profile=gateway
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --rid | --out | --program | --profile) [ $# -ge 2 ] || usage "$1 wants a value" ;;&
    --rid)
      case $2 in
        all) rids=(linux-x64 linux-arm64) ;;
        linux-x64 | linux-arm64) rids=("$2") ;;
        *) usage "no such platform: $2" ;;
      esac
      shift ;;
    --out) case $2 in /*) out=$2 ;; ?*) out=$caller/$2 ;; *) usage "--out wants a folder" ;; esac; shift ;;
    --profile) case $2 in gateway | mesh-only) profile=$2 ;; *) usage "no such profile: $2" ;; esac; shift ;;
    --program) [ -n "${project_of[$2]:-}" ] || usage "no such program: $2"; programs+=("$2"); shift ;;
    *) usage "no such option: $1" ;;
  esac
  shift
done
folder=native extra=()
if [ $profile = mesh-only ]; then
  # Only the agent has profiles; -p:MeshOnly is a property of its project.
  [ "${programs[*]:-meshiotd}" = meshiotd ] || usage "--profile mesh-only is for meshiotd alone"
  programs=(meshiotd) folder=mesh-only extra=(-p:MeshOnly=true)
fi
[ ${#programs[@]} -gt 0 ] || programs=(meshiotd meshiot meshiot-coordinator)

# folder_of RID
folder_of() {
  if [ -n "$out" ] && [ ${#rids[@]} -eq 1 ]; then echo "$out"; return; fi
  case $1 in linux-x64) echo "${out:-$root/artifacts/$folder}" ;; *) echo "${out:-$root/artifacts/$folder}-arm64" ;; esac
}

# --- the tool chain ---
need_dotnet || exit 1
packages=(clang lld llvm libc6-dev) crossing=0
for rid in "${rids[@]}"; do
  case $(uname -m)/$rid in
    x86_64/linux-x64 | aarch64/linux-arm64) ;;
    x86_64/linux-arm64) crossing=1 packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross) ;;
    *) stop_here "a $(uname -m) machine cannot compile for $rid; an x86-64 one compiles for both" ;;
  esac
done
need_packages "${packages[@]}" || stop_here "native code needs these Debian packages: ${packages[*]}"
for tool in clang ld.lld llvm-objcopy; do
  command -v "$tool" >/dev/null 2>&1 || stop_here "$tool is not on the PATH; Debian has it in: clang lld llvm"
done

# All work happens under artifacts/aot, away from the obj/ and bin/ of ordinary builds, whose restores differ.
work=$root/artifacts/aot
mkdir -p "$work" || exit 1
log=$work/publish.log clock=$work/publish.clock

# children_cpu   sets cpu to the processor seconds, in tenths, of every command this script has waited for
children_cpu() {
  times >"$clock"
  cpu=$(awk 'NR == 2 { split($1, u, /[ms]/); split($2, s, /[ms]/); printf "%d", 10 * (60 * (u[1] + s[1]) + u[2] + s[2]) }' "$clock")
}

publish() { # RID PROGRAM
  local rid=$1 program=$2 raw=$work/publish/$1/$2 target started=$SECONDS before code library
  target=$(folder_of "$rid")
  printf '   %-12s %-20s ' "$rid" "$program"
  rm -rf "$raw"
  children_cpu; before=$cpu
  dotnet publish "$root/${project_of[$program]}" -c Release -r "$rid" -p:Aot=true "${extra[@]}" --artifacts-path "$work" -o "$raw" \
    -v minimal -nologo -tl:off -warnaserror </dev/null >"$log" 2>&1
  code=$?
  children_cpu
  if [ $code != 0 ] || [ ! -f "$raw/$program" ] || grep -qiE '\bwarn(ing)?\b[^/]*:' "$log"; then
    echo "failed"
    tail -n 40 "$log" >&2
    stop_here "$program does not compile for $rid without errors and warnings; the end of the tools' output stands above"
  fi
  mkdir -p "$target/symbols" || stop_here "cannot write to $target"
  # A program that runs from here keeps its file: install replaces, it does not overwrite.
  install -m 755 "$raw/$program" "$target/.$program.new" && mv -f "$target/.$program.new" "$target/$program" ||
    stop_here "cannot write to $target"
  [ ! -f "$raw/$program.dbg" ] || install -m 644 "$raw/$program.dbg" "$target/symbols/$program.dbg"
  for library in "$raw"/*.so; do
    # A mesh-only build keeps nothing in SQLite.
    [ $profile/"${library##*/}" != mesh-only/libe_sqlite3.so ] || continue
    [ ! -f "$library" ] || install -m 644 "$library" "$target/" || stop_here "cannot write to $target"
  done
  rm -rf "$raw"
  printf '%3d s, %d.%d s of processor time\n' $((SECONDS - started)) $(((cpu - before) / 10)) $(((cpu - before) % 10))
}

echo "Compiling to native code (about a minute for each program)"
for rid in "${rids[@]}"; do
  for program in "${programs[@]}"; do publish "$rid" "$program"; done
done

for rid in "${rids[@]}"; do
  target=$(folder_of "$rid")
  printf '\n%s\n' "${target#"$root"/}"
  for file in "$target"/*; do
    [ ! -f "$file" ] || printf '   %-24s %11d bytes\n' "${file##*/}" "$(stat -c %s "$file")"
  done
done
