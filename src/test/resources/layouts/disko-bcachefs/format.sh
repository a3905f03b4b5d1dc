# ---- from the layout ----
begin format
need bcachefs blkid blockdev findmnt lsblk mkfs.vfat mount partx sgdisk umount wipefs
disk d1 vdb /dev/vdb SERIAL-vdb '' 68719476736
disk d2 vdc /dev/vdc SERIAL-vdc '' 68719476736
disk d3 vdd /dev/vdd SERIAL-vdd '' 68719476736
disk d4 vde /dev/vde SERIAL-vde '' 68719476736
need_key text /tmp/secret.key
step 1/17 'disk vdb: partition table'
gpt_table d1
step 2/17 'disk vdb partition 1 (vdb1)'
gpt_partition d1 1 disk-vdb-vdb1 disk-vdb-vdb1 EF00 R 0 +100M 0 104857600 0000000000000000
step 3/17 'disk vdb partition 2 (vdb2)'
gpt_partition d1 2 disk-vdb-vdb2 disk-vdb-vdb2 8300 R 0 '-0' 0 0 0000000000000000
step 4/17 'disk vdb partition 1 (vdb1): vfat'
make_filesystem d1p1 vfat
step 5/17 'disk vdc: partition table'
gpt_table d2
step 6/17 'disk vdc partition 1 (vdc1)'
gpt_partition d2 1 disk-vdc-vdc1 disk-vdc-vdc1 8300 R 0 '-0' 0 0 0000000000000000
step 7/17 'disk vdd: partition table'
gpt_table d3
step 8/17 'disk vdd partition 1 (vdd1)'
gpt_partition d3 1 disk-vdd-vdd1 disk-vdd-vdd1 8300 R 0 '-0' 0 0 0000000000000000
step 9/17 'disk vde: partition table'
gpt_table d4
step 10/17 'disk vde partition 1 (vdd1)'
gpt_partition d4 1 disk-vde-vdd1 disk-vde-vdd1 8300 R 0 '-0' 0 0 0000000000000000
step 11/17 'bcachefs mounted_subvolumes_in_multi'
make_bcachefs 88d9c058-757d-c06e-0fb7-a612f2db8a7a /tmp/secret.key '--compression=lz4' '--background_compression=lz4' '--' d1p2 '--label=group_a.vdb2' '--discard' '--' d2p1 '--label=group_a.vdc1' '--discard' '--' d3p1 '--label=group_b.vdd1' '--force'
step 12/17 'bcachefs mounted_subvolumes_in_multi: subvolume subvolumes/home'
make_bcachefs_subvolume /tmp/secret.key subvolumes/home d1p2 d2p1 d3p1
step 13/17 'bcachefs mounted_subvolumes_in_multi: subvolume subvolumes/home/user'
make_bcachefs_subvolume /tmp/secret.key subvolumes/home/user d1p2 d2p1 d3p1
step 14/17 'bcachefs mounted_subvolumes_in_multi: subvolume subvolumes/nix'
make_bcachefs_subvolume /tmp/secret.key subvolumes/nix d1p2 d2p1 d3p1
step 15/17 'bcachefs mounted_subvolumes_in_multi: subvolume subvolumes/root'
make_bcachefs_subvolume /tmp/secret.key subvolumes/root d1p2 d2p1 d3p1
step 16/17 'bcachefs mounted_subvolumes_in_multi: subvolume subvolumes/test'
make_bcachefs_subvolume /tmp/secret.key subvolumes/test d1p2 d2p1 d3p1
step 17/17 'bcachefs relies_on_external_subvolume'
make_bcachefs 64e50034-ebe2-eaf8-1f93-cf56266a8d86 '-' '--' d4p1 '--label=group_a.vde1'
finish
