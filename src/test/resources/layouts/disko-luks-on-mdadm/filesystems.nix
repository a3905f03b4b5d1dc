# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/sda is the layout's disk a: a machine with another one in spec.disks replaces that path (lib.mkForce).
# /dev/sdb is the layout's disk b: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          crypted = {
            device = "/dev/md/raid1";
            keyFile = "/tmp/secret.key";
          };
        };
      };
    };
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
      device = "/dev/mapper/crypted";
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
