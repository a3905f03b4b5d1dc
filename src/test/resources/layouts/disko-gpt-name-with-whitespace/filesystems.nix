# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-vdb-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-vdb-ESP";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
    "/name with spaces" = {
      device = "/dev/disk/by-partlabel/disk-vdb-name\\x20with\\x20spaces";
      fsType = "vfat";
      options = [
        "defaults"
      ];
    };
    "/name^with\\some@special#chars" = {
      device = "/dev/disk/by-partlabel/bda9ca5ea830ae986b7f25657727a441c6d7";
      fsType = "vfat";
      options = [
        "defaults"
      ];
    };
  };
}
