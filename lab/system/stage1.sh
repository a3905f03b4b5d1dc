#!/bin/busybox sh
# shellcheck shell=dash disable=SC3045
# /init of a stand-in's initrd: opens lab.luks=NAME:UUID=..., finds root=, mounts it, runs init=.
/bin/busybox --install -s /bin; export PATH=/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
# without udevd libdevmapper makes the nodes itself
export DM_DISABLE_UDEV=1
for m in virtio_pci virtio_blk virtio_scsi sd_mod nvme ext4 btrfs xfs vfat; do modprobe $m 2> /dev/null; done
init=/sbin/init root='' rootflags='' luks=''
# shellcheck disable=SC2013  # words
for a in $(cat /proc/cmdline); do case $a in
  init=*) init=${a#init=} ;; root=*) root=${a#root=} ;; rootflags=*) rootflags=${a#rootflags=} ;; lab.luks=*) luks="$luks ${a#lab.luks=}" ;;
esac; done
find_device() { # UUID=... or /dev/...: waits up to 20 s
  local i=0; while [ $i -lt 100 ]; do
    case $1 in *=*) dev=$(findfs "$1" 2> /dev/null) ;; *) dev=$1 ;; esac
    [ -b "$dev" ] && return 0; sleep 0.2; i=$((i + 1))
  done; echo "timed out waiting for device $1" > /dev/console; sleep 30; reboot -f
}
for l in $luks; do
  for m in dm-mod dm-crypt xts ecb cbc aesni-intel sha256 algif_skcipher; do modprobe $m 2> /dev/null; done
  name=${l%%:*}; find_device "${l#*:}"
  until cryptsetup status "$name" > /dev/null 2>&1; do
    printf '\nPlease enter passphrase for %s: ' "$name"
    read -rs passphrase; echo
    printf %s "$passphrase" | cryptsetup open --type luks --key-file - "$dev" "$name" || echo "could not open $name"
  done; passphrase=''
done
find_device "$root"
mkdir -p /sysroot
# shellcheck disable=SC2086  # nothing where there are no flags
mount ${rootflags:+-o $rootflags} "$dev" /sysroot || { echo "cannot mount root $root ($dev)"; sleep 30; reboot -f; }
for d in proc sys dev; do mkdir -p /sysroot/$d; mount --move /$d /sysroot/$d; done
exec switch_root /sysroot "$init"
