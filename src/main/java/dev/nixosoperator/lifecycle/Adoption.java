package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.util.List;

/** What is remembered of an installation that was not this object's work. */
final class Adoption {
    private Adoption() {}

    /** @param phases that the spec asks for, and that thus need not be done again */
    static InstallRecord of(Marker marker, List<Install.Phase> phases) {
        return new InstallRecord(
                marker.operation(),
                Timestamp.parse(marker.time()),
                marker.layoutHash(),
                marker.planHash(),
                marker.reinstallToken(),
                marker.toplevel(),
                marker.builtFrom(),
                phases,
                true,
                null,
                List.of());
    }

    /**
     * Of a NixOS that carries no marker of ours. With all phases and the present token, so that nothing that the spec
     * says already is a wish to have it installed.
     */
    static InstallRecord unmarked(MachineView view, Situation seen) {
        return new InstallRecord(
                view.freshOperationId(),
                Timestamp.of(view.now()),
                null,
                null,
                view.spec().install().reinstallToken(),
                seen.currentSystem(),
                null,
                List.of(Install.Phase.values()),
                true,
                null,
                List.of());
    }
}
