#!/usr/bin/env bash
# vm.sh COMMAND: one QEMU (emulated CPU) whose state is in the directory $VM_DIR.
#   start                 new disks (KEEP=1: those that are there), ends the leftover of a killed run first
#   stop | kill           powers off through ACPI and after 30 s by force | cuts the power
#   reset                 presses the reset button
#   link off|on           pulls or plugs the network cable
#   console-send TEXT     types TEXT and Enter on the serial console (its output is in $VM_DIR/console.log)
#   pid                   prints the pid, fails when it does not run
#   monitor COMMAND...    QEMU monitor commands
#   save DIR | restore DIR  ends the running machine into DIR, memory and all | starts a machine from there (restore-alone: with no way to anywhere)
# FW=bios|uefi  PORT=2201 (127.0.0.1 to the guest's 22)  MEM=1024 (MiB)  SMP=2  DISK0=5G (lab-disk0, an overlay of the target image)
# DISKS="4G 4G" (more disks, empty: lab-disk1, ...)  PARENT_PID (QEMU ends when that process is gone)  LAB_ENV (what build.sh printed)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${VM_DIR:?directory of the machine}" "${FW:=bios}" "${PORT:=2201}" "${MEM:=1024}" "${SMP:=2}" "${DISK0:=5G}" "${DISKS:=}"
[ -n "${LAB_ENV:-}" ] || LAB_ENV=$("$here/build.sh")
# shellcheck disable=SC1090
. "$LAB_ENV"
mkdir -p "$VM_DIR"; VM_DIR=$(cd "$VM_DIR" && pwd)
cd "$VM_DIR" # so that socket names are short: they have 107 bytes
lib=$TOOLS/usr/lib/x86_64-linux-gnu
# a program of the tools tree, by its own loader
tool() { local b=$1; shift; "$TOOLS/lib64/ld-linux-x86-64.so.2" --library-path "$lib:$TOOLS/lib/x86_64-linux-gnu" "$TOOLS/usr/bin/$b" "$@"; }

# the pid, when it is a QEMU of this directory
pid() { local p; p=$(cat pid 2> /dev/null) && [ -n "$p" ] && { tr "\0" " " < "/proc/$p/cmdline"; } 2> /dev/null | grep -qF "pidfile $VM_DIR/pid" && echo "$p"; }
gone() { local i; for ((i = 0; i < $1 * 10; i++)); do pid > /dev/null || return 0; sleep 0.1; done; return 1; }
power_off() { local p; if p=$(pid); then kill -KILL "$p" 2> /dev/null || true; gone 10; fi; rm -f pid; }
monitor() { printf '%s\n' "$@" | tool socat -t "${WAIT:-1}" - UNIX-CONNECT:monitor.sock; }

start() {
  local n=0 f s
  power_off
  if [ -z "${KEEP:-}" ]; then
    rm -f disk*.qcow2 console.log
    tool qemu-img create -q -f qcow2 -b "$TARGET_IMAGE" -F qcow2 disk0.qcow2 "$DISK0"
    for s in $DISKS; do n=$((n + 1)); tool qemu-img create -q -f qcow2 "disk$n.qcow2" "$s"; done
    tool qemu-img convert -f raw -O qcow2 "$TOOLS/usr/share/OVMF/OVMF_VARS_4M.fd" vars.qcow2 # qcow2, so that a saved machine can hold it
  fi
  rm -f ./*.sock
  # shellcheck disable=SC2054  # commas are QEMU's
  local args=(-name "lab-$(basename "$VM_DIR")" -machine q35 -accel tcg,thread=multi,tb-size=256 -cpu max -smp "$SMP" -m "$MEM" -nodefaults -display none
    -L "$TOOLS/usr/share/qemu" -L "$TOOLS/usr/share/seabios" -L "$TOOLS/usr/lib/ipxe/qemu"
    -chardev socket,id=console,path=console.sock,server=on,wait=off,logfile="$VM_DIR/console.log",logappend=on -serial chardev:console
    -monitor unix:monitor.sock,server=on,wait=off -pidfile "$VM_DIR/pid" -daemonize
    -netdev "user,id=net0,ipv6=off,restrict=${ALONE:-off},hostfwd=tcp:127.0.0.1:$PORT-:22" -device virtio-net-pci,netdev=net0,mac=52:54:00:12:34:01,romfile=
    -device virtio-rng-pci)
  # stable serials: /dev/disk/by-id/virtio-lab-disk0. The writes of a "power cut" reach the host's page cache, as those of a disk with a battery
  n=0; for f in disk*.qcow2; do
    args+=(-drive "if=none,id=d$n,file=$VM_DIR/$f,format=qcow2,cache=unsafe,discard=unmap" -device "virtio-blk-pci,drive=d$n,serial=lab-disk$n,bootindex=$((n + 1))"); n=$((n + 1)); done
  [ "$FW" = bios ] || args+=(-drive "if=pflash,format=raw,readonly=on,file=$TOOLS/usr/share/OVMF/OVMF_CODE_4M.fd" -drive "if=pflash,format=qcow2,file=$VM_DIR/vars.qcow2")
  [ -z "${LOADVM:-}" ] || args+=(-loadvm "$LOADVM")
  tool qemu-system-x86_64 "${args[@]}" < /dev/null
  [ -z "${PARENT_PID:-}" ] || watch "$PARENT_PID" "$(pid)"
}
# ends QEMU when its parent is gone; a daemon does not learn that by itself
watch() {
  # shellcheck disable=SC2016  # expanded inside
  setsid sh -c 'while kill -0 "$1" && kill -0 "$2"; do sleep 1; done; kill -KILL "$2"' watch "$1" "$2" > /dev/null 2>&1 < /dev/null &
}

case ${1:-} in
  start) start ;;
  stop) if pid > /dev/null; then monitor system_powerdown > /dev/null; gone 30 || true; fi; power_off ;;
  kill) power_off ;;
  reset) monitor system_reset > /dev/null ;;
  link) monitor "set_link net0 $2" > /dev/null ;;
  console-send) printf '%s\r' "$2" | tool socat -t 0.2 - UNIX-CONNECT:console.sock > /dev/null ;;
  pid) pid ;;
  monitor) shift; monitor "$@" ;;
  save) # the monitor answers when all is written
    mkdir -p "$2"; WAIT=120 monitor "savevm saved" quit > monitor.log || true; gone 60; cp --sparse=always ./*.qcow2 "$2/"; rm -f pid ;;
  restore-alone) ALONE=on "$here/vm.sh" restore "$2" ;;
  restore) power_off; rm -f disk*.qcow2 vars.qcow2 console.log; cp --sparse=always --reflink=auto "$2"/*.qcow2 .; KEEP=1 LOADVM=saved start ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
