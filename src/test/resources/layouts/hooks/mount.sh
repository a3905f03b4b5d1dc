# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
step 1/6 'open LUKS crypt'
luks_open d1p3 text /run/keys/a crypt '--allow-discards'
step 2/6 'LUKS crypt: preMountHook of filesystem'
hook /dev/mapper/crypt 'type=filesystem
format=ext4
declare -a extraArgs=('\''-L'\'' '\''a $b'\'')
declare -a mountOptions=(defaults)
mountpoint=/
' 'echo "${extraArgs[1]}"'
step 3/6 'mount /'
mount_filesystem /dev/mapper/crypt ext4 / defaults
step 4/6 'disk main partition 3 (root): postMountHook of luks'
hook d1p3 'type=luks
name=crypt
passwordFile=/run/keys/a
keyFile='\'''\''
declare -A settings=([allowDiscards]=1 ['\''odd $key'\'']='\''[1,2]'\'')
declare -a additionalKeyFiles=()
initrdUnlock=1
declare -a extraFormatArgs=()
declare -a extraOpenArgs=()
' 'echo "${settings[allowDiscards]}"'
step 5/6 'mount /home'
mount_filesystem d1p1 xfs /home defaults
step 6/6 'disk main: postMountHook of disk'
hook d1 'type=disk
name='\'''\''
destroy=1
name=main
' 'for m in /mnt /mnt/home; do
  mountpoint "$m"
done
'
finish
