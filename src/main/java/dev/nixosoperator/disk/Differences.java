package dev.nixosoperator.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers how a machine differs from its layout. */
final class Differences {
    /** @param addition what mends it in place; empty: nothing does */
    record Difference(At at, String message, Optional<Addition> addition) {
        Finding told() {
            return new Finding(at.path(), message);
        }
    }

    private final List<Difference> all = new ArrayList<>();
    private boolean whole = true;

    /** What only a person can mend. */
    void add(At at, String message) {
        add(at, message, Optional.empty());
    }

    void add(At at, String message, Optional<Addition> addition) {
        all.add(new Difference(at, message, addition));
    }

    /** @param first to be done before each of their additions */
    void addAll(Differences others, Addition first) {
        others.all.forEach(one -> add(one.at(), one.message(), one.addition().map(first::then)));
        whole &= others.whole;
    }

    /** Something of the layout cannot be compared on a system that runs. */
    void unseen() {
        whole = false;
    }

    boolean whole() {
        return whole;
    }

    List<Difference> list() {
        return List.copyOf(all);
    }
}
