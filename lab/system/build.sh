# shellcheck shell=sh disable=SC2154,SC2086  # runs in busybox as the builder of system/default.nix, which sets the variables
mkdir -p "$out/bin"
ln -s "$kernel/bzImage" "$out/kernel"; ln -s "$initrd/initrd" "$out/initrd"
ln -s "$userland/usr" "$out/sw"; ln -s "$etc" "$out/etc"
printf x86_64-linux > "$out/system"; printf '25.11.lab%s' "$version" > "$out/nixos-version"
printf %s "$kargs" > "$out/kernel-params"; printf '%s\n' $parts > "$out/parts"
for f in "$init:init" "$activate:activate" "$stc:bin/switch-to-configuration"; do
  sed -e "s|@out@|$out|g; s|@fault@|$fault|g; s|@sh@|$busybox/bin/sh|g; s|@busybox@|$busybox|g; s|@userland@|$userland|g; s|@etc@|$etc|g" "${f%%:*}" > "$out/${f#*:}"
  chmod 555 "$out/${f#*:}"
done
