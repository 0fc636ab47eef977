# shellcheck shell=bash
# Where the built programs are, and how the scripts call them; source it after lib.sh.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
coordinator=$here/tools/MeshIoT.Coordinator/bin/Release/net10.0/meshiot-coordinator
meshiotd=$here/agent/meshiotd/bin/Release/net10.0/meshiotd
meshiot=$here/tools/meshiot/bin/Release/net10.0/meshiot
export DOTNET_CLI_TELEMETRY_OPTOUT=1 LC_ALL=C.UTF-8

# need_programs NAME   builds them where they are missing
need_programs() {
  [ -x "$coordinator" ] && [ -x "$meshiotd" ] && [ -x "$meshiot" ] && return 0
  local p
  for p in tools/MeshIoT.Coordinator agent/meshiotd tools/meshiot; do
    dotnet build "$here/$p" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || give_up "$1" "$p does not build"
  done
}

# agent NAME VERB...   the command line, talking to the agent NAME
agent() { local name=$1; shift; "$meshiot" "$@" --socket "$work/$name.sock"; }

# new_key [OPTION...]   a fresh claim on stdout
new_key() { "$meshiot" key create --quiet --coordinator "$work/coordinator.sock" "$@"; }

# free_port ADDRESS FIRST   the first port from FIRST on that nobody listens on
free_port() {
  local port=$2
  while (exec 3<>"/dev/tcp/$1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}
