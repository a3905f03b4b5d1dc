package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an installed machine differs from its layout, as far as lsblk tells: partitions, their sizes and labels, what is on them, logical volumes
 * and mounts. Datasets and subvolumes lsblk does not know. Nothing is written because of it.
 */
public final class Drift {
    /** Alignment of both ends moves the size by less. */
    private static final long SLACK = 2L << 20;

    private Drift() {}

    /** With the path of the layout each; one about all where the disks cannot be told. */
    public static List<Finding> of(Layout layout, List<DiskBinding> bindings, BlockDevices machine) {
        var findings = new Findings();
        switch (Resolution.match(layout, bindings, machine)) {
            case Resolution.Resolved resolved -> layout.trees().forEach(tree -> tree(tree, resolved.disks(), findings));
            case Resolution.Unresolved problem -> findings.add(Devices.DISKS, problem.message());
        }
        return findings.list();
    }

    private static void tree(Tree tree, Map<String, BlockDevice> disks, Findings findings) {
        disks.forEach((key, disk) -> {
            if (tree.on().at().equals(Disk.at(key))) {
                content(tree.on(), tree.content(), Spot.of(disk), findings);
            }
        });
        if (tree.content() instanceof VolumeGroup.Group group) {
            volumes(tree.on(), group, disks, findings);
        }
    }

    static void content(On on, Content content, Spot spot, Findings findings) {
        Set<String> wanted = content.signatures();
        if (!wanted.isEmpty() && wanted.stream().noneMatch(spot::holds)) {
            findings.add(
                    on.at(),
                    "found " + spot.held() + " on the machine; the layout says "
                            + wanted.stream().sorted().collect(Collectors.joining(" or ")));
            return;
        }
        content.differs(on, spot, findings);
    }

    /** What a table compares of a partition; null where the layout leaves it open. */
    record Wanted(int number, At at, @Nullable String label, long bytes) {}

    /** Partitions by number: what is missing, other than the layout says, or not in it. */
    static void partitions(
            At table, List<Wanted> wanted, Spot spot, Findings findings, Function<Integer, Stream<Tree>> inside) {
        Map<Integer, PartitionSeen> there = spot.partitions().stream()
                .collect(Collectors.toMap(PartitionSeen::number, partition -> partition, (a, b) -> a));
        for (Wanted partition : wanted) {
            PartitionSeen seen = there.remove(partition.number());
            if (seen == null) {
                findings.add(partition.at(), "is not on the machine");
                continue;
            }
            if (partition.label() != null && !partition.label().equals(seen.label())) {
                findings.add(
                        partition.at(),
                        "is named " + Findings.shown(seen.label() == null ? "" : seen.label())
                                + " on the machine; the layout says " + Findings.shown(partition.label()));
            }
            if (partition.bytes() != 0 && Math.abs(partition.bytes() - seen.size()) > SLACK) {
                findings.add(
                        partition.at(),
                        "has " + Bytes.human(seen.size()) + " on the machine; the layout says "
                                + Bytes.human(partition.bytes()));
            }
            inside.apply(partition.number())
                    .forEach(node -> content(node.on(), node.content(), Spot.of(seen), findings));
        }
        there.values()
                .forEach(extra -> findings.add(
                        table,
                        "the machine also has partition " + extra.number()
                                + (extra.label() == null ? "" : " (" + Findings.shown(extra.label()) + ")")
                                + ", which is not in the layout"));
    }

    private static void volumes(On on, VolumeGroup.Group group, Map<String, BlockDevice> disks, Findings findings) {
        Set<String> active = disks.values().stream()
                .flatMap(BlockDevice::allHolders)
                .map(Holder::name)
                .collect(Collectors.toSet());
        group.mapped(on)
                .filter(volume -> !active.contains(volume.mapperName()))
                .forEach(volume -> findings.add(volume.at(), "is not on the machine, or not active"));
    }
}
