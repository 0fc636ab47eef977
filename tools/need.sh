# shellcheck shell=bash
# What scripts of this project need from the machine; source it.

# need_dotnet   says what to do when the .NET 10 SDK is missing
need_dotnet() {
  [ -x "$HOME/.dotnet/dotnet" ] && ! command -v dotnet >/dev/null 2>&1 && PATH="$HOME/.dotnet:$PATH"
  if ! command -v dotnet >/dev/null 2>&1; then
    cat >&2 <<'TEXT'
The .NET 10 SDK is not on this machine. This one command gets it, for this user only:

  curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0

Then run this script again.
TEXT
    return 1
  fi
  case $(dotnet --list-sdks 2>/dev/null | sed 's/ .*//' | sort -V | tail -n 1) in
    10.* | 1[1-9].*) return 0 ;;
  esac
  echo "The .NET SDK here is older than 10. Get it with: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0" >&2
  return 1
}

# need_packages PACKAGE...   installs what is missing, saying so; 1 when it cannot (no root, no apt, no network)
need_packages() {
  local missing=() p as=()
  for p in "$@"; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null 2>&1 || { echo "   no apt-get here; please install: ${missing[*]}" >&2; return 1; }
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
      as=(sudo -n)
    else
      echo "   not root; please run: sudo apt-get install -y ${missing[*]}" >&2
      return 1
    fi
  fi
  echo "   installing ${missing[*]} …" >&2
  local install=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300)
  "${install[@]}" "${missing[@]}" >/dev/null 2>&1 ||
    { "${as[@]}" apt-get update -qq >/dev/null 2>&1 && "${install[@]}" "${missing[@]}" >/dev/null 2>&1; } ||
    { echo "   apt-get could not install: ${missing[*]}" >&2; return 1; }
}
