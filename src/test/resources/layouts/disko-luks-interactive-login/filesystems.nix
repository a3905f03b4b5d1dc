# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          crypted = {
            allowDiscards = true;
            device = "/dev/disk/by-partlabel/disk-main-luks";
          };
        };
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/mapper/crypted";
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
  };
}
