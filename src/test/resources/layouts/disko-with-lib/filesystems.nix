# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/vdb is the layout's disk /dev/vdb: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/vdb"
        ];
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-_dev_vdb-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
