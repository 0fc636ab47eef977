#!/usr/bin/env bash
# What each shipped program is made of, one thing a line: packages with their versions and whether any of their code is in the program, as the
# symbols of the native build tell; native libraries that lie beside it, that it is linked against, and whose names it holds to load them by.
# The .NET runtime is linked in and comes with the SDK. tests/budget/lean.sh compares this with tests/budget/dependencies.txt.
#
#   bash tests/budget/dependencies.sh FOLDER-OF-ALL FOLDER-OF-THE-MESH-ONLY-AGENT
set -euo pipefail
cd "$(dirname "$0")/../.."
native=$1 mesh=$2
export LC_ALL=C

# packages LOCKFILE   "ID VERSION" of every package, the linker's own tasks left out
packages() {
  awk '
    /^ *"net10\.0": *\{/ { here = 1; next }
    /^    "net10\.0\// || /^    "netstandard/ { here = 0 }
    here && /^      "[^"]+": *\{/ { split($0, part, "\""); id = part[2] }
    here && /"resolved":/ { split($0, part, "\""); print id, part[4] }
  ' "$1" | grep -v '^Microsoft\.NET\.ILLink\.Tasks ' | sort -u
}

# prefix ID   what the symbols of its assembly begin with
prefix() {
  case $1 in
    SQLitePCLRaw.bundle_e_sqlite3 | SQLitePCLRaw.config.e_sqlite3) echo SQLitePCLRaw_batteries_v2_ ;;
    Microsoft.Data.Sqlite.Core) echo Microsoft_Data_Sqlite_ ;;
    ZstdSharp.Port) echo ZstdSharp_ ;;
    *) echo "$(tr .- __ <<<"$1")_" ;;
  esac
}

# program NAME FOLDER PROJECT
program() {
  local name=$1 file=$2/${1%% *} symbols id version
  symbols=$2/symbols/${1%% *}.dbg
  [ -f "$file" ] && [ -f "$symbols" ] || { echo "$file or its symbols are missing" >&2; exit 1; }
  llvm-nm "$symbols" 2>/dev/null | awk '{ print $3 }' | sed 's/^\(unbox\|_ZTV[0-9]*\)_*//' >"$scratch/symbols"
  while read -r id version; do
    if grep -q -m 1 "^$(prefix "$id")" "$scratch/symbols"; then echo "$name: package $id $version"; else echo "$name: package $id $version (no code of it)"; fi
  done < <(packages "$3/packages.lock.json")
  llvm-readelf -d "$file" | sed -n 's/.*Shared library: \[\(.*\)\]/\1/p' | grep -v '^ld-linux' | sort | sed "s/^/$name: linked against /"
  grep -aoE 'lib[a-z][a-z0-9_-]*\.so(\.[0-9]+)*' "$file" | sort -u | grep -vE '^lib(c|m|dl|pthread|rt)\.so' | sed "s/^/$name: loads by name /"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "# Made by tests/budget/lean.sh --accept; the test says what has changed since."
program "meshiotd" "$native" agent/meshiotd
program "meshiotd mesh-only" "$mesh" agent/meshiotd
program "meshiot" "$native" tools/meshiot
program "meshiot-coordinator" "$native" tools/MeshIoT.Coordinator
for folder in "$native" "$mesh"; do
  for library in "$folder"/*.so; do echo "beside the programs in artifacts/${folder##*/}: ${library##*/}"; done
done
