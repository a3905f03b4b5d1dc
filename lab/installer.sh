#!/usr/bin/env bash
# installer.sh TREE MODULES OUT (inside the tools tree): OUT/installer.tar.gz in the shape of nix-community/nixos-images: kexec/{run,kexec,ip,bzImage,initrd}.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); . "$here/lib.sh"
tree=$1 modules=$2 out=$3
root=$out/root; cp -a "$tree" "$root"
version=$(ls "$root/usr/lib/modules")
[ -d "$modules/$version/updates" ] || { echo "modules were built for $(ls "$modules"), the installer has the kernel $version: remove $modules" >&2; exit 1; }
cp -a "$modules/$version/updates" "$root/usr/lib/modules/$version/"

printf 'ID=nixos\nID_LIKE=debian\nNAME=NixOS\nPRETTY_NAME="NixOS 25.11 (lab installer)"\nVARIANT="Lab kexec installer"\nVARIANT_ID=installer\nVERSION_ID="25.11"\n' > "$root/usr/lib/os-release"
ln -sfn ../usr/lib/os-release "$root/etc/os-release"
echo nixos-installer > "$root/etc/hostname"; echo "127.0.0.1 localhost nixos-installer" > "$root/etc/hosts"; : > "$root/etc/fstab"
: > "$root/etc/machine-id"; rm -f "$root"/etc/ssh/ssh_host_*
printf '[Match]\nType=ether\n[Network]\nDHCP=ipv4\n' > "$root/etc/systemd/network/99-dhcp.network"
cat > "$root/etc/systemd/system/restore-network.service" <<'U'
[Unit]
Before=network-pre.target systemd-networkd.service
Wants=network-pre.target
ConditionPathExists=/root/network/addrs.json
DefaultDependencies=no
After=local-fs.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/bin/restore-network
[Install]
WantedBy=multi-user.target
U
for f in restore-network nixos-install nixos-enter; do install -m 755 "$here/installer/$f.sh" "$root/usr/local/bin/$f"; done
chroot "$root" systemctl enable -q systemd-networkd ssh restore-network
# whatever costs time under emulation and nobody waits for
chroot "$root" systemctl mask -q systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer \
  fstrim.timer e2scrub_all.timer e2scrub_reap.service dpkg-db-backup.timer kexec-load.service kexec.service \
  lvm2-monitor.service mdmonitor.service systemd-pcrextend.socket ldconfig.service systemd-journal-catalog-update.service \
  systemd-hwdb-update.service getty-static.service grub-common.service systemd-pstore.service xfs_scrub_all.timer \
  zfs-import-cache.service zfs-import-scan.service zfs-mount.service zfs-share.service zfs-volume-wait.service zfs-load-key.service \
  modprobe@drm.service dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount systemd-binfmt.service proc-sys-fs-binfmt_misc.automount
printf 'PermitRootLogin prohibit-password\nUseDNS no\nUsePAM no\n' > "$root/etc/ssh/sshd_config.d/lab.conf"
# no substituter by default (there is no internet to wait for); signatures are checked as on a true installer
mkdir -p "$root/etc/nix" "$root/nix/store" "$root/nix/var/nix"
printf 'build-users-group =\nsandbox = false\nsubstituters =\n' > "$root/etc/nix/nix.conf"
# unpack modules here, once, not in the emulated CPU
find "$root/usr/lib/modules" -name '*.ko.xz' -exec xz -d -T1 {} +; depmod -b "$root/usr" "$version" 2> /dev/null || depmod -b "$root" "$version"

kexec=$out/kexec initrd=$out/initrd
mkdir -p "$kexec/lib" "$initrd"/{bin,proc,sys,dev,lib/modules}
cp "$root/boot/vmlinuz-$version" "$kexec/bzImage"
mksquashfs "$root" "$initrd/root.squashfs" -quiet -no-progress -noappend -comp zstd -Xcompression-level 8 -b 256K -wildcards -e \
  'boot/*' 'var/lib/apt/lists/*' 'var/cache/*' 'var/lib/dpkg/info/*' 'usr/share/perl*' 'usr/lib/x86_64-linux-gnu/perl/*' 'usr/lib/x86_64-linux-gnu/libperl*' 'usr/lib/x86_64-linux-gnu/libicu*' 'usr/bin/perl*' \
  'usr/share/doc/*' 'usr/lib/python3*' 'usr/bin/python3*' 'usr/lib/udev/hwdb.d/*' 'usr/lib/udev/hwdb.bin' 'usr/lib/grub/*' 'usr/bin/grub-*' 'usr/sbin/grub-*' 'usr/share/grub/*' \
  'usr/lib/apt/*' 'usr/bin/sqv' 'usr/share/keyrings/*' 'usr/share/zoneinfo/*' 'usr/lib/x86_64-linux-gnu/gconv/*' "usr/lib/modules/$version/kernel/net/wireless" 'dev/*' 'proc/*' 'sys/*' 'tmp/*' 'run/*'
cp "$root/bin/busybox" "$initrd/bin/busybox"; install -m 755 "$here/installer/stage1.sh" "$initrd/init"
(cd "$root/usr" && { find "lib/modules/$version" -name loop.ko -o -name squashfs.ko -o -name overlay.ko; ls "lib/modules/$version"/modules.{builtin,order}; } | cpio -pdm --quiet "$initrd")
depmod -b "$initrd" "$version" 2> /dev/null
# not compressed (the squashfs inside is); kexec/run appends its own cpio, which must begin at a multiple of 4
(cd "$initrd" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) > "$kexec/initrd"; truncate -s %512 "$kexec/initrd"
# kexec and ip must run on any distribution: with their own loader and libraries
for b in kexec ip; do
  f=$(chroot "$root" sh -c "readlink -f \"\$(command -v $b)\""); cp "$root$f" "$kexec/lib/$b.bin"
  chroot "$root" ldd "$f" | grep -o '/[^ ]*' | while read -r l; do cp -L "$root$l" "$kexec/lib/"; done
  # shellcheck disable=SC2016  # expanded on the target
  printf '#!/bin/sh\nd=$(dirname "$(readlink -f "$0")")\nexec "$d/lib/ld-linux-x86-64.so.2" --library-path "$d/lib" "$d/lib/%s.bin" "$@"\n' $b > "$kexec/$b"; chmod 755 "$kexec/$b"
done
sed "s|@kernelParams@|$KARGS|" "$here/installer/kexec-run.sh" > "$kexec/run"; chmod 755 "$kexec/run"
tar -C "$out" -c kexec | pigz -1 > "$out/installer.tar.gz"
sha256sum "$out/installer.tar.gz" | cut -d' ' -f1 > "$out/installer.sha256"
rm -rf "$root" "$kexec" "$initrd"
