# shellcheck shell=bash
# A Debian kernel in an emulated machine, made from Debian's packages and this folder's init; source it after lib.sh. The guest's eth0 is the other
# end of the tap interface "tk" in the namespace it is started in.

# fetch_kernel   the kernel's package into $work/kernel; says why it cannot
fetch_kernel() {
  local name
  (
    flock -w 300 9 || exit 1
    cd "$work" || exit 1
    # The plain name is an empty package that depends on the newest one. Without lists there is no such name yet.
    for name in linux-image-cloud-amd64 linux-image-amd64; do
      apt-cache show --no-all-versions "$name" 2>/dev/null | grep -q . && break
      apt-get update -qq 9>&- && apt-cache show --no-all-versions "$name" | grep -q . && break
    done
    real=$(apt-cache show --no-all-versions "$name" | sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p')
    [ -n "$real" ] || { echo "there is no package linux-image-cloud-amd64"; exit 1; }
    apt-get download -qq "$real" 9>&- || { apt-get update -qq 9>&- && apt-get download -qq "$real" 9>&-; }
  ) 9>"/tmp/meshiot-apt.lock" >"$work/fetch.log" 2>&1 || { echo "no kernel package: $(grep -v '^W:' "$work/fetch.log" | tail -n 1)"; return 1; }
  dpkg -x "$work"/linux-image-*.deb "$work/kernel" 2>"$work/fetch.log" && rm -f "$work"/linux-image-*.deb ||
    { echo "the kernel package does not unpack: $(tail -n 1 "$work/fetch.log")"; return 1; }
}

# build_guest   $work/guest.initramfs and $work/kernel/boot/vmlinuz-*; says why it cannot
build_guest() {
  local version root=$work/guest.root module file
  version=$(ls "$work/kernel/lib/modules" 2>/dev/null || ls "$work/kernel/usr/lib/modules")
  # Newer packages have everything below usr.
  [ -d "$work/kernel/lib/modules" ] || ln -s usr/lib "$work/kernel/lib"
  depmod -b "$work/kernel" "$version" || { echo "depmod failed"; return 1; }
  mkdir -p "$root"/{bin,dev,proc,sys,tmp,modules,etc}
  for module in virtio_pci virtio_net wireguard; do modprobe -d "$work/kernel" -S "$version" --show-depends "$module"; done |
    sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' >"$work/modules"
  grep -q '/wireguard\.ko' "$work/modules" || { echo "the kernel package has no wireguard module"; return 1; }
  while read -r file; do
    module=$(basename "$file")
    case $module in
      *.xz) xz -dc "$file" >"$root/modules/${module%.xz}" ;;
      *.zst) zstd -qdc "$file" >"$root/modules/${module%.zst}" ;;
      *) cp "$file" "$root/modules/" ;;
    esac || { echo "$module does not unpack"; return 1; }
    module=${module%.xz}
    echo "${module%.zst}" >>"$root/modules/order"
  done <"$work/modules"
  cp "$(command -v busybox)" "$root/bin/busybox" && ln -s busybox "$root/bin/sh" && cp "$(command -v wg)" "$(command -v perl)" "$root/bin/" &&
    install -m 755 tests/interop/wireguard/init "$root/init" || { echo "programs for the guest are missing"; return 1; }
  ldd "$root/bin/wg" "$root/bin/perl" | grep -o ' /[^ :]*\|^[[:space:]]*/[^ :]*' | tr -d ' \t' | sort -u | while read -r file; do install -D "$file" "$root$file"; done
  (cd "$root" && find . | cpio -o -H newc --quiet) >"$work/guest.initramfs" || { echo "cpio failed"; return 1; }
  rm -rf "$root"
}

# boot_guest NAMESPACE   and wait until it listens; says why it does not
boot_guest() {
  mkfifo "$work/guest.in" "$work/guest.out"
  exec {to_guest}<>"$work/guest.in" {from_guest}<>"$work/guest.out"
  ip -n "$1" tuntap add tk mode tap && ip -n "$1" link set tk up || { echo "no tap interface"; return 1; }
  # TCG: the interop machines have no KVM. Nothing of the processor's vector units: emulating them costs more than they gain.
  start guest ip netns exec "$1" qemu-system-x86_64 -accel tcg -cpu "${GUEST_CPU:-qemu64}" -m 256 -nodefaults -display none -no-reboot \
    -kernel "$work"/kernel/boot/vmlinuz-* -initrd "$work/guest.initramfs" -append "console=ttyS0 quiet panic=-1 mitigations=off ipv6.disable=0" \
    -serial "file:$work/guest.console" -chardev "pipe,id=commands,path=$work/guest" -serial chardev:commands \
    -netdev tap,id=cable,ifname=tk,script=no,downscript=no -device virtio-net-pci,netdev=cable,romfile=
  local line
  read -r -t 60 line <&"$from_guest" && [[ $line == "=ready "* ]] && guest_kernel=${line#=ready } && return 0
  echo "the guest did not start: $(tail -n 1 "$work/guest.log") $(tail -n 2 "$work/guest.console" 2>/dev/null | tr -d '\r\n')"
  return 1
}

# guest COMMAND   in the guest; prints what it prints, ends with its code (99: no answer within 30 s)
guest() {
  local line
  printf '%s\n' "$1" >&"$to_guest"
  while read -r -t 30 line <&"$from_guest"; do
    case $line in =[0-9]*) return "${line#=}" ;; esac
    printf '%s\n' "$line"
  done
  return 99
}
