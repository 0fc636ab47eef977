# shellcheck shell=bash
# What the benches of the coordinator's program share; source it after need.sh, with root, native (yes, no) and build (yes, no) set.

# build_bench WHAT   builds that program and the simulator, and sets coordinator: as native code where the tools for it are there, else as IL
build_bench() {
  local tool
  for tool in clang ld.lld llvm-objcopy; do
    command -v "$tool" >/dev/null 2>&1 || { [ "$native" = no ] || echo "$tool is not here: the $1 runs as IL" >&2; native=no; }
  done
  if [ "$native" = yes ]; then
    coordinator=$root/artifacts/native/meshiot-coordinator
    [ "$build" = no ] || bash "$root/tools/packaging/publish.sh" --rid linux-x64 --program meshiot-coordinator --out "$root/artifacts/native" >&2
  else
    coordinator=$root/tools/MeshIoT.Coordinator/bin/Release/net10.0/meshiot-coordinator.dll
    [ "$build" = no ] || dotnet build "$root/tools/MeshIoT.Coordinator" -c Release -v quiet -nologo >&2
  fi
  [ "$build" = no ] || dotnet build "$root/tools/MeshIoT.Sim" -c Release -v quiet -nologo >&2
}
