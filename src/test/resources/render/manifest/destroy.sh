# ---- from the layout ----
begin destroy
need partx sgdisk wipefs
disk_at d1 'it'\''s $(data)' /dev/disk/by-id/ata-B
disk_at d2 main /dev/disk/by-id/ata-A
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk it'\''s $(data): wipe'
wipe_disk d1
step 3/3 'disk main: wipe'
wipe_disk d2
finish
