#!/usr/bin/env bash
# systems.sh TREE KEYS OUT (inside the tools tree, /nix is OUT/nix): OUT/cache, a signed binary cache of the stand-in systems, and OUT/systems.properties.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); . "$here/lib.sh"
tree=$1 keys=$2 out=$3 src=$3/src
version=$(ls "$tree/usr/lib/modules")
mkdir -p "$src"/{busybox/bin,kernel,initrd,userland,etc} "$out"/initrd/{bin,sbin,proc,sys,dev,run,lib64,lib/x86_64-linux-gnu}
# the modules, unpacked, from which the initrd and the userland take theirs
mkdir -p "$out/modules/lib"; cp -r "$tree/usr/lib/modules" "$out/modules/lib/"
find "$out/modules" -name '*.ko.xz' -exec xz -d -T1 {} +; depmod -b "$out/modules" "$version"
modules() { # DEST MODULE...: with all they depend on
  local dest=$1 m f; shift
  for m; do modprobe -d "$out/modules" -S "$version" --show-depends "$m" 2> /dev/null | awk '$1 == "insmod" {print $2}'; done | sort -u | while read -r f; do
    install -D -m 644 "$f" "$dest/lib/modules/${f#*/lib/modules/}"; done
  cp "$out/modules/lib/modules/$version"/modules.{builtin,order,builtin.modinfo} "$dest/lib/modules/$version/"; depmod -b "$dest" "$version"
}

cp "$tree/bin/busybox" "$src/busybox/bin/busybox"
for a in $("$tree/bin/busybox" --list); do [ "$a" = busybox ] || ln -s busybox "$src/busybox/bin/$a"; done
cp "$tree/boot/vmlinuz-$version" "$src/kernel/bzImage"

initrd=$out/initrd
cp "$tree/bin/busybox" "$initrd/bin/"; install -m 755 "$here/system/stage1.sh" "$initrd/init"; ln -s ../bin/modprobe "$initrd/sbin/modprobe"
for b in cryptsetup findfs; do
  cp -L "$tree/usr/sbin/$b" "$initrd/sbin/"
  chroot "$tree" ldd "/usr/sbin/$b" | grep -o '/[^ ]*' | while read -r l; do case $l in */ld-linux*) cp -L "$tree$l" "$initrd/lib64/" ;; *) cp -L "$tree$l" "$initrd/lib/x86_64-linux-gnu/" ;; esac; done
done
cp -L "$tree/lib/x86_64-linux-gnu/libgcc_s.so.1" "$initrd/lib/x86_64-linux-gnu/" # dlopened when a thread ends
modules "$initrd" virtio_pci virtio_blk virtio_scsi sd_mod nvme ext4 btrfs xfs vfat nls_cp437 nls_ascii nls_utf8 dm-mod dm-crypt xts ecb cbc aesni-intel sha256 algif_skcipher
(cd "$initrd" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet | zstd -q -3) > "$src/initrd/initrd"

# the installer's programs without those that nobody needs after the installation; Nix stays, updates need it
rsync -a --exclude=/boot --exclude=/usr/lib/modules --include=/usr/ --exclude='/*' --exclude='/usr/share/perl*' --exclude='/usr/lib/x86_64-linux-gnu/perl*' --exclude='libperl*' \
  --exclude='/usr/bin/perl*' --exclude='/usr/bin/python*' --exclude='/usr/lib/python*' --exclude=/usr/share/doc --exclude='/usr/lib/x86_64-linux-gnu/gconv' --exclude=/usr/lib/apt \
  --exclude='/usr/bin/apt*' --exclude='libapt*' --exclude=/usr/share/zoneinfo --exclude='/usr/lib/udev/hwdb.*' --exclude=/usr/bin/sqv --exclude=/usr/share/keyrings --exclude='libicu*' \
  --exclude='/usr/sbin/lvm*' --exclude='liblvm2*' --exclude='/usr/lib/systemd/system-generators/lvm2*' --exclude='/usr/bin/grub-mk*' --exclude=/usr/bin/grub-fstest --exclude=/usr/bin/grub-render-label \
  --exclude=/usr/bin/grub-syslinux2cfg --exclude=/usr/bin/grub-file --exclude=/usr/bin/grub-mount --exclude=/usr/sbin/grub-macbless --exclude='/usr/lib/x86_64-linux-gnu/bfd-plugins' \
  --exclude=/usr/local/bin --exclude=/usr/src --exclude='bash-static' --exclude='/usr/sbin/mdadm' --exclude='/usr/bin/btrfs*' --exclude='/usr/sbin/xfs*' "$tree/" "$src/userland/"
