# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
        "dm-raid0"
        "dm-mirror"
        "dm-raid"
        "raid0"
        "dm-mirror"
      ];
    };
    swraid = {
      enable = true;
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/pool/root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/md/boot";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
    "/home" = {
      device = "/dev/pool/home";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
