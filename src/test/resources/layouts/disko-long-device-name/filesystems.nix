# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/bf3cfbd77a309f330b322e19e5a8377852b1";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/36601cdc461d3589a280204a4b674b3cad5d";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
  };
}
