#!/usr/bin/env bash
# Compiles the ciphers and checksums in Accelerated/Aead/Kernels once more for each instruction set, into one archive that native programs link.
#
#   bash kernels.sh ILC RSP ASSEMBLY RID OUTPUT.a
#
# A native program runs on any x86-64 CPU and is compiled without AVX: in it, Avx2.IsSupported is a constant false. So the compiler
# is asked for these few methods alone, with the instruction set they need. What it writes is plain machine code that calls nothing
# but itself; the tables it adds for its runtime are dropped, the names get a prefix, and the program calls the result like a C
# function. RSP is the compiler's response file for the program itself: the references are taken from it.
set -euo pipefail
ilc=$1 rsp=$2 assembly=$3 rid=$4 output=$5
work=$output.d
rm -rf "$work" "$output"
mkdir -p "$work"
grep '^-r:' "$rsp" >"$work/references.rsp"

# compile SET INSTRUCTIONS METHOD...   the methods of a set; C# calls those named Seal, Open, Sum and Copy with a number behind
compile() {
  local set=$1 instructions=$2 method type name object
  shift 2
  for method in "$@"; do
    type=${method%.*} name=${method#*.} object=$work/$set.$method.o
    "$ilc" "$assembly" "@$work/references.rsp" -o:"$object.raw" --targetos:linux --targetarch:"${rid#linux-}" -O --Ot \
      ${instructions:+--instruction-set:"$instructions"} \
      --singlemethodtypename "MeshIoT.Crypto.Kernels.$type, MeshIoT.Crypto" --singlemethodname "$name"
    llvm-objcopy -R .eh_frame -R .rela.eh_frame -R .dotnet_eh_table -R __modules -R .rela__modules -R .data -R .rela.data -R .bss \
      -R .tdata -R .comment -R .group -R .text --strip-symbol=__Module --wildcard --keep-global-symbol='MeshIoT_*' \
      --rename-section "__managedcode=.text.meshiot.$set.$method" "$object.raw" "$object"
    llvm-objcopy --prefix-symbols="meshiot_${set}_" "$object"
    for method in $(printf '%s\n' "$@" | grep -E '\.(Seal|Open|Sum|Copy)[0-9]'); do
      llvm-objcopy --redefine-sym \
        "meshiot_${set}_MeshIoT_Crypto_MeshIoT_Crypto_Kernels_${method%.*}__${method#*.}=meshiot_$(tr A-Z a-z <<<"${method#*.}")" "$object"
    done
    rm "$object.raw"
  done
}

case $rid in
  linux-x64)
    compile v4 x86-64-v4 ScalarPoly.Finish Poly512.Tag Rows512.Eight Columns512.Sixteen Columns512.ThirtyTwo Columns512.TwentyFour \
      Kernel512.Continue Kernel512.Seal512 Kernel512.Open512 Sums512.Sum512 Sums512.Copy512
    compile v3 x86-64-v3 ScalarPoly.Finish Poly256.Finish Rows256.Four Rows256.Eight Kernel256.Seal256 Kernel256.Open256 \
      Sums256.Sum256 Sums256.Copy256
    # On x86-64 the narrow ones are for tests and comparison: a CPU without AVX2 uses libsodium.
    compile v3n x86-64-v3 ScalarPoly.Finish Columns128.Four Kernel128.Seal128 Kernel128.Open128
    ;;
  linux-arm64) compile neon "" ScalarPoly.Finish Columns128.Four Kernel128.Seal128 Kernel128.Open128 ;;
  *) echo "kernels.sh: no kernels for $rid" >&2; exit 1 ;;
esac

# Whatever is missing is a method that was not inlined or a call into the runtime: the list above must then change.
llvm-nm --defined-only "$work"/*.o | awk 'NF == 3 { print $3 }' | sort -u >"$work/defined"
missing=$(llvm-nm --undefined-only "$work"/*.o | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - "$work/defined")
[ -z "$missing" ] || { echo "kernels.sh: the kernels call what they do not bring: $missing" >&2; exit 1; }
llvm-ar crs "$output" "$work"/*.o
