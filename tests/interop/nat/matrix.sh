# shellcheck shell=bash
# Every pair of kinds: the first byte to a peer never spoken to, then the direct path or the proof that there is none. Sourced by nat.sh.

# For what no network causes: two handshakes' worth of computing, and a machine that has other work.
allowance_ms=${MESHIOT_NAT_ALLOWANCE_MS:-150}
# The quick run is one test of many on whatever machine: there only the order of things counts.
slack=1
[ $quick = no ] || { slack=2; allowance_ms=${MESHIOT_NAT_ALLOWANCE_MS:-500}; }

# bound_ms A B   two round trips to the relay and a handshake, which takes another two: through the relay each way is half of both
# sites' times. A lossy link may lose one of these, and TCP to the relay needs its second to send it again.
bound_ms() {
  local extra=0
  [[ ${kind_of[$1]} = lte || ${kind_of[$2]} = lte ]] && extra=1000
  jq -n --argjson a "$(rtt_of "$1")" --argjson b "$(rtt_of "$2")" --argjson c "$allowance_ms" --argjson e "$extra" '(2 * ($a + $b) + $c + $e) | round'
}

# pairs_of KIND...   SITE:SITE for every pair of the kinds, the first site of one with the second of the other
pairs_of() {
  local i j kinds=("$@")
  for ((i = 0; i < ${#kinds[@]}; i++)); do
    for ((j = i; j < ${#kinds[@]}; j++)); do
      [[ -z $pair_word || "${kinds[i]}-${kinds[j]}" = *"$pair_word"* || "${kinds[j]}-${kinds[i]}" = *"$pair_word"* ]] && echo "${kinds[i]}-1:${kinds[j]}-2"
    done
  done
}

# warm_up KIND...   every node speaks to one that it does not meet in the matrix: what is measured is not the compiling of programs
warm_up() {
  local n i kinds=("$@") chain=()
  for n in 1 2; do
    for ((i = 0; i + 1 < ${#kinds[@]}; i += 2)); do chain+=("${kinds[i]}-$n:${kinds[i + 1]}-$n"); done
    [ $((${#kinds[@]} % 2)) = 0 ] || chain+=("${kinds[-1]}-$n:${kinds[0]}-$n")
  done
  "$probe" pairs "$work/sites" 10 1 "${chain[@]}" >"$work/warm.json" 2>&1
}

# part_matrix GROUP PAIR...   the results are kept under that name
part_matrix() {
  local group=$1 pair a b want bound
  shift
  for pair in "$@"; do
    a=${pair%:*} b=${pair#*:}
    want=$(expected "${kind_of[$a]}" "${kind_of[$b]}") bound=$(bound_ms "$a" "$b")
    "$probe" pairs "$work/sites" 15 "$([ "$want" = direct ] && echo 8 || echo 3)" "$pair" >"$work/pair.json" 2>"$work/pair.err" || { fail "$a–$b" "$(tail -n 1 "$work/pair.err")"; continue; }
    jq -c --arg group "$group" --arg want "$want" --argjson bound "$bound" --arg ka "${kind_of[$a]}" --arg kb "${kind_of[$b]}" '
      . + {part: $group, pair: "\($ka)-\($kb)", expected: $want, first_byte_goal_ms: $bound}
        + {ok: (.first_byte_ms != null and .first_byte_ms <= $bound and (if $want == "direct" then .direct_ms != null else .relay end))}' "$work/pair.json" >"$work/pair.line"
    cat "$work/pair.line" >>"$work/pairs.json"
    pair_says "$work/pair.line"
  done
}

pair_says() {
  [ -s "$1" ] || { fail "a pair" "no measurement"; return; }
  local text
  text=$(jq -r '"\(.pair): first byte \(.first_byte_ms // "never") ms (goal \(.first_byte_goal_ms)), " + (if .relay then "relay" elif .direct_ms then "direct after \(.direct_ms) ms more" else "nothing" end) + ", gap \(.gap_ms) ms, \(.lost) of \(.sent) lost, rtt \(.rtt_ms) ms"' "$1")
  if jq -e .ok "$1" >/dev/null; then ok "$text"; else fail "$text" "expected $(jq -r .expected "$1")"; fi
}

# part_p95   the goal over all pairs that can be direct
part_p95() {
  [ -s "$work/pairs.json" ] || return 0
  local p95
  p95=$(jq -s '[.[] | select(.part == "matrix" and .direct_ms != null) | .direct_ms] | sort | if length == 0 then null else .[((length * 0.95 | ceil) - 1)] end' "$work/pairs.json")
  [ "$p95" != null ] || return 0
  check "direct within a second of the first byte, p95 over the pairs: $p95 ms" "it is more" jq -ne "$p95 <= 1000"
}
