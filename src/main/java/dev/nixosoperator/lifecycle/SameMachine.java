package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Identity;
import org.jspecify.annotations.Nullable;

/** Whether the machine that answered is the one that status remembers: a clone, or what has its address now, may have its host keys, too. */
public final class SameMachine {
    private SameMachine() {}

    /** By the firmware's system UUID, where both are known. */
    public static boolean isOther(@Nullable Identity known, @Nullable Situation seen) {
        return known != null
                && known.dmiUuid() != null
                && seen != null
                && seen.dmiUuid() != null
                && !known.dmiUuid().equalsIgnoreCase(seen.dmiUuid());
    }

    /** The marker on its disk says that it was installed by this operation. */
    public static boolean wasInstalledBy(String operation, Situation seen) {
        Marker marker = seen.diskMarker();
        return marker != null
                && marker.state() == Marker.State.INSTALLED
                && marker.operation().equals(operation);
    }
}
