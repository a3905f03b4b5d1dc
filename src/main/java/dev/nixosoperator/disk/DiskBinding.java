package dev.nixosoperator.disk;

import org.jspecify.annotations.Nullable;

/**
 * What a machine says of a disk of its layout; it replaces what the layout says.
 *
 * @param name the disk's key in the layout
 * @param device absolute path, also below /dev/disk/by-id or by-path
 * @param selector beside a device both must match
 */
public record DiskBinding(String name, @Nullable String device, @Nullable Selector selector) {}
