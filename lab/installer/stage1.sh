#!/bin/busybox sh
# shellcheck shell=dash
# /init of the installer's initrd: squashfs root with a tmpfs overlay, then systemd.
# kexec/run appended ssh/, *.json and machine-id at / of this initramfs.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for m in loop squashfs overlay; do modprobe $m 2> /dev/null; done
mkdir -p /ro /rw /sysroot
mount -t squashfs -o ro,loop /root.squashfs /ro || exec sh
mount -t tmpfs -o mode=755,size=90% tmpfs /rw; mkdir /rw/upper /rw/work
mount -t overlay -o lowerdir=/ro,upperdir=/rw/upper,workdir=/rw/work overlay /sysroot || exec sh
mkdir -p /sysroot/root/.ssh /sysroot/root/network; chmod 700 /sysroot/root/.ssh
[ -f /ssh/authorized_keys ] && install -m 600 /ssh/authorized_keys /sysroot/root/.ssh/authorized_keys
for f in /ssh/ssh_host_*; do [ -e "$f" ] && install -m 600 "$f" /sysroot/etc/ssh/; done
for f in /*.json; do [ -e "$f" ] && cp "$f" /sysroot/root/network/; done
[ -f /machine-id ] && cp /machine-id /sysroot/etc/machine-id
for d in proc sys dev; do mount --move /$d /sysroot/$d; done
exec switch_root /sysroot /sbin/init
