package dev.nixosoperator.disk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where a path of the installed system really lies.
 *
 * @param way the nodes that lead to the file system that holds it, the outermost first; empty when nothing is mounted above it
 * @param path as the installed system would call it without bind mounts
 */
record Location(List<Tree> way, String path) {

    static Location of(List<Tree> trees, String path) {
        return of(trees, path, trees.size());
    }

    /** {@code left}: bind mounts that may still be followed, so that a circle has an end. */
    private static Location of(List<Tree> trees, String path, int left) {
        Optional<String> nearest = trees.stream()
                .flatMap(Tree::walk)
                .flatMap(n -> n.content().mountPoints().stream())
                .filter(m -> below(m, path))
                .max(Comparator.comparingInt(String::length));
        if (nearest.isEmpty()) {
            return new Location(List.of(), path);
        }
        List<Tree> way = wayTo(trees, node -> node.content().mountPoints().contains(nearest.get()));
        String shown = way.getLast().content().shows();
        return shown == null || left == 0
                ? new Location(way, path)
                : of(trees, (shown.equals("/") ? "" : shown) + inside(nearest.get(), path), left - 1);
    }

    private static List<Tree> wayTo(List<Tree> trees, Predicate<Tree> wanted) {
        return trees.stream().flatMap(tree -> tree.wayTo(wanted).stream()).toList();
    }

    /** All nodes that must be open for a look: the way, and before each node of it what its members need. */
    List<Tree> opens(List<Tree> trees) {
        List<Tree> opened = new ArrayList<>();
        open(way, trees, new HashSet<>(), opened);
        return opened;
    }

    /** Each node once: several ways may lead to the same one, and to all that is below it. */
    private static void open(List<Tree> nodes, List<Tree> trees, Set<On> entered, List<Tree> opened) {
        for (Tree node : nodes) {
            if (entered.add(node.on())) {
                for (String member : node.content().members()) {
                    open(wayTo(trees, maker -> maker.leavesRaw(member)), trees, entered, opened);
                }
                opened.add(node);
            }
        }
    }

    static boolean below(String mountpoint, String path) {
        return mountpoint.equals("/") || (path + "/").startsWith(mountpoint + "/");
    }

    /** A path of the installed system as it is called in what is mounted at {@code mountpoint}. */
    static String inside(String mountpoint, String path) {
        return mountpoint.equals("/") ? path : path.substring(mountpoint.length());
    }
}
