# shellcheck shell=bash
# What the interop scripts share; source it. One line per check on standard output:
#   ok NAME | FAIL NAME: why | skip NAME: why        and last: N passed, N failed, N skipped
# Everything started with `start`, and every namespace made with `new_netns`, is gone when the script ends, however it ends.
# Nothing else on the machine is touched: processes are ended by the ids remembered here, never by name.

passed=0 failed=0 skipped=0
declare -A process_of=()      # name → process id
namespaces=()
cleanups=()                   # commands to run at the end, last one first
work=$(mktemp -d "${TMPDIR:-/tmp}/meshiot-interop.XXXXXX") || exit 1
chmod 700 "$work"

ok()   { passed=$((passed + 1));   printf 'ok %s\n' "$1"; }
fail() { failed=$((failed + 1));   printf 'FAIL %s: %s\n' "$1" "${2:-no reason known}"; }
skip() { skipped=$((skipped + 1)); printf 'skip %s: %s\n' "$1" "$2"; }
info() { printf '   %s\n' "$*"; }

# check NAME WHY COMMAND...   ok when the command succeeds, FAIL with WHY (and the end of what it printed) otherwise
check() {
  local name=$1 why=$2
  shift 2
  if "$@" >"$work/check.said" 2>&1; then
    ok "$name"
  else
    fail "$name" "$why$(sed -n '$s/..*/ (&)/p' "$work/check.said")"
  fi
}

# finish   the totals; non-zero when anything failed
finish() {
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit $((failed > 0))
}

# skip_all NAME WHY   the whole script cannot run here
skip_all() { skip "$1" "$2"; finish; }

# give_up NAME WHY   no use going on
give_up() { fail "$1" "$2"; finish; }

# --- what the machine must have ---

need_root_and_tun() {   # NAME
  [ "$(id -u)" = 0 ] || skip_all "$1" "network namespaces need root"
  [ -c /dev/net/tun ] || skip_all "$1" "there is no /dev/net/tun"
}

# need_pkg COMMAND=PACKAGE...   installs what is missing, one installer at a time on the machine; 1 when it cannot
need_pkg() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || { echo "no apt-get; please install: ${missing[*]}"; return 1; }
  printf '   installing %s\n' "${missing[*]}" >&2
  (
    flock -w 300 9 || exit 1
    export DEBIAN_FRONTEND=noninteractive
    install=(apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}")
    "${install[@]}" 9>&- || { apt-get update -qq 9>&- && "${install[@]}" 9>&-; }
  ) 9>"/tmp/meshiot-apt.lock" >"$work/apt.log" 2>&1 || { echo "apt-get could not install ${missing[*]}: $(tail -n 1 "$work/apt.log")"; return 1; }
}

# --- namespaces and processes ---

# new_netns NAME   an empty network namespace with loopback up
new_netns() { ip netns add "$1" && namespaces+=("$1") && ip -n "$1" link set lo up; }

inside() { local ns=$1; shift; ip netns exec "$ns" "$@"; }

# join A IF-A B IF-B   a cable between two namespaces
join() { ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" && ip -n "$1" link set "$2" up && ip -n "$3" link set "$4" up; }

# start NAME COMMAND...   in the background; output in $work/NAME.log
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  process_of[$name]=$!
}

# stop NAME   asks, waits up to 3 s, then insists
stop() {
  local pid=${process_of[$1]:-} i
  [ -n "$pid" ] || return 0
  unset "process_of[$1]"
  # A child that has ended keeps its id until it is waited for, so the id cannot have become somebody else's.
  kill "$pid" 2>/dev/null
  for i in {1..30}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  return 0
}

# wait_for SECONDS COMMAND...   until it succeeds
wait_for() {
  local end=$(($(now_ms) + $1 * 1000))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(now_ms)" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# number JSON NAME   the first number (or word) under that name
number() { grep -o "\"$2\":[^,}]*" <<<"$1" | head -n 1 | cut -d: -f2-; }

now_ms() { date +%s%3N; }

clean_up() {
  local name i
  trap - EXIT INT TERM
  for ((i = ${#cleanups[@]} - 1; i >= 0; i--)); do eval "${cleanups[i]}"; done
  for name in "${!process_of[@]}"; do stop "$name"; done
  for name in "${namespaces[@]}"; do ip netns delete "$name" 2>/dev/null; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
