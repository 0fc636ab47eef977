# shellcheck shell=bash
# What our own commands say of the networks, against what the lab is and has seen. Sourced by nat.sh.

part_says() {
  [ $nodes = ours ] || return 0
  local s
  for s in sym-1 port-1 blocked-1 cgnat-1 portmap-1; do [ -z "${ns_of[$s]:-}" ] || says_netcheck $s; done
  check "meshiot ping: direct, at the peer's public address" "it says $(says_ping port-1 port-2)" eval '[[ "$(says_ping port-1 port-2 5)" = *" via ${wan4_of[port-2]}:"* ]]'
  check "meshiot ping: by relay" "it says $(says_ping sym-1 sym-2)" eval '[[ "$(says_ping sym-1 sym-2)" = *" via DERP(lab"* ]]'
  check "meshiot ping --until-direct: exit code 1 where no direct path is possible" "$(says_ping sym-1 sym-2)" eval 'agent sym-1 ping -c 2 sym-2 >/dev/null 2>&1; [ $? = 1 ]'
}

# says_ping SITE PEER [COUNT]   the last answer
says_ping() { agent "$1" ping -c "${3:-1}" "$2" 2>&1 | grep pong | tail -n 1; }

# says_netcheck SITE   UDP, the mapping, the public address, the nearest relay
says_netcheck() {
  local said want
  said=$(agent "$1" netcheck --json 2>&1)
  case ${kind_of[$1]} in
    blocked) want='(.udp | not) and .nearest.region == 900' ;;
    sym | portmap) want='.udp and .mappingVariesByDestIp == true and .nearest.region == 900' ;;
    *) want=".udp and .mappingVariesByDestIp == false and .nearest.region == 900 and (.globalV4[0] | startswith(\"${wan4_of[$1]}:\"))" ;;
  esac
  [ "${kind_of[$1]}" != portmap ] || want="$want and .portMapping.held"
  if jq -e "$want" >/dev/null 2>&1 <<<"$said"; then ok "meshiot netcheck knows the network of $1"
  else fail "meshiot netcheck knows the network of $1" "$(tr -d '\n ' <<<"$said" | cut -c 1-900)"; fi
}
