# shellcheck shell=bash
# Our nodes and real tailscaled nodes behind NATs, in one tailnet, over our relay. Sourced by nat.sh.

mixed_kinds=(port sym blocked)

part_mixed() {
  [ $nodes = ours ] || return 0
  [ -n "$tailscaled" ] && [ -n "$tailscale" ] || { skip "mixed" "skipped: not installed (tailscaled, tailscale)"; return; }
  local k pairs=(port-1:port-3 sym-1:sym-3 port-3:sym-2 port-3:port-2 sym-3:open-1 portmap-1:sym-3 blocked-1:port-3 blocked-3:port-1 cgnat-1:port-3) wanted=() p
  for k in "${mixed_kinds[@]}"; do node_of[$k-3]=theirs; bring_up "$k-3" || return; done
  for p in "${pairs[@]}"; do
    [ -n "${tunnel_of[${p%:*}]:-}" ] && [ -n "${tunnel_of[${p#*:}]:-}" ] && wanted+=("$p")
  done
  for p in "${wanted[@]}"; do wait_for 30 eval "sees ${p%:*} ${p#*:} && sees ${p#*:} ${p%:*}" || fail "${p/:/ and } see each other" "they do not"; done
  info "mixed: site 3 of a kind runs tailscaled"
  part_matrix mixed "${wanted[@]}"
}
