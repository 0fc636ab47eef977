#!/usr/bin/env bash
# Policies as Tailscale's service compiled them, against what `meshiot policy compile` makes of them. The cases are data of others and lie
# beside the project (../shared/vectors/policy); without them everything is skipped. Cases that are known to differ, with the reason, are
# in policy-exceptions.txt; where one case alone is more than the share that may differ, one known exception is. Prints a table per category: cases, those that agree in everything, and per aspect how many agree.
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/programs.sh"
vectors=$here/../shared/vectors/policy
[ -d "$vectors" ] || skip_all "policies" "no vectors in ../shared/vectors/policy"
compare=$here/tests/interop/MeshIoT.Interop.Policy/bin/Release/net10.0/MeshIoT.Interop.Policy
for p in tools/meshiot tests/interop/MeshIoT.Interop.Policy; do
  [ -x "$meshiot" ] && [ -x "$compare" ] && break
  dotnet build "$here/$p" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || give_up "policies" "$p does not build"
done

printf '   %-10s %5s %5s %8s  %s\n' category cases agree "" "verdict  filters    peers   routes      ssh     caps"
for file in "$vectors"/*.jsonl; do
  category=$(basename "$file" .jsonl)
  case $category in
    acl | grants | routes | tests) least=98 ;;
    *) least=90 ;;
  esac
  if ! "$meshiot" policy compile --cases "$file" --out "$work/$category.jsonl" >"$work/said" 2>&1; then
    fail "$category" "the command failed: $(tail -n 1 "$work/said")"
    continue
  fi
  "$compare" compare "$file" "$work/$category.jsonl" "$here/tests/interop/policy-exceptions.txt" "$least" >"$work/compared" 2>&1
  status=$?
  cat "$work/compared"
  if [ $status -eq 0 ]; then ok "$category ($least % and more, and no exception that is not known)"
  else fail "$category" "fewer than $least % agree, or a case differs that is not known to"
  fi
done

printf '{"id":"broken"\n[1]\n' | cat - <(head -n 1 "$vectors/acl.jsonl") >"$work/broken.in"
"$meshiot" policy compile --cases "$work/broken.in" --out "$work/broken.out" >"$work/said" 2>&1
status=$?
if [ $status -ne 0 ] && [ "$(grep -c policy-case-malformed "$work/said")" = 2 ] && grep -q 'line 2' "$work/said" && [ "$(wc -l <"$work/broken.out")" = 1 ]; then
  ok "malformed cases are named by their line, the others are done"
else
  fail "malformed cases are named by their line, the others are done" "exit $status: $(tail -n 2 "$work/said")"
fi

finish
