package dev.nixosoperator.disk;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is active on planned disks and is not the installation itself.
 *
 * @param disk the layout's name
 * @param mount mount point, or {@code [SWAP]}
 */
public record InUse(String disk, String device, String mount) {
    /** For a person: what is used where, and what to do. */
    public static String told(List<InUse> uses) {
        return "planned disks are in use in the installer: "
                + uses.stream()
                        .map(use -> use.disk() + " (" + use.device() + ") at " + use.mount())
                        .collect(Collectors.joining(", "))
                + "; release them there (umount, swapoff), then try again";
    }

    /** For the gate in the installer: mounts outside /mnt and swap. Before kexec the old system's root is normal. */
    public static List<InUse> check(Map<String, BlockDevice> planned) {
        return planned.entrySet().stream()
                .flatMap(e -> e.getValue()
                        .allMounts()
                        .filter(m -> !m.equals(Scripts.ROOT) && !m.startsWith(Scripts.ROOT + "/"))
                        .map(m -> new InUse(e.getKey(), e.getValue().path(), m)))
                .toList();
    }
}
