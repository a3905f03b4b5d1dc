#!/bin/sh
# reboot.sh UNMOUNT [KEY...] : leave the installer. UNMOUNT is the layout's unmount script, KEY are files to remove.
# Whatever fails here is said and does not stop the reboot: everything is on the disk after the first sync.
unmount=$1
shift
for key; do
	rm -f -- "$key"
done
sync
swapoff -a
cd /
if [ -f "$unmount" ] && command -v bash > /dev/null; then
	bash "$unmount" < /dev/null
fi
if grep -q ' /mnt' /proc/self/mounts; then
	umount -R /mnt
fi
if command -v zpool > /dev/null && [ -e /dev/zfs ]; then
	zpool export -a
fi
sync
# Detached and a moment later, so that this connection can end cleanly.
setsid sh -c 'sleep 1; systemctl reboot || reboot || reboot -f; sleep 60; reboot -f' < /dev/null > /dev/null 2>&1 &
echo "reboot=accepted"
