# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
        "dm-thin-pool"
        "dm-raid"
        "dm-raid"
        "dm-raid"
      ];
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/mainpool/root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-main-ESP";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
    "/home" = {
      device = "/dev/mainpool/home";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
