# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/disk/by-id/ata-Samsung_SSD_850_EVO_250GB_S21PNXAGB12345 is the layout's disk main: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/disk/by-id/ata-Samsung_SSD_850_EVO_250GB_S21PNXAGB12345"
        ];
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-main-root";
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
