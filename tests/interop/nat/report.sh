# shellcheck shell=bash
# The matrix as a table and as JSON. Sourced by nat.sh.

# table KIND...   rows and columns are kinds; a cell is first byte / direct (ms after it), or R for relay
table() {
  [ -s "$work/pairs.json" ] || return 0
  printf '\n   first byte / direct after it, ms; R: by relay; -: not tried; !: not as expected\n'
  jq -rs --args '. as $all | ["", $ARGS.positional[]] , ($ARGS.positional[] as $a | [$a, ($ARGS.positional[] as $b
      | ([$all[] | select(.part == "matrix" and .pair == "\($a)-\($b)")][0] // null) as $p
      | if $p == null then "-" else "\(if $p.first_byte_ms == null then "?" else ($p.first_byte_ms | round) end)/\(if $p.relay then "R" elif $p.direct_ms == null then "?" else ($p.direct_ms | round) end)\(if $p.ok then "" else "!" end)" end)])
    | @tsv' "$@" <"$work/pairs.json" | awk -F'\t' '{ printf "   "; for (i = 1; i <= NF; i++) printf "%-11s", $i; print "" }'
  echo
}

# write_json FILE
write_json() {
  touch "$work/kinds.json" "$work/punch.json" "$work/pairs.json" "$work/events.json"
  jq -n --arg nodes "$nodes" --arg relay "$relay_kind" --argjson allowance "$allowance_ms" --slurpfile kinds "$work/kinds.json" --slurpfile punch "$work/punch.json" \
    --slurpfile pairs "$work/pairs.json" --slurpfile events "$work/events.json" \
    --slurpfile reference "$parts_dir/reference.json" '
    {nodes: $nodes, relay: $relay, allowance_ms: $allowance,
     direct_ms_p95: ([$pairs[] | select(.part == "matrix" and .direct_ms != null) | .direct_ms] | sort | if length == 0 then null else .[((length * 0.95 | ceil) - 1)] end),
     kinds: $kinds, plain_sockets: $punch, pairs: [$pairs[] | . + {reference: (if .part == "matrix" then $reference[0].pairs[.pair] else null end)}],
     events: [$events[] | . + {reference: $reference[0].events[.event]}], reference: $reference[0].what}' >"$1"
}
