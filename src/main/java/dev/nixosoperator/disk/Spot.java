package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A device as it was seen, for a comparison with the layout.
 *
 * @param size bytes; 0 = not asked for
 * @param partitions of a disk, or of all disks that it stands on
 * @param holders what is built on it, by however many steps
 * @param inside of the machine
 */
record Spot(
        long size,
        List<Signature> signatures,
        List<PartitionSeen> partitions,
        List<String> mounts,
        List<Holder> holders,
        Inside inside) {
    static Spot of(BlockDevice disk, Inside inside) {
        return new Spot(disk.size(), disk.signatures(), disk.partitions(), disk.mounts(), disk.holders(), inside);
    }

    /** What stands on these disks. */
    static Spot on(Collection<BlockDevice> disks, Inside inside) {
        return new Spot(
                0,
                List.of(),
                disks.stream().flatMap(disk -> disk.partitions().stream()).toList(),
                List.of(),
                disks.stream().flatMap(BlockDevice::allHolders).toList(),
                inside);
    }

    Spot in(PartitionSeen partition) {
        return new Spot(
                partition.size(), partition.signatures(), List.of(), partition.mounts(), partition.holders(), inside);
    }

    /** What the device mapper calls by this name, built on it. */
    Optional<Spot> mapped(String name) {
        return holders.stream()
                .filter(holder -> holder.name().equals(name))
                .findFirst()
                .map(holder ->
                        new Spot(holder.size(), holder.signatures(), List.of(), holder.mounts(), holders, inside));
    }

    boolean holds(String type) {
        return signatures.stream().anyMatch(signature -> signature.type().equals(type));
    }

    Optional<String> uuidOf(String type) {
        return signatures.stream()
                .filter(signature -> signature.type().equals(type))
                .map(Signature::uuid)
                .filter(Objects::nonNull)
                .findFirst();
    }

    boolean holdsNothing() {
        return types().findAny().isEmpty();
    }

    /** For messages. */
    String held() {
        return holdsNothing() ? "nothing" : types().collect(Collectors.joining(" and "));
    }

    private Stream<String> types() {
        return signatures.stream()
                .map(Signature::type)
                .filter(type -> !type.equals(LsblkFacts.NOT_PROBED))
                .distinct();
    }
}
