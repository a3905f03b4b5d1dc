#!/usr/bin/env bash
# cycle.sh [bios|uefi]: the whole installation by hand, with the seconds of every step. Proves the lab, not the operator:
# boot Debian, upload, kexec, partition (LUKS root, own /boot), pull the closure, install, host keys, reboot, passphrase, verify, update.
# TOPLEVEL=TOPLEVEL_V1 PORT=2201 VM_DIR=... KEEP_VM=1 (leave it running); LUKS= (empty: root directly on ext4)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); . "$here/lib.sh"
LAB_ENV=${LAB_ENV:-$("$here/build.sh")}; FW=${1:-bios}; PORT=${PORT:-2201}; VM_DIR=${VM_DIR:-$(mktemp -d)}; PARENT_PID=$([ -n "${KEEP_VM:-}" ] || echo $$)
export LAB_ENV FW PORT VM_DIR PARENT_PID
# shellcheck disable=SC1090
. "$LAB_ENV"
: "${TOOLS:?}"
name=${TOPLEVEL:-TOPLEVEL_V1}; toplevel=${!name}; luks=${LUKS-yes}; passphrase='correct horse'
mkdir -p "$VM_DIR"; log=$VM_DIR/cycle.log; : > "$log"
guest() { timeout "${T:-300}" ssh -i "$SSH_KEY" -o IdentitiesOnly=yes -o UserKnownHostsFile="$VM_DIR/known_hosts" -o StrictHostKeyChecking=yes -o LogLevel=ERROR -o ConnectTimeout=5 \
  -o BatchMode=yes -o ServerAliveInterval=5 -o ServerAliveCountMax=6 -p "$PORT" "${as:-root}@127.0.0.1" "$@" 2>> "$log"; }
await() { # OLD_BOOT_ID: until another boot answers
  local b end=$((SECONDS + 600))
  while [ $SECONDS -lt $end ]; do
    if b=$(T=20 guest cat /proc/sys/kernel/random/boot_id) && [ "$b" != "$1" ]; then echo "$b" > "$VM_DIR/boot_id"; return 0; fi; sleep 0.5
  done; tail -5 "$VM_DIR/console.log" >&2; return 1
}
console() { local i; for ((i = 0; i < 1200; i++)); do ! tail -c +"$2" "$VM_DIR/console.log" | grep -aq "$1" || return 0; sleep 0.5; done; echo "no '$1' on the console" >&2; tail -5 "$VM_DIR/console.log" >&2; return 1; }
# on the installed system: another version is switched to, and one whose boot loader fails leaves everything as it is
update() {
  guest "set -ex; c() { nix --extra-experimental-features nix-command copy --from http://10.0.2.2:$cache --option trusted-public-keys '$BINARY_CACHE_PUBLIC_KEY' \$1; }
    c $TOPLEVEL_V2; nix-env -p /nix/var/nix/profiles/system --set $TOPLEVEL_V2; $TOPLEVEL_V2/bin/switch-to-configuration switch
    [ \$(readlink /run/current-system) = $TOPLEVEL_V2 ]; [ \$(readlink /run/booted-system) = $toplevel ]; grep -c menuentry /boot/grub/grub.cfg
    c $TOPLEVEL_NOBOOT; ! $TOPLEVEL_NOBOOT/bin/switch-to-configuration boot; grep -m1 -o 'init=.*/init' /boot/grub/grub.cfg | grep -q $TOPLEVEL_V2" >> "$log"
}
cleanup() { [ -z "${httpd:-}" ] || kill "$httpd"; [ -n "${KEEP_VM:-}" ] || "$here/vm.sh" kill; }
trap cleanup EXIT

