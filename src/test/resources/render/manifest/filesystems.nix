# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/disk/by-id/ata-B is the layout's disk it's $(data): a machine with another one in spec.disks replaces that path (lib.mkForce).
# /dev/disk/by-id/ata-A is the layout's disk main: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          crypt = {
            allowDiscards = true;
            device = "/dev/disk/by-partlabel/disk-main-root";
            keyFileTimeout = (1.5);
            "odd \${key}" = "$(id) ''\${x}'' \"";
          };
        };
      };
    };
    loader = {
      grub = {
        devices = [
          "/dev/disk/by-id/ata-A"
        ];
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/mapper/crypt";
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
    "/srv/a b" = {
      device = "/dev/disk/by-id/ata-B";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
