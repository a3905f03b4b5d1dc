package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A disk or partition as it was seen, for a comparison with the layout.
 *
 * @param partitions of a disk
 * @param holders what is built on it
 */
record Spot(List<Signature> signatures, List<PartitionSeen> partitions, List<String> mounts, List<Holder> holders) {
    static Spot of(BlockDevice disk) {
        return new Spot(disk.signatures(), disk.partitions(), disk.mounts(), disk.holders());
    }

    static Spot of(PartitionSeen partition) {
        return new Spot(partition.signatures(), List.of(), partition.mounts(), partition.holders());
    }

    boolean holds(String type) {
        return signatures.stream().anyMatch(signature -> signature.type().equals(type));
    }

    /** For messages. */
    String held() {
        String types = signatures.stream()
                .map(Signature::type)
                .filter(type -> !type.equals(LsblkFacts.NOT_PROBED))
                .distinct()
                .collect(Collectors.joining(" and "));
        return types.isEmpty() ? "nothing" : types;
    }
}
