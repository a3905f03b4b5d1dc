# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/my-disk is the layout's disk disk1: a machine with another one in spec.disks replaces that path (lib.mkForce).
# /dev/my-disk2 is the layout's disk disk2: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/my-disk2"
          "/dev/my-disk"
        ];
      };
    };
    swraid = {
      enable = true;
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-id/md-name-any:raid0-part1";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
