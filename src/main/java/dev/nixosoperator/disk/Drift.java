package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import dev.nixosoperator.disk.Differences.Difference;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an installed machine differs from its layout, as far as it tells without a read of its disks: partitions, their sizes and labels, what is on
 * them, logical volumes, subvolumes, datasets and mounts. To look writes nothing.
 */
public final class Drift {
    /** Alignment of both ends moves the size by less. */
    static final long SLACK = 2L << 20;

    /** What {@code gpt_partition} of the prelude calls a partition until it is blank. */
    private static final String NOT_BLANK = "nixos-operator-not-blank";

    private final Layout layout;
    private final Resolution.@Nullable Resolved resolved;
    private final List<Difference> differences;
    private final boolean whole;
    private final Inside inside;
    private final @Nullable String barrier;

    private Drift(
            Layout layout,
            Resolution.@Nullable Resolved resolved,
            Differences differences,
            Inside inside,
            @Nullable String barrier) {
        this.layout = layout;
        this.resolved = resolved;
        this.differences = differences.list();
        this.whole = differences.whole();
        this.inside = inside;
        this.barrier = barrier;
    }

    public static Drift of(Layout layout, List<DiskBinding> bindings, BlockDevices machine) {
        var differences = new Differences();
        return switch (Resolution.match(layout, bindings, machine)) {
            case Resolution.Resolved resolved -> {
                layout.trees().forEach(tree -> tree(tree, resolved.disks(), machine.inside(), differences));
                Resolution judged = Resolution.resolve(layout, bindings, machine, DiskMode.FORMAT_MOUNT);
                yield new Drift(
                        layout,
                        resolved,
                        differences,
                        machine.inside(),
                        judged instanceof Resolution.Unresolved problem ? problem.message() : null);
            }
            case Resolution.Unresolved problem -> {
                differences.add(Devices.DISKS, problem.message());
                yield new Drift(layout, null, differences, machine.inside(), null);
            }
        };
    }

    /** Of the layout. */
    public String layoutHash() {
        return layout.hash();
    }

    /** The machine is as the layout says: nothing differs, all of it could be compared, and no addition is under way. */
    public boolean isSettled() {
        return differences.isEmpty() && whole && inside.unfinished().isEmpty();
    }

    /** Why none of these disks may be written to, whatever differs; null: they may. */
    public @Nullable String barrier() {
        return barrier;
    }

    /** With the path of the layout each; one about all where the disks cannot be told. */
    public List<Finding> findings() {
        return differences.stream().map(Difference::told).toList();
    }

    /** Those that no addition mends. */
    public List<Finding> lasting() {
        return differences.stream()
                .filter(difference -> !isAddable(difference))
                .map(Difference::told)
                .toList();
    }

    /**
     * Mends all of it; empty where nothing differs, or something that only a person may mend, or there is a barrier: then none of it is done. What
     * was begun and is done by now is only forgotten.
     */
    public Optional<Additions> additions() {
        if (resolved == null || barrier != null || !lasting().isEmpty()) {
            return Optional.empty();
        }
        Addition all = differences.stream()
                .flatMap(difference -> difference.addition().stream())
                .reduce(Addition.NONE, Addition::then);
        if (all.steps().isEmpty()
                && (!differences.isEmpty() || inside.unfinished().isEmpty())) {
            return Optional.empty();
        }
        List<String> paths = differences.stream()
                .map(difference -> difference.at().path())
                .distinct()
                .toList();
        return Optional.of(new ScriptWriter(layout, resolved, DiskMode.FORMAT_MOUNT).additions(all, paths));
    }

    private boolean isAddable(Difference difference) {
        return difference.addition().isPresent() && !layout.preserved().has(difference.at());
    }

    private static void tree(Tree tree, Map<String, BlockDevice> disks, Inside inside, Differences differences) {
        disks.forEach((key, disk) -> {
            if (tree.on().at().equals(Disk.at(key))) {
                content(tree, Spot.of(disk, inside), differences);
            }
        });
        if (tree.content() instanceof Owned owned) {
            owned.differs(tree.on(), Spot.on(disks.values(), inside), differences);
        }
    }

    static void content(Tree tree, Spot spot, Differences differences) {
        Content content = tree.content();
        if (!content.signatures().isEmpty() && content.signatures().stream().noneMatch(spot::holds)) {
            // The addition that was cut short had made the device, and nothing on it yet; whether that is so is looked
            // at again right before.
            boolean begun = spot.inside().isUnfinished(tree.on().at()) && spot.holdsNothing();
            differences.add(
                    tree.on().at(),
                    "found " + spot.held() + " on the machine; the layout says "
                            + String.join(
                                    " or ",
                                    content.signatures().stream().sorted().toList()),
                    begun ? Addition.making(tree) : Optional.empty());
            return;
        }
        content.differs(tree.on(), spot, differences);
    }

