package dev.nixosoperator.disk;

import java.util.Set;
import java.util.stream.Stream;

/** A device that is part of something that stands elsewhere in the layout and is told by its name, as with disko. */
sealed interface Member extends Content permits Bcachefs, LvmPv, Mdraid, Zfs {
    /** Map of {@code spec.devices} in which the owner stands. */
    String map();

    /** Name of the owner. */
    String owner();

    /** For the owner alone. */
    @Override
    default Stream<String> leavesRaw(On on) {
        return Stream.of(on.path());
    }

    @Override
    default Set<String> tools() {
        return Set.of();
    }
}
