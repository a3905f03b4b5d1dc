#!/usr/bin/env bash
# modules.sh TREE OUT: OUT/VERSION/updates, the modules that Debian's cloud kernel lacks: ZFS, which dkms built in TREE, and f2fs, built
# here from the source of that kernel. Its configuration knows nothing of f2fs, so the options that disko's mounts need are given.
set -euo pipefail
tree=$1 out=$2
version=$(ls "$tree/usr/lib/modules")
mkdir "$out/$version"
cp -a "$tree/usr/lib/modules/$version/updates" "$out/$version/"

source=("$tree"/usr/src/linux-source-*.tar.xz)
tar -C "$out" -xJf "${source[0]}" --wildcards --strip-components=2 '*/fs/f2fs'
options=(CONFIG_F2FS_FS_{XATTR,POSIX_ACL,COMPRESSION,ZSTD})
# OUT is seen inside as /mnt, in a mount namespace of its own (nothing to unmount)
# shellcheck disable=SC2016  # expanded inside
TREE=$tree OUT=$out unshare --mount --propagation private -- bash -euc '
  mount --bind "$OUT" "$TREE/mnt"
  exec chroot "$TREE" "$@"' _ make --silent --jobs=2 -C "/usr/lib/modules/$version/build" M=/mnt/f2fs CONFIG_F2FS_FS=m \
  "${options[@]/%/=y}" KCFLAGS="-DCONFIG_F2FS_FS_MODULE ${options[*]/#/-D}" modules
install -m 644 "$out/f2fs/f2fs.ko" "$out/$version/updates/"
rm -rf "$out/f2fs"