    /**
     * What a table compares of a partition.
     *
     * @param entry of the table; what is null there the layout leaves open
     * @param bytes 0 where the layout leaves them open
     * @param slack bytes, more than what alignment moves the size by
     * @param made what makes the partition, without its content; empty where that needs more than the partition
     * @param grown what makes it take the rest of the disk; empty where it need not, or cannot
     */
    record Wanted(
            int number,
            At at,
            PartitionEntry entry,
            long bytes,
            long slack,
            Optional<Addition> made,
            @Nullable Tree content,
            Optional<Addition> grown) {
        Wanted {
            slack = Math.max(slack, SLACK);
        }

        Optional<Addition> whole() {
            return made.flatMap(empty -> content == null
                    ? Optional.of(empty)
                    : Addition.making(content).map(empty::then));
        }
    }

    /** What is in a table, by the names of the partitions in scripts. */
    static Map<String, Tree> byRef(Stream<Tree> contents) {
        return contents.collect(Collectors.toMap(content -> content.on().ref(), content -> content));
    }

    /** Partitions by number: what is missing, other than the layout says, or not in it. */
    static void partitions(At table, List<Wanted> wanted, Spot disk, Differences differences) {
        Map<Integer, PartitionSeen> there = new HashMap<>();
        disk.partitions().forEach(partition -> there.putIfAbsent(partition.number(), partition));
        int last = there.keySet().stream().max(Comparator.naturalOrder()).orElse(0);
        for (Wanted partition : wanted) {
            PartitionSeen seen = there.remove(partition.number());
            if (seen == null) {
                differences.add(
                        partition.at(),
                        "is not on the machine",
                        partition.number() > last ? partition.whole() : Optional.empty());
                continue;
            }
            if (disk.inside().isUnfinished(partition.at())
                    && NOT_BLANK.equals(seen.entry().label())) {
                differences.add(partition.at(), "was begun, and is not made yet", partition.whole());
                continue;
            }
            compare(partition, seen, differences);
            if (partition.number() == last) {
                room(partition, seen, disk, differences);
            }
            if (partition.content() != null) {
                content(partition.content(), disk.in(seen), differences);
            }
        }
        there.values()
                .forEach(extra -> differences.add(
                        table,
                        "the machine also has partition " + extra.number()
                                + Optional.ofNullable(extra.entry().label())
                                        .map(label -> " (" + Findings.shown(label) + ")")
                                        .orElse("")
                                + ", which is not in the layout"));
    }

    private static void compare(Wanted partition, PartitionSeen seen, Differences differences) {
        PartitionEntry entry = partition.entry();
        told(partition.at(), "is named ", entry.label(), seen.entry().label(), differences);
        told(partition.at(), "has the UUID ", entry.uuid(), seen.entry().uuid(), differences);
        if (seen.entry().type() != null) {
            told(partition.at(), "has the type ", entry.type(), seen.entry().type(), differences);
            told(
                    partition.at(),
                    "has the attributes ",
                    entry.attributes(),
                    seen.entry().attributes(),
                    differences);
        }
        size(partition.at(), partition.bytes(), seen.size(), partition.slack(), differences);
    }

    /**
     * @param wanted bytes; 0 where the layout leaves them open
     * @param slack bytes by which they may differ
     */
    static void size(At at, long wanted, long seen, long slack, Differences differences) {
        if (wanted != 0 && Math.abs(wanted - seen) > slack) {
            differences.add(at, "has " + Bytes.human(seen) + " on the machine; the layout says " + Bytes.human(wanted));
        }
    }

    private static void told(
            At at, String what, @Nullable String wanted, @Nullable String seen, Differences differences) {
        if (wanted != null && !wanted.equals(seen)) {
            differences.add(
                    at,
                    what + Findings.shown(seen == null ? "" : seen) + " on the machine; the layout says "
                            + Findings.shown(wanted));
        }
    }

    /** A disk that has grown, or a growth that was cut short. */
    private static void room(Wanted partition, PartitionSeen seen, Spot disk, Differences differences) {
        if (partition.grown().isEmpty()) {
            return;
        }
        long free = free(seen, disk);
        if (free > partition.slack()) {
            differences.add(
                    partition.at(),
                    "has " + Bytes.human(seen.size()) + " on the machine; the layout gives it the rest of the disk, "
                            + Bytes.human(free) + " more",
                    partition.grown());
        } else if (disk.inside().isUnfinished(partition.at())) {
            differences.add(partition.at(), "may not have grown to its end: that was cut short", partition.grown());
        }
    }

    /** Up to the next partition or the end of the disk; 0 where that is not told. */
    private static long free(PartitionSeen seen, Spot disk) {
        Long start = seen.start();
        if (start == null || disk.partitions().stream().anyMatch(other -> other.start() == null)) {
            return 0;
        }
        long end = disk.partitions().stream()
                .map(PartitionSeen::start)
                .filter(other -> other != null && other > start)
                .min(Comparator.naturalOrder())
                .orElse(disk.size());
        return end - start - seen.size();
    }

    /** Nobody knows whose a file system is that is not mounted, unless an addition made it and was cut short. */
    static void mounted(At at, String mountpoint, List<String> options, Spot spot, Differences differences) {
        boolean later = options.stream()
                .anyMatch(option -> option.equals("noauto") || option.startsWith("x-systemd.automount"));
        if (!later && !spot.mounts().contains(mountpoint)) {
            differences.add(
                    at,
                    "is not mounted on " + mountpoint,
                    spot.inside().isUnfinished(at) ? Optional.of(Addition.NONE) : Optional.empty());
        }
    }
}
