package dev.nixosoperator.disk;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How one thing is switched on, and off again by the unmount script in exactly the reverse order.
 *
 * @param order mount path: parents come first; empty for devices and swap, which keep the order of the tree
 * @param source path in the installed system that must be mounted before, of a bind mount
 */
record Activation(Stage stage, String order, @Nullable String source, String what, Command up, Command down) {
    Activation(Stage stage, String order, String what, Command up, Command down) {
        this(stage, order, null, what, up, down);
    }

    /** Devices are opened before anything is mounted, swap comes last. */
    enum Stage {
        DEVICE,
        MOUNT,
        SWAP
    }

    /** Stable with a stable sort. A path sorts after its parents because it is longer and begins with them. */
    static final Comparator<Activation> MOUNT_ORDER =
            Comparator.comparing(Activation::stage).thenComparing(Activation::order);

    /** It is mounted after {@code other}, which lies above it or above what it shows. */
    boolean needs(Activation other) {
        return stage == Stage.MOUNT
                && other.stage() == Stage.MOUNT
                && !equals(other)
                && (Location.below(other.order(), order) || (source != null && Location.below(other.order(), source)));
    }
}
