package dev.nixosoperator.disk;

import java.util.Comparator;

/**
 * How one thing is switched on, and off again by the unmount script in exactly the reverse order.
 *
 * @param order mount path: parents come first; empty for devices and swap, which keep the order of the tree
 */
record Activation(Stage stage, String order, String what, Command up, Command down) {

    /** Devices are opened before anything is mounted, swap comes last. */
    enum Stage {
        DEVICE,
        MOUNT,
        SWAP
    }

    /** Stable with a stable sort. A path sorts after its parents because it is longer and begins with them. */
    static final Comparator<Activation> MOUNT_ORDER =
            Comparator.comparing(Activation::stage).thenComparing(Activation::order);
}
