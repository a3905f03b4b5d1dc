package dev.nixosoperator.disk;

import org.jspecify.annotations.Nullable;

/**
 * Where a node stands.
 *
 * @param at path in the layout
 * @param ref how the scripts name the device: {@code d1} (first disk), {@code d1p2} (its partition 2), or a path below {@code /dev}
 *     ({@code /dev/md/boot//1}: its partition 1)
 * @param device path that NixOS uses after the reboot; null when the layout leaves the disk to the machine
 * @param title for people: {@code disk main partition 2 (root)}
 * @param owner how disko begins default labels: {@code disk-main}
 * @param partitions how paths of its partitions begin for NixOS, a number follows; null: they are told by their labels
 */
record On(At at, String ref, @Nullable String device, String title, String owner, @Nullable String partitions) {
    On(At at, String ref, @Nullable String device, String title, String owner) {
        this(at, ref, device, title, owner, null);
    }

    /** How the scripts name a partition of it. */
    String partition(int number) {
        return ref + (ref.startsWith("/") ? "//" : "p") + number;
    }

    /** For settings of NixOS; only a bare disk can lack the path, and {@link Disk#check} refuses that where the path is needed. */
    String path() {
        return device == null ? "" : device;
    }
}
