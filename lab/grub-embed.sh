#!/usr/bin/env bash
# grub-embed.sh DISK BIOSPART ROOTPART: puts GRUB (i386-pc) into a GPT disk *file*; what grub-bios-setup does, without a loop device.
set -euo pipefail
disk=$1 bios=$2 root=$3; tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
modules=/usr/lib/grub/i386-pc
grub-mkimage -O i386-pc -d $modules -o "$tmp/core.img" -p "(hd0,gpt$root)/boot/grub" \
  biosdisk part_gpt ext2 fat linux normal configfile test echo serial terminal search search_label minicmd reboot
start=$(sgdisk -i"$bios" "$disk" | awk '/First sector/ {print $3}')
# le VALUE BYTES: little endian
le() { local i; for ((i = 0; i < $2; i++)); do printf '%b' "\\x$(printf %02x $((($1 >> (8 * i)) & 255)))"; done; }
put() { dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
sectors=$((($(stat -c %s "$tmp/core.img") + 511) / 512 - 1))
cp $modules/boot.img "$tmp/boot.img"
le "$start" 8 | put "$tmp/boot.img" 92           # 0x5c: where core.img is
printf '\x90\x90' | put "$tmp/boot.img" 102      # 0x66: no check of the boot drive
{ le $((start + 1)) 8; le $sectors 2; le $((0x820)) 2; } | put "$tmp/core.img" 500 # where its rest is, and the segment it goes to
dd if="$tmp/boot.img" of="$disk" bs=1 count=440 conv=notrunc status=none
dd if="$tmp/core.img" of="$disk" bs=512 seek="$start" conv=notrunc status=none
