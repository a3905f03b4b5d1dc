# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/sda is the layout's disk one: a machine with another one in spec.disks replaces that path (lib.mkForce).
# /dev/sdb is the layout's disk two: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/sdb"
          "/dev/sda"
        ];
      };
    };
    swraid = {
      enable = true;
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-id/md-name-any:raid1-part1";
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
  };
}
