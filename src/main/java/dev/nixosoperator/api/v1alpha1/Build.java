package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Default;

/**
 * How a system is built that is not a store path already.
 *
 * @param place where it is built
 */
// Not "on", which YAML 1.1, and with it kubectl, takes for a truth value.
public record Build(@Default("Auto") Place place) {
    static final Build DEFAULT = new Build(Place.Auto);

    public Build {
        place = place == null ? Place.Auto : place;
    }

    /** See {@link Build}. */
    public enum Place {
        /** Wherever it is done best; {@code status.preflight} says where that is and why. */
        Auto,
        /** On the machine itself: in the installer, into the store of its disks. */
        Target
    }
}
