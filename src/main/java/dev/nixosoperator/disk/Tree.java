package dev.nixosoperator.disk;

import java.util.stream.Stream;

/** A node at its place, and the walk through what is below it: parents first, in the order of creation. */
record Tree(On on, Content content) {
    Stream<Tree> walk() {
        return Stream.concat(Stream.of(this), content.children(on).flatMap(Tree::walk));
    }
}