boot() { "$here/vm.sh" start; await none; }
# shellcheck disable=SC2209  # a user's name
upload() { as=admin guest 'sudo mkdir -p /root/kexec && sudo tar -C /root/kexec -xz' < "$INSTALLER"; }
# shellcheck disable=SC2209
kexec() { as=admin guest 'sudo TMPDIR=/root/kexec setsid --wait /root/kexec/kexec/run' | tee -a "$log" | grep 'machine will boot into nixos' >&2; }
# shellcheck disable=SC2016  # expanded there
installer() { await "$(cat "$VM_DIR/boot_id")"; guest '. /etc/os-release; [ "$ID $VARIANT_ID" = "nixos installer" ]'; }
disks() {
  printf %s "$passphrase" | guest 'cat > /run/key'
  guest "fw=$FW luks=$luks bash -euxs" <<'S' >> "$log"
d=$(readlink -f /dev/disk/by-id/virtio-lab-disk0)
wipefs -af "$d"; sgdisk --zap-all "$d"
boottype=8300; [ "$fw" = bios ] || boottype=EF00
sgdisk --align-end -n1:0:+1M -t1:EF02 -n2:0:+256M -t2:$boottype -c2:boot -n3:0:0 -c3:root "$d"
partprobe "$d"; udevadm trigger --subsystem-match=block; udevadm settle
if [ "$fw" = bios ]; then mkfs.ext4 -qF "${d}2"; else mkfs.vfat -F32 "${d}2"; fi
root=${d}3
if [ -n "$luks" ]; then
  cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/key "$root"
  cryptsetup open --key-file /run/key "$root" cryptroot; root=/dev/mapper/cryptroot
fi
mkfs.ext4 -qF "$root"
mkdir -p /mnt; mount "$root" /mnt; mkdir -p /mnt/boot; mount "${d}2" /mnt/boot; mkdir -p /mnt/tmp
S
}
copy() { # KEY
  guest "nix --extra-experimental-features 'nix-command flakes' copy --from http://10.0.2.2:$cache --to 'local?root=/mnt' --option trusted-public-keys '$1' $toplevel 2>&1" >> "$log"; }
unsigned() { ! copy "$WRONG_PUBLIC_KEY"; }
install() { guest "mkdir -p /mnt/etc/ssh && cp -a /etc/ssh/ssh_host_* /mnt/etc/ssh/ && mkdir -p /mnt/nix/var/nixos-operator && echo kept > /mnt/nix/var/nixos-operator/machine.json
  TMPDIR=/mnt/tmp nixos-install --no-root-passwd --no-channel-copy --root /mnt --system $toplevel 2>&1" >> "$log"; }
restart() {
  local from; from=$(stat -c %s "$VM_DIR/console.log")
  guest 'umount -R /mnt; nohup sh -c "sleep 1; reboot" > /dev/null 2>&1 &'
  if [ -n "$luks" ]; then console 'Please enter passphrase for cryptroot' "$from"; sleep 0.5; "$here/vm.sh" console-send "$passphrase"; fi
}
back() { await "$(cat "$VM_DIR/boot_id")"; }
verify() {
  guest "set -ex; [ \$(readlink /run/current-system) = $toplevel ]; [ \$(readlink /run/booted-system) = $toplevel ]; grep -q '^ID=nixos' /etc/os-release; ! grep -q installer /etc/os-release
    grep -q kept /nix/var/nixos-operator/machine.json; findmnt /; findmnt /boot; nix --version; [ -z '$luks' ] || lsblk -no TYPE \$(findmnt -no SOURCE /) | grep -q crypt; systemctl is-system-running --wait || systemctl --failed" >> "$log"
}

# one host key from beginning to end
echo "[127.0.0.1]:$PORT $(cut -d' ' -f1,2 "$TARGET_HOST_KEY")" > "$VM_DIR/known_hosts"
cache=$((PORT + 1000)); "$TOOLS/bin/busybox" httpd -f -p "127.0.0.1:$cache" -h "$BINARY_CACHE" & httpd=$!
echo "$FW${luks:+ with LUKS}, load $(cut -d' ' -f1-3 /proc/loadavg), state in $VM_DIR" >&2
whole() { local s; for s in boot upload kexec installer disks unsigned; do stage $s $s; done; stage copy copy "$BINARY_CACHE_PUBLIC_KEY"; for s in install restart back verify update; do stage $s $s; done; }
stage TOTAL whole
