package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Hooks.Moment;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A node at its place, and the walk through what is below it: parents first, in the order of creation.
 *
 * @param hooks what runs before and after it, the outermost first: those of a disk stand around those of its content
 */
record Tree(On on, Content content, List<Hooks> hooks) {
    Tree(On on, Content content) {
        this(on, content, List.of(content.hooks()));
    }

    static List<On> places(List<Tree> nodes) {
        return nodes.stream().map(Tree::on).toList();
    }

    Stream<Tree> walk() {
        return Stream.concat(Stream.of(this), content.children(on).flatMap(Tree::walk));
    }

    /** Steps that bring it and all below it into being where it is missing; none for what is preserved. */
    Stream<Step> create(Predicate<On> preserved) {
        if (preserved.test(on)) {
            return Stream.empty();
        }
        return Stream.of(
                        hooks.stream().flatMap(h -> h.at(Moment.PRE_CREATE, on)),
                        content.create(on),
                        content.children(on).flatMap(child -> child.create(preserved)),
                        hooks.reversed().stream().flatMap(h -> h.at(Moment.POST_CREATE, on)))
                .flatMap(steps -> steps);
    }

    boolean hooked() {
        return hooks.stream().anyMatch(h -> !h.none());
    }

    boolean leavesRaw(String device) {
        return content.leavesRaw(on).anyMatch(device::equals);
    }

    /** The nodes from here to the first one that is looked for; empty if that is not in here. */
    List<Tree> wayTo(Predicate<Tree> wanted) {
        if (wanted.test(this)) {
            return List.of(this);
        }
        return content.children(on)
                .map(child -> child.wayTo(wanted))
                .filter(way -> !way.isEmpty())
                .map(way -> Stream.concat(Stream.of(this), way.stream()).toList())
                .findFirst()
                .orElse(List.of());
    }
}
