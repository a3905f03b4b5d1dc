package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Hooks.Moment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What mount does in its order, and unmount in exactly the reverse one. Hooks stand around all that is inside their node. */
final class Activations {
    private final List<Tree> hooked;
    private final List<Activation> order;

    Activations(Layout layout) {
        this.hooked = layout.walk().filter(Tree::hooked).toList();
        this.order = order(layout.walk()
                .flatMap(Activations::of)
                .sorted(Activation.MOUNT_ORDER)
                .toList());
    }

    /** What another one needs comes before it; else the order stays. */
    private static List<Activation> order(List<Activation> sorted) {
        Set<Activation> done = new LinkedHashSet<>();
        Set<Activation> open = new HashSet<>();
        sorted.forEach(a -> place(a, sorted, open, done));
        return List.copyOf(done);
    }

    private static void place(Activation a, List<Activation> all, Set<Activation> open, Set<Activation> done) {
        if (!done.contains(a) && open.add(a)) {
            all.stream().filter(a::needs).forEach(before -> place(before, all, open, done));
            done.add(a);
        }
    }

    private static Stream<Activation> of(Tree tree) {
        return tree.content().activate(tree.on());
    }

    List<Step> up() {
        return steps(order, a -> Step.of(verb(a.stage()) + a.what(), a.up()), Moment.PRE_MOUNT, Moment.POST_MOUNT);
    }

    List<Step> down() {
        return steps(
                order.reversed(),
                a -> Step.of("release " + a.what(), a.down()),
                Moment.PRE_UNMOUNT,
                Moment.POST_UNMOUNT);
    }

    private static String verb(Stage stage) {
        return switch (stage) {
            case DEVICE -> "open ";
            case MOUNT -> "mount ";
            case SWAP -> "switch on ";
        };
    }

    private List<Step> steps(
            List<Activation> activations, Function<Activation, Step> step, Moment before, Moment after) {
        Map<Activation, Deque<Step>> first = new HashMap<>();
        Map<Activation, Deque<Step>> last = new HashMap<>();
        for (Tree node : hooked) {
            Set<Activation> inside = node.walk().flatMap(Activations::of).collect(Collectors.toSet());
            List<Activation> mine =
                    activations.stream().filter(inside::contains).toList();
            if (!mine.isEmpty()) {
                Deque<Step> atFirst = first.computeIfAbsent(mine.getFirst(), a -> new ArrayDeque<>());
                Deque<Step> atLast = last.computeIfAbsent(mine.getLast(), a -> new ArrayDeque<>());
                // The nodes come parents first: the outer hook runs before the inner one, and after it at the end.
                node.hooks().stream().flatMap(h -> h.at(before, node.on())).forEach(atFirst::addLast);
                node.hooks().stream().flatMap(h -> h.at(after, node.on())).forEach(atLast::addFirst);
            }
        }
        return activations.stream()
                .flatMap(a -> Stream.of(
                                first.getOrDefault(a, new ArrayDeque<>()).stream(),
                                Stream.of(step.apply(a)),
                                last.getOrDefault(a, new ArrayDeque<>()).stream())
                        .flatMap(steps -> steps))
                .toList();
    }
}
