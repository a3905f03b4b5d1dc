package dev.nixosoperator.disk;

import org.jspecify.annotations.Nullable;

/**
 * What a partition table says of a partition beside its place.
 *
 * @param label its name in a GPT
 * @param uuid lower case
 * @param type as a GUID, or as a number of an MBR, lower case
 * @param attributes of a GPT, 16 hex digits
 */
public record PartitionEntry(
        @Nullable String label, @Nullable String uuid, @Nullable String type, @Nullable String attributes) {
    /** Whatever it is. */
    static final PartitionEntry OPEN = new PartitionEntry(null, null, null, null);

    static PartitionEntry named(@Nullable String label) {
        return new PartitionEntry(label, null, null, null);
    }
}
