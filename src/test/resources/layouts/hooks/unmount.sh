# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/5 'disk main: preUnmountHook of gpt'
hook d1 'type=gpt
efiGptPartitionFirst=1
' 'echo "it'\''s going down"'
step 2/5 'release /home'
unmount_filesystem d1p1 /home
step 3/5 'release /'
unmount_filesystem /dev/mapper/crypt /
step 4/5 'release LUKS crypt'
luks_close d1p3 crypt
step 5/5 'disk main partition 3 (root): postUnmountHook of luks'
hook d1p3 'type=luks
name=crypt
passwordFile=/run/keys/a
keyFile='\'''\''
declare -A settings=([allowDiscards]=1 ['\''odd $key'\'']='\''[1,2]'\'')
declare -a additionalKeyFiles=()
initrdUnlock=1
declare -a extraFormatArgs=()
declare -a extraOpenArgs=()
' 'echo closed'
finish
