# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
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
      device = "/dev/disk/by-partlabel/disk-data1-ESP";
      fsType = "vfat";
      options = [
        "umask=0077"
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
  };
}
