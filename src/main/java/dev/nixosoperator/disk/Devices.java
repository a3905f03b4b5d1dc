package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The top of the tree, disko's {@code disko.devices}. */
record Devices(
        Map<String, Disk> disks,
        Map<String, VolumeGroup> volumeGroups,
        Map<String, Mdadm> arrays,
        Map<String, Zpool> pools,
        Map<String, BcachefsFilesystem> bcachefs,
        Map<String, NoDev> nodev) {
    static final int MAX_DISKS = 64;
    private static final Text NAME = new Text("[^\\p{Cntrl}]+", 128, "a name without control characters");
    private static final Option<Map<String, Disk>> DISK = Option.withDefault(
            "disk", new MapOf<>(NAME, new NodeKind<>(Disk.TYPE), MAX_DISKS), Map.of(), "Disks by name.");
    private static final Option<Map<String, NoDev>> NODEV = Option.withDefault(
            "nodev",
            new MapOf<>(Kinds.MOUNT_PATH, new NodeKind<>(NoDev.TYPE), 64),
            Map.of(),
            "Mounts that need no disk, by mount point.");

    private static final Option<Map<String, VolumeGroup>> VOLUME_GROUPS = Option.withDefault(
            VolumeGroup.MAP,
            new MapOf<>(VolumeGroup.NAME_TEXT, new NodeKind<>(VolumeGroup.TYPE, 3), MAX_DISKS),
            Map.of(),
            "Volume groups of LVM by name.");
    private static final Option<Map<String, Mdadm>> ARRAYS = Option.withDefault(
            Mdadm.MAP,
            new MapOf<>(Mdadm.NAME_TEXT, new NodeKind<>(Mdadm.TYPE, 3), MAX_DISKS),
            Map.of(),
            "Arrays of software RAID by name.");
    private static final Option<Map<String, Zpool>> POOLS = Option.withDefault(
            Zpool.MAP,
            new MapOf<>(Zpool.NAME_TEXT, new NodeKind<>(Zpool.TYPE, 3), MAX_DISKS),
            Map.of(),
            "Pools of ZFS by name.");
    private static final Option<Map<String, BcachefsFilesystem>> BCACHEFS = Option.withDefault(
            BcachefsFilesystem.MAP,
            new MapOf<>(BcachefsFilesystem.NAME_TEXT, new NodeKind<>(BcachefsFilesystem.TYPE), MAX_DISKS),
            Map.of(),
            "bcachefs file systems by name.");

    static final At DISKS = At.DEVICES.child(DISK.name());
    static final NodeType<Devices> TYPE = NodeType.plain(
            "The tree of disko.devices.",
            List.of(DISK, VOLUME_GROUPS, ARRAYS, POOLS, BCACHEFS, NODEV),
            v -> new Devices(
                    v.get(DISK), v.get(VOLUME_GROUPS), v.get(ARRAYS), v.get(POOLS), v.get(BCACHEFS), v.get(NODEV)));

    /** An owner with its key. */
    record Keyed(String key, Owner owner) {
        String name() {
            return owner.name(key);
        }

        At at() {
            return owner.at(key);
        }

        boolean has(Member member) {
            return member.map().equals(owner.map()) && member.owner().equals(name());
        }

        private List<Tree> members(List<Tree> made) {
            return made.stream()
                    .flatMap(Tree::walk)
                    .filter(node -> node.content() instanceof Member member && has(member))
                    .toList();
        }

        private Tree standingOn(List<Tree> made) {
            return owner.tree(key, members(made));
        }
    }

    /** The outermost nodes in the order of creation. */
    Stream<Tree> trees() {
        var number = new AtomicInteger();
        List<Tree> trees = new ArrayList<>();
        disks.forEach((key, disk) -> disk.tree(key, number.incrementAndGet()).forEach(trees::add));
        List<Keyed> waiting = owners().collect(Collectors.toCollection(ArrayList::new));
        while (!waiting.isEmpty()) {
            // In a circle there is none that can be made; LayoutRules says so.
            Keyed next = waiting.stream()
                    .filter(owner -> isMade(owner, waiting))
                    .findFirst()
                    .orElse(waiting.getFirst());
            waiting.remove(next);
            trees.add(next.standingOn(trees));
        }
        nodev.forEach((key, node) -> trees.add(node.tree(At.DEVICES.child(NODEV.name()), key)));
        return trees.stream();
    }

    /** None of its members stands on what is still to be made. */
    private static boolean isMade(Keyed owner, List<Keyed> waiting) {
        return owner.members(waiting.stream().map(w -> w.standingOn(List.of())).toList())
                .isEmpty();
    }

    Stream<Keyed> owners() {
        return Stream.of(volumeGroups, arrays, pools, bcachefs)
                .flatMap(owners -> owners.entrySet().stream())
                .map(owner -> new Keyed(owner.getKey(), owner.getValue()));
    }
}
