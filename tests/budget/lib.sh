# shellcheck shell=bash
# Budgets and how a process is measured against them; source it after tests/interop/lib.sh.

# within NAME VALUE   the value against its line in tests/budget/native.txt
within() {
  local limit unit measured rest
  read -r _ limit unit measured rest < <(grep -E "^$1 " "$root/tests/budget/native.txt")
  if [ -z "${limit:-}" ]; then fail "budget $1" "tests/budget/native.txt has no such line"; return; fi
  if [ -n "$2" ] && [ "$2" -le "$limit" ]; then
    ok "budget $1: $2 of $limit $unit (last recorded: $measured)"
  else
    fail "budget $1" "${2:-nothing} measured, $limit $unit allowed; last recorded $measured ($rest)"
  fi
}

# memory NAME FIELD   kB of VmRSS, RssAnon and the like
memory() { awk -v field="$2:" '$1 == field { print $2 }' "/proc/${process_of[$1]}/status"; }

# ticks NAME   processor time used so far, in 1/100 s
ticks() { sed 's/.*) //' "/proc/${process_of[$1]}/stat" | awk '{ print $12 + $13 }'; }

# wakeups NAME   how often its threads have gone to sleep and been woken so far
wakeups() { cat "/proc/${process_of[$1]}"/task/*/status 2>/dev/null | awk '$1 == "voluntary_ctxt_switches:" { n += $2 } END { print n + 0 }'; }

# written NAME   bytes it has sent to a disk so far
written() { awk '$1 == "write_bytes:" { print $2 }' "/proc/${process_of[$1]}/io"; }

# files FOLDER   what lies in it: names, sizes, times and numbers of the files
files() { find "$1" -type f -printf '%P %s %T@ %i\n' | sort; }
