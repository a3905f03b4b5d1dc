#!/bin/sh
# install.sh TOPLEVEL : job; set the profile and install the boot loader.
set -u
# Jobs are begun with umask 077; what is made here belongs to the installed system and must be readable there.
umask 022
mkdir -p /mnt/tmp && chmod 1777 /mnt/tmp || exit 1
export TMPDIR=/mnt/tmp
exec nixos-install --no-root-passwd --no-channel-copy --root /mnt --system "$1"
