package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.Resolution.Problem;
import dev.nixosoperator.disk.Resolution.Unresolved;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The blast radius: a planned disk that is part of something which also lives on an unplanned disk must not be wiped. Members know each
 * other by the UUID that blkid shows (md, ZFS, btrfs, bcachefs), by their volume group (LVM), or by a device built on both.
 */
final class ForeignPools {
    /** Members of these types carry the UUID of the whole; others (LVM2_member) their own. */
    private static final Set<String> SHARED_UUID =
            Set.of("linux_raid_member", "zfs_member", "btrfs", "bcachefs", "ddf_raid_member", "isw_raid_member");

    private static final String LVM = "LVM2_member";

    private ForeignPools() {}

    /**
     * Null when nothing crosses the border between planned and other disks.
     *
     * @param why what is told of a disk beyond the border
     */
    static @Nullable Unresolved find(List<BlockDevice> planned, List<BlockDevice> all, String why) {
        Set<String> names = planned.stream().map(BlockDevice::kernelName).collect(Collectors.toSet());
        Map<String, BlockDevice> outside = new HashMap<>();
        for (BlockDevice disk : all) {
            if (!names.contains(disk.kernelName())) {
                marks(disk).forEach(m -> outside.putIfAbsent(m, disk));
            }
        }
        for (BlockDevice disk : planned) {
            Set<String> common = new HashSet<>(marks(disk).toList());
            common.retainAll(outside.keySet());
            if (!common.isEmpty()) {
                String mark = common.stream().sorted().toList().getFirst();
                BlockDevice other = Objects.requireNonNull(outside.get(mark));
                return new Unresolved(
                        Problem.IN_FOREIGN_POOL,
                        disk.named() + " is part of " + mark + ", and so is " + other.named() + ", which " + why
                                + "; take " + mark + " apart first, or have all of its disks wiped");
            }
        }
        return null;
    }

    private static Stream<String> marks(BlockDevice disk) {
        Stream<String> pools = disk.allSignatures()
                .filter(s -> SHARED_UUID.contains(s.type()) && s.uuid() != null)
                .map(s -> s.type() + " " + s.uuid());
        Stream<String> holders = disk.allHolders().map(Holder::kernelName).map(n -> "device " + n);
        Stream<String> whole = groups(disk.signatures(), disk.volumeGroup());
        Stream<String> parts = disk.partitions().stream().flatMap(p -> groups(p.signatures(), p.volumeGroup()));
        return Stream.of(pools, holders, whole, parts).flatMap(s -> s);
    }

    /** A member whose group nobody could tell may belong to any: then two such disks count as one group. An empty name: it is in none. */
    private static Stream<String> groups(List<Signature> signatures, @Nullable String group) {
        boolean member = signatures.stream().anyMatch(s -> s.type().equals(LVM));
        if (!member || (group != null && group.isEmpty())) {
            return Stream.empty();
        }
        return Stream.of(group == null ? "an unknown LVM volume group" : "LVM volume group " + group);
    }
}
