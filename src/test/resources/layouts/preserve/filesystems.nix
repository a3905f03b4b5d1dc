# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
      ];
      luks = {
        devices = {
          home = {
            device = "/dev/disk/by-partlabel/disk-main-home";
          };
        };
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-main-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-main-ESP";
      fsType = "vfat";
      options = [
        "defaults"
      ];
    };
    "/data" = {
      device = "/dev/data/all";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/films" = {
      device = "/dev/disk/by-partlabel/disk-archive-films";
      fsType = "xfs";
      options = [
        "defaults"
      ];
    };
    "/home" = {
      device = "/dev/mapper/home";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
