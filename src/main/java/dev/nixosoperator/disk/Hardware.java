package dev.nixosoperator.disk;

import org.jspecify.annotations.Nullable;

/**
 * What a disk is, as the machine tells it; null = it does not.
 *
 * @param transport as lsblk names it: sata, nvme, usb, sas, virtio
 * @param removable the medium or the disk can be pulled out while the machine runs
 */
public record Hardware(
        @Nullable String model,
        @Nullable String vendor,
        @Nullable String transport,
        @Nullable Boolean rotational,
        @Nullable Boolean removable) {

    static Hardware of(@Nullable String model) {
        return new Hardware(model, null, null, null, null);
    }

    /** Not known to be removable: a disk that nothing is known of counts where disks are counted. */
    boolean isFixed() {
        return removable == null || !removable;
    }
}
