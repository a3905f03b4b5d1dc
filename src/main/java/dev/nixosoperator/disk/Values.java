package dev.nixosoperator.disk;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The values of one node's options, defaults filled in, and where the node stands. */
final class Values {
    private final At at;
    private final NodeType<?> node;
    private final IdentityHashMap<Option<?>, Object> byOption;

    /** @param byOption is kept */
    Values(At at, NodeType<?> node, IdentityHashMap<Option<?>, Object> byOption) {
        this.at = at;
        this.node = node;
        this.byOption = byOption;
    }

    At at() {
        return at;
    }

    NodeType<?> node() {
        return node;
    }

    /** The value of an option that is required or has a default. */
    <T> T get(Option<T> option) {
        T value = find(option);
        if (value == null) {
            throw new IllegalStateException(option.name() + " has no value: it needs a default or must be required");
        }
        return value;
    }

    @SuppressWarnings("unchecked") // NodeType puts only what the option's own kind has read
    <T> @Nullable T find(Option<T> option) {
        return (T) byOption.get(option);
    }
}
