package dev.nixosoperator.disk;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
        return opens(way, trees).distinct().toList();
    }

    private static Stream<Tree> opens(List<Tree> nodes, List<Tree> trees) {
        return nodes.stream()
                .flatMap(node -> Stream.concat(
                        node.content().members().stream()
                                .flatMap(member -> opens(
                                        wayTo(trees, maker -> maker.content()
                                                .leavesRaw(maker.on())
                                                .anyMatch(member::equals)),
                                        trees)),
                        Stream.of(node)));
    }

    static boolean below(String mountpoint, String path) {
        return mountpoint.equals("/") || (path + "/").startsWith(mountpoint + "/");
    }

    /** A path of the installed system as it is called in what is mounted at {@code mountpoint}. */
    static String inside(String mountpoint, String path) {
        return mountpoint.equals("/") ? path : path.substring(mountpoint.length());
    }
}
