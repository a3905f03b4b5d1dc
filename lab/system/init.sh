#!@sh@
# shellcheck shell=dash disable=SC2239,SC2050
# Stage 2: the initrd has mounted / and moved /proc, /sys and /dev here.
export PATH=@busybox@/bin
echo "<<< lab NixOS stage 2: @out@ >>>" > /dev/console
[ "@fault@" != init ] || { echo "this system does not boot" > /dev/console; exit 1; }
mount -o remount,rw /
mkdir -p /run /proc /sys /dev; mount -t tmpfs -o mode=755 run /run
@out@/activate || echo "activation failed" > /dev/console
ln -sfn @out@ /run/booted-system
exec /usr/lib/systemd/systemd
