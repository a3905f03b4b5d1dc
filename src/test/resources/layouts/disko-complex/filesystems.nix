# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
        "dm-raid0"
        "dm-raid0"
        "dm-mirror"
        "dm-raid0"
        "dm-raid0"
        "dm-raid"
        "raid0"
        "dm-raid"
        "raid0"
        "dm-mirror"
        "dm-raid"
        "raid0"
        "dm-raid"
        "raid0"
      ];
      luks = {
        devices = {
          crypted1 = {
            device = "/dev/disk/by-partuuid/f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0";
            keyFile = "/tmp/secret.key";
          };
          crypted2 = {
            device = "/dev/disk/by-partlabel/disk-disk2-luks";
            keyFile = "/tmp/secret.key";
            keyFileOffset = 2;
            keyFileSize = 8;
          };
        };
      };
    };
    swraid = {
      enable = true;
    };
  };
  fileSystems = {
    "/" = {
      device = "zroot";
      fsType = "zfs";
      options = [
        "defaults"
        "zfsutil"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-disk0-ESP";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
    "/ext4_mdadm_lvm" = {
      device = "/dev/disk/by-id/md-name-any:raid1-part1";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/ext4_on_lvm" = {
      device = "/dev/pool/root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/ext4onzfs" = {
      device = "/dev/zvol/zroot/zfs_testvolume";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/zfs_fs" = {
      device = "zroot/zfs_fs";
      fsType = "zfs";
      options = [
        "defaults"
        "zfsutil"
      ];
    };
    "/zfs_legacy_fs" = {
      device = "zroot/zfs_legacy_fs";
      fsType = "zfs";
      options = [
        "defaults"
      ];
    };
  };
}
