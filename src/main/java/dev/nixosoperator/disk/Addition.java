package dev.nixosoperator.disk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What brings a machine in use nearer to its layout and takes nothing from anybody: something is made where nothing was, or grows.
 *
 * @param tools programs that the steps run, beyond those of every script
 */
record Addition(List<Step> steps, Set<String> tools, List<KeyFile> keys) {
    /** Nothing of it is for the disks. */
    static final Addition NONE = new Addition(List.of(), Set.of(), List.of());

    static Addition of(Step step, Set<String> tools) {
        return new Addition(List.of(step), tools, List.of());
    }

    /** A node with all below it; none where a part of it belongs to something that stands on other devices, too. */
    static Optional<Addition> making(Tree tree) {
        boolean shared = tree.walk()
                .map(Tree::content)
                .anyMatch(content ->
                        content instanceof Member || !content.members().isEmpty());
        return shared
                ? Optional.empty()
                : Optional.of(new Addition(
                        tree.create(on -> false).toList(),
                        joined(tree.walk().flatMap(node -> node.content().tools().stream())),
                        tree.walk()
                                .flatMap(node -> node.content().keyFiles().stream())
                                .toList()));
    }

    Addition then(Addition next) {
        return new Addition(
                Stream.concat(steps.stream(), next.steps.stream()).toList(),
                joined(Stream.concat(tools.stream(), next.tools.stream())),
                Stream.concat(keys.stream(), next.keys.stream()).distinct().toList());
    }

    private static Set<String> joined(Stream<String> tools) {
        return tools.collect(TreeSet::new, Set::add, Set::addAll);
    }
}
