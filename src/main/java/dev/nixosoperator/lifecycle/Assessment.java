package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a machine turns out to be when an installation of it begins. With an empty status this is all that stands between
 * a running system and a second format, so whatever is not plainly free stops.
 */
sealed interface Assessment {

    /** A Linux that may be taken over, under the rules of the plan. */
    record Free() implements Assessment {}

    /** It is installed for this object already. */
    record Adopt(Marker marker) implements Assessment {}

    /** Work of this object is under way on it, and status does not know. */
    record TakeOver(Marker marker) implements Assessment {}

    /** It runs the system of this very operation. */
    record Arrived(Marker marker) implements Assessment {}

    /** It must be left alone. */
    record Refuse(Reason reason, String message) implements Assessment {}

    static Assessment of(MachineView view, Memory memory, String operation, Situation seen) {
        Marker marker = seen.runMarker() != null ? seen.runMarker() : seen.diskMarker();
        if (marker != null && isForeign(view, marker)) {
            return claimed(marker);
        }
        return switch (seen.running()) {
            case NIXOS -> nixos(view, memory, operation, marker);
            case INSTALLER, FOREIGN_LINUX -> other(view, memory, marker, seen);
        };
    }

    /** Written for another object that still lives. */
    static boolean isForeign(MachineView view, Marker marker) {
        return !marker.isOf(view.id()) && !marker.names(view.id()) && view.otherOwnerLives();
    }

    static Refuse claimed(Marker marker) {
        return new Refuse(
                Reason.MachineClaimed,
                "this machine belongs to NixosMachine %s/%s; delete that object first, or correct spec.connection.host"
                        .formatted(marker.namespace(), marker.name()));
    }

    private static Assessment nixos(MachineView view, Memory memory, String operation, @Nullable Marker marker) {
        if (marker == null || marker.state() != Marker.State.INSTALLED) {
            return new Refuse(
                    Reason.UnknownGeneration,
                    "the machine runs a NixOS that this operator did not install; nothing is touched. Boot another"
                            + " Linux or the installer on it to have it installed anew");
        }
        if (marker.operation().equals(operation)) {
            return new Arrived(marker);
        }
        return memory.install() == null || !isReinstallAsked(view, marker) ? new Adopt(marker) : new Free();
    }

    /** The machine's own token counts, never that of a status that may be lost or old. */
    private static boolean isReinstallAsked(MachineView view, Marker marker) {
        String token = view.spec().install().reinstallToken();
        return token != null && !token.equals(marker.reinstallToken());
    }

    private static Assessment other(MachineView view, Memory memory, @Nullable Marker marker, Situation seen) {
        if (marker == null || isRemembered(memory, marker)) {
            return new Free();
        }
        if (marker.state() == Marker.State.INSTALLED && seen.runMarker() == null) {
            return new Adopt(marker);
        }
        return marker.names(view.id()) ? new TakeOver(marker) : new Free();
    }

    /** A status that was lost or is an older one does not know of the work that left the marker. */
    private static boolean isRemembered(Memory memory, Marker marker) {
        boolean installed = memory.install() != null
                && marker.operation().equals(memory.install().id());
        return installed
                || memory.history().stream().anyMatch(past -> marker.operation().equals(past.id()));
    }
}
