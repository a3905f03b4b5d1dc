#!/usr/bin/env bash
# target.sh TREE KEYS OUT (inside the tools tree): OUT/target.qcow2, a Debian disk that boots from SeaBIOS and from OVMF.
# Needs no loop device and no mount: mke2fs fills the filesystem inside the disk file, GRUB is embedded by hand, the ESP by mtools.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); . "$here/lib.sh"
tree=$1 keys=$2 out=$3
root=$out/root; cp -a "$tree" "$root"

echo target > "$root/etc/hostname"; echo "127.0.0.1 localhost target" > "$root/etc/hosts"
echo 'LABEL=target-root / ext4 defaults 0 1' > "$root/etc/fstab"
install -d -m 700 "$root/root/.ssh"; install -m 600 "$keys/id_ed25519.pub" "$root/root/.ssh/authorized_keys"
# a second user with sudo, for the sudo path of the operator
chroot "$root" useradd -m -u 1000 -s /bin/bash admin
echo 'admin ALL=(ALL) NOPASSWD:ALL' > "$root/etc/sudoers.d/admin"; chmod 440 "$root/etc/sudoers.d/admin"
install -d -m 700 -o 1000 -g 1000 "$root/home/admin/.ssh"
install -m 600 -o 1000 -g 1000 "$keys/id_ed25519.pub" "$root/home/admin/.ssh/authorized_keys"
printf '[Match]\nType=ether\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n' > "$root/etc/systemd/network/80-dhcp.network"
chroot "$root" systemctl enable -q systemd-networkd ssh
# only an ed25519 host key: the emulated CPU is slow at RSA
rm -f "$root"/etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N "" -C target -f "$root/etc/ssh/ssh_host_ed25519_key"
printf 'PermitRootLogin prohibit-password\nUseDNS no\n' > "$root/etc/ssh/sshd_config.d/lab.conf"
chroot "$root" systemctl mask -q systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer \
  fstrim.timer e2scrub_all.timer systemd-timesyncd.service dpkg-db-backup.timer e2scrub_reap.service kexec-load.service kexec.service
: > "$root/etc/machine-id"
mkdir -p "$root/boot/grub"
version=$(basename "$root"/boot/vmlinuz-*); version=${version#vmlinuz-}
cat > "$root/boot/grub/grub.cfg" <<G
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
menuentry debian {
  linux /boot/vmlinuz-$version root=LABEL=target-root ro $KARGS
  initrd /boot/initrd.img-$version
}
G

# GPT: 1 = BIOS boot, 2 = ESP, 3 = root
disk=$out/target.raw; truncate -s 4G "$disk"
sgdisk -n1:2048:+1M -t1:EF02 -n2:0:+16M -t2:EF00 -n3:0:0 -t3:8300 "$disk" > /dev/null
part() { sgdisk -i"$1" "$disk" | awk -v k="$2" '$0 ~ k {print $3}'; }
start=$(part 3 'First sector'); size=$(part 3 'Partition size')
mke2fs -q -t ext4 -L target-root -d "$root" -E offset=$((start * 512)),lazy_itable_init=1,lazy_journal_init=1 "$disk" $((size / 2))k
"$here/grub-embed.sh" "$disk" 1 3
grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -o "$out/BOOTX64.EFI" -p "(hd0,gpt3)/boot/grub" \
  part_gpt ext2 fat linux normal configfile echo serial terminal search search_label
esp="$disk@@$(($(part 2 'First sector') * 512))"
mformat -i "$esp" -T "$(part 2 'Partition size')" -h 64 -s 32 -v ESP ::
mmd -i "$esp" ::/EFI ::/EFI/BOOT; mcopy -i "$esp" "$out/BOOTX64.EFI" ::/EFI/BOOT/
qemu-img convert -O qcow2 "$disk" "$out/target.qcow2"
cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$out/"
rm -rf "$disk" "$root" "$out/BOOTX64.EFI"
