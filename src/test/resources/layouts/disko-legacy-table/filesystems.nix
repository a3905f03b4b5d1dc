# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/sda is the layout's disk main: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "/dev/sda2";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/sda1";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
  };
}