mkdir -p "$src/userland/usr/bin" # grub-mkimage and its like serve grub-install
for b in mkimage mkrelpath; do cp "$tree/usr/bin/grub-$b" "$src/userland/usr/bin/"; done
modules "$src/userland/usr" virtio_pci virtio_blk virtio_scsi virtio_net virtio_rng virtio_balloon sd_mod nvme ext4 btrfs xfs vfat nls_cp437 nls_ascii nls_utf8 dm-mod dm-crypt xts aesni-intel algif_skcipher \
  dm-snapshot raid1 loop overlay squashfs fuse autofs4 ip_tables nf_tables vsock efivarfs qemu_fw_cfg tun bridge veth
find "$src/userland" -xtype l -lname '/*' -delete

# etc in NixOS's clothes; no fstab, switch-to-configuration writes that
rsync -a --exclude='/ssh/ssh_host_*' --exclude=/machine-id --exclude=/apt --exclude=/mtab --exclude=/resolv.conf --exclude=/fstab --exclude=/.pwd.lock --exclude='*-' "$tree/etc/" "$src/etc/"
etc=$src/etc; rm -f "$etc/os-release"
printf 'ID=nixos\nNAME=NixOS\nPRETTY_NAME="NixOS 25.11 (lab)"\nVERSION_ID="25.11"\nVARIANT_ID=""\n' > "$etc/os-release"
echo lab-node > "$etc/hostname"; echo "127.0.0.1 localhost lab-node" > "$etc/hosts"
printf '[Match]\nType=ether\n[Network]\nDHCP=ipv4\n' > "$etc/systemd/network/99-dhcp.network"
for u in systemd-networkd.service ssh.service; do
  mkdir -p "$etc/systemd/system/multi-user.target.wants"; ln -sfn "/usr/lib/systemd/system/$u" "$etc/systemd/system/multi-user.target.wants/$u"; done
for u in systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service dpkg-db-backup.timer kexec-load.service kexec.service \
  lvm2-monitor.service mdmonitor.service systemd-pcrextend.socket ldconfig.service systemd-journal-catalog-update.service systemd-hwdb-update.service getty-static.service grub-common.service \
  systemd-pstore.service xfs_scrub_all.timer modprobe@drm.service dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount systemd-binfmt.service \
  proc-sys-fs-binfmt_misc.automount sshd-keygen.service systemd-firstboot.service; do ln -sfn /dev/null "$etc/systemd/system/$u"; done
# keys where NixOS has them: files in /root/.ssh are the operator's
printf 'PermitRootLogin prohibit-password\nUseDNS no\nUsePAM no\nHostKey /etc/ssh/ssh_host_ed25519_key\nAuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%%u\n' > "$etc/ssh/sshd_config.d/lab.conf"
mkdir -p "$etc/ssh/authorized_keys.d" "$etc/nix"; cp "$keys/id_ed25519.pub" "$etc/ssh/authorized_keys.d/root"
printf 'build-users-group =\nsandbox = false\nsubstituters =\n' > "$etc/nix/nix.conf"

export NIX_CONFIG=$'build-users-group =\nsandbox = false\nsubstituters =\nexperimental-features = nix-command'
declare -A top
for v in v1 v2 many noboot noactivate noinit; do top[$v]=$(nix-build -Q --quiet --no-out-link -j4 "$here/system" -A $v --arg src "$src" --argstr kargs "$KARGS"); done
nix path-info -Sh "${top[v1]}"
# zstd: the emulated CPU is slow at xz
nix copy --quiet --to "file://$out/cache?secret-key=$keys/cache.sec&compression=zstd" "${top[@]}"
for v in "${!top[@]}"; do echo "TOPLEVEL_${v^^}=${top[$v]}"; done | sort > "$out/systems.properties"
rm -rf "$src" "$out/modules" "$initrd" /nix/store /nix/var
