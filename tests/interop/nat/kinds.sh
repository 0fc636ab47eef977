# shellcheck shell=bash
# The lab proves that it is what it says: every gateway's mapping and filtering in RFC 4787's terms, and which pairs can meet at all.
# Sourced by nat.sh.

reflectors=$hub,$hub_ip,$hub_ip_b,$hub_ip6,$hub_ip6_b

# kind_words KIND   MAPPING FILTERING UNSOLICITED, as they must be seen
kind_words() {
  local independent=endpoint-independent address=address-dependent port=address-and-port-dependent
  case $1 in
    open) echo "none $independent true" ;;
    fullcone) echo "$independent $independent false" ;;
    addr) echo "$independent $address false" ;;
    port | double | cgnat | lte) echo "$independent $port false" ;;
    sym | portmap) echo "$port $port false" ;;
    v6) echo "none $port false" ;;
    blocked) echo "blocked blocked false" ;;
  esac
}

# reach KIND   how a node there can be met: any (it can be found where it says it is), address, eim (both must knock), hard, none
reach() {
  case $1 in
    open | fullcone | portmap) echo any ;;
    addr) echo address ;;
    port | double | cgnat | lte) echo eim ;;
    sym) echo hard ;;
    *) echo none ;;
  esac
}

# expected KIND KIND   direct or relay, for two sites of these kinds
expected() {
  local a=$1 b=$2 pair
  case "$a $b" in
    *blocked*) echo relay; return ;;
    "v6 v6" | "v6 open" | "open v6") echo direct; return ;;
    v6* | *v6) echo relay; return ;;
  esac
  pair="$(reach "$a") $(reach "$b")"
  case $pair in
    "hard hard" | "hard eim" | "eim hard") echo relay ;;
    *) echo direct ;;
  esac
}

# punch_expected KIND KIND   the same for plain sockets, which ask no gateway for a port
punch_expected() { expected "${1/portmap/sym}" "${2/portmap/sym}"; }

part_kinds() {
  local s line want
  "$probe" kinds "$work/sites" "$reflectors" "${sites[@]}" >"$work/kinds.json" 2>"$work/kinds.err" ||
    { fail "the probe judges the gateways" "$(tail -n 2 "$work/kinds.err")"; return 1; }
  for s in "${sites[@]}"; do
    line=$(jq -r --arg s "$s" 'select(.site == $s) | "\(.mapping) \(.filtering) \(.unsolicited)"' "$work/kinds.json")
    want=$(kind_words "${kind_of[$s]}")
    if [ "$line" = "$want" ]; then
      ok "$s is ${kind_of[$s]}: mapping, filtering, unsolicited: $line; $(rtt_of "$s") ms to the relay"
    else
      fail "$s is ${kind_of[$s]}: mapping, filtering, unsolicited: $want" "seen: $line"
    fi
  done
}

rtt_of() { jq -r --arg s "$1" 'select(.site == $s) | .rtt_ms' "$work/kinds.json"; }

# part_punch PAIR...   the truth about each pair, from plain sockets
part_punch() {
  local line a b seen want wrong=0
  "$probe" punch "$work/sites" "$reflectors" "$@" >"$work/punch.json" 2>"$work/punch.err" || { fail "the probe punches" "$(tail -n 2 "$work/punch.err")"; return 1; }
  while read -r a b seen; do
    want=$(punch_expected "${kind_of[$a]}" "${kind_of[$b]}")
    [ "$seen" = "$([ "$want" = direct ] && echo true || echo false)" ] || { wrong=$((wrong + 1)); info "$a–$b: plain sockets meet: $seen, expected: $want"; }
  done < <(jq -r '"\(.a) \(.b) \(.direct)"' "$work/punch.json")
  if [ "$wrong" = 0 ]; then ok "plain sockets meet directly in just the pairs that the kinds allow ($# pairs tried)"
  else fail "plain sockets meet directly in just the pairs that the kinds allow" "$wrong of $# do not"; fi
}
