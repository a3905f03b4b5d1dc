#!/usr/bin/env bash
# tree.sh PACKAGES OUT: a Debian tree with the packages of the file PACKAGES, from the mirror this machine's apt uses.
set -euo pipefail
list=$1 out=$2
: "${MIRROR:=$(awk '($1 == "URIs:" || $1 == "deb") && !f { for (i = 2; i <= NF; i++) if ($i ~ /^https?:.*debian\/?$/) { print $i; f = 1; break } }' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null || true)}"
[ -n "$MIRROR" ] || { echo "no Debian mirror in apt's sources; set MIRROR" >&2; exit 1; }
suite=$(sed -n 's/^# suite: //p' "$list")
opts=(--quiet --variant=minbase "--components=main,contrib" --mode=root --keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "0"' --dpkgopt=force-unsafe-io)
# nothing of the lab reads these
for d in doc man locale i18n info bash-completion zoneinfo; do opts+=(--dpkgopt="path-exclude=/usr/share/$d/*"); done
# a fixed module list spares the initramfs a search (only where initramfs-tools is installed)
# shellcheck disable=SC2016  # $1 is mmdebstrap's
opts+=(--essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"; printf "MODULES=list\nCOMPRESS=zstd\n" > "$1/etc/initramfs-tools/conf.d/lab"; printf "%s\n" virtio_pci virtio_blk virtio_scsi sd_mod ext4 > "$1/etc/initramfs-tools/modules"')
mmdebstrap "${opts[@]}" --include="$(grep -v '^#' "$list" | paste -sd,)" "$suite" "$out" "$MIRROR"
