#!@sh@
# shellcheck shell=dash disable=SC2239,SC2050
# switch-to-configuration boot|switch|test|dry-activate. `boot` and `switch` copy the kernel and write GRUB's menu, with NIXOS_INSTALL_BOOTLOADER
# also GRUB itself (BIOS: into the disks below /boot, UEFI: as removable medium on the ESP, which needs no variables); `switch` and `test` activate.
export PATH=@busybox@/bin:/usr/sbin:/usr/bin:/sbin:/bin
set -e
[ -e /etc/NIXOS ] || { echo "This is not a NixOS installation!" >&2; exit 1; }
case ${1:-} in boot|switch|test) ;; dry-activate) echo "would activate the configuration..."; exit 0 ;; *) echo "usage: $0 switch|boot|test|dry-activate" >&2; exit 1 ;; esac
mounted() { /usr/bin/findmnt -nr -o "$1" --mountpoint "$2"; }

# kernel parameters of the way to /: every LUKS device below it, then the root itself
root_parameters() {
  dev=$(mounted SOURCE / | sed 's/\[.*//'); crypt=''; root=UUID=$(blkid -o value -s UUID "$dev")
  # a device's parent is on the next line
  /usr/bin/lsblk -nrspo NAME,TYPE "$dev" | while read -r name type; do
    [ -z "$crypt" ] || { printf 'lab.luks=%s:UUID=%s ' "$crypt" "$(blkid -o value -s UUID "$name")"; crypt=''; }
    [ "$type" != crypt ] || crypt=${name##*/}
  done
  [ "$(/usr/bin/lsblk -dnro TYPE "$dev")" != crypt ] || root=$dev
  printf 'root=%s' "$root"
  fsroot=$(mounted FSROOT /); [ "$fsroot" = / ] || printf ' rootflags=subvol=%s' "$fsroot"
}
# "hash-name" as NixOS's install-grub.pl does
put() { t=$(readlink -f "$1"); n=$(echo "${t#/nix/store/}" | tr / -); [ -e "/boot/kernels/$n" ] || { cp "$t" "/boot/kernels/$n.tmp"; mv "/boot/kernels/$n.tmp" "/boot/kernels/$n"; }; echo "$n"; }
entry() { # TITLE SYSTEM
  kernel=$(put "$2/kernel"); initrd=$(put "$2/initrd")
  printf 'menuentry "%s" {\n  search --no-floppy --set=root --file %s/%s\n  linux %s/%s %s init=%s/init %s\n  initrd %s/%s\n}\n' \
    "$1" "$prefix" "$kernel" "$prefix" "$kernel" "$parameters" "$2" "$(cat "$2/kernel-params")" "$prefix" "$initrd"
}
if [ "$1" != test ]; then
  if [ "@fault@" = bootloader ]; then
    echo "updating GRUB 2 menu..." >&2; echo "@out@: error: this system cannot install its boot loader" >&2; echo "Failed to install bootloader" >&2; exit 1
  fi
  echo "updating GRUB 2 menu..." >&2
  mkdir -p /boot/kernels /boot/grub
  prefix=/kernels; /usr/bin/mountpoint -q /boot || prefix=/boot/kernels
  parameters=$(root_parameters)
  { printf 'serial --unit=0 --speed=115200\nterminal_output serial\nset timeout=0\n'
    entry NixOS @out@
    # shellcheck disable=SC2045  # names are numbers
    for g in $(ls -rd /nix/var/nix/profiles/system-*-link 2> /dev/null); do
      s=$(readlink -f "$g"); [ "$s" = @out@ ] || [ ! -e "$s/init" ] || { n=${g%-link}; entry "NixOS - Configuration ${n##*-}" "$s"; }
    done
  } > /boot/grub/grub.cfg.tmp
  mv /boot/grub/grub.cfg.tmp /boot/grub/grub.cfg
fi
if [ "$1" != test ] && [ -n "${NIXOS_INSTALL_BOOTLOADER:-}" ]; then
  # what is mounted now is mounted at boot
  /usr/bin/findmnt -nrR -o TARGET,SOURCE,FSTYPE,FSROOT / | while read -r target source type fsroot; do
    source=${source%%[*}; [ -b "$source" ] || continue
    options=defaults; [ "$type" != vfat ] || options=umask=0077; [ "$fsroot" = / ] || options=subvol=$fsroot
    echo "UUID=$(blkid -o value -s UUID "$source") $target $type $options 0 0"
  done > /etc/fstab
  if [ -d /sys/firmware/efi ]; then
    echo "installing the GRUB 2 boot loader into /boot..." >&2
    grub-install --target=x86_64-efi --efi-directory=/boot --boot-directory=/boot --removable --no-nvram
  else
    boot=$(/usr/bin/findmnt -nro SOURCE --target /boot); boot=${boot%%[*}
    for d in $(/usr/bin/lsblk -nrspo NAME,TYPE "$boot" | awk '$2 == "disk" {print $1}' | sort -u); do
      echo "installing the GRUB 2 boot loader on $d..." >&2
      grub-install --target=i386-pc --boot-directory=/boot "$d"
    done
  fi
fi
sync
[ "$1" != boot ] || exit 0
echo "activating the configuration..." >&2
if [ "@fault@" = activation ]; then echo "Activation script snippet 'lab' failed (1)" >&2; exit 4; fi
@out@/activate
