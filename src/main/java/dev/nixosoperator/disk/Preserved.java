package dev.nixosoperator.disk;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a layout mounts and never writes to ({@code preserve: true}): a disk or a partition with all that is in it, and what stands wholly on such
 * devices.
 */
final class Preserved {
    static final Option<Boolean> OPTION = Option.withDefault(
            "preserve",
            Kinds.BOOL,
            false,
            "true: what is there stays. It is never wiped and never made, only looked at and mounted; it must be there as the layout says.");

    private final List<Tree> trees;
    private final Set<At> places = new HashSet<>();

    private Preserved(List<Tree> trees) {
        this.trees = trees;
    }

    /** @param trees of the devices */
    static Preserved of(Devices devices, List<Tree> trees) {
        var preserved = new Preserved(trees);
        devices.disks().forEach((key, disk) -> {
            if (disk.preserve()) {
                preserved.places.add(Disk.at(key));
            }
        });
        // Those that stand on others come after them.
        for (Tree tree : trees) {
            tree.walk().flatMap(node -> node.content().preserves(node.on())).forEach(preserved.places::add);
            if (tree.content() instanceof Owned owned
                    && !owned.standsOn().isEmpty()
                    && owned.standsOn().stream().allMatch(preserved::has)) {
                preserved.places.add(tree.on().at());
            }
        }
        return preserved;
    }

    boolean has(On on) {
        return has(on.at());
    }

    boolean has(At at) {
        return at.above().anyMatch(places::contains);
    }

    /** What is written must not take what is preserved. */
    void check(Findings findings) {
        Set<String> kept = new HashSet<>();
        nodes().filter(node -> has(node.on()))
                .flatMap(node -> node.content().leavesRaw(node.on()))
                .forEach(kept::add);
        nodes().filter(node -> !has(node.on())).forEach(node -> node.content().members().stream()
                .filter(kept::contains)
                .forEach(member -> findings.add(
                        node.on().at(),
                        "is made on " + Findings.shown(member)
                                + ", which is preserved; allowed: all of its devices preserved, or none")));
    }

    private Stream<Tree> nodes() {
        return trees.stream().flatMap(Tree::walk);
    }
}
