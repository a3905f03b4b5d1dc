package dev.nixosoperator.disk;

import java.util.List;
import java.util.stream.Stream;

/** A node at its place, and the walk through what is below it: parents first, in the order of creation. */
record Tree(On on, Content content) {
    Stream<Tree> walk() {
        return Stream.concat(Stream.of(this), content.children(on).flatMap(Tree::walk));
    }

    /** The nodes from here to the one mounted at {@code mountpoint}; empty if that is not in here. */
    List<Tree> wayTo(String mountpoint) {
        if (mountpoint.equals(content.mountedAt())) {
            return List.of(this);
        }
        return content.children(on)
                .map(child -> child.wayTo(mountpoint))
                .filter(way -> !way.isEmpty())
                .map(way -> Stream.concat(Stream.of(this), way.stream()).toList())
                .findFirst()
                .orElse(List.of());
    }
}
