package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Install.Kexec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of Preflight look at.
 *
 * @param foundIn boot that the operation found; null: this one
 * @param image the kexec archive that it would be given
 * @param imageBytes size of the kexec archive; null where it is not at hand
 */
record Examination(
        MachineId machine,
        NixosMachineSpec spec,
        Situation situation,
        @Nullable String foundIn,
        Reading reading,
        Archives.Source image,
        @Nullable Long imageBytes) {

    /** A machine that is installed already is adopted, and one with a NixOS of somebody else left alone: neither is left by kexec. */
    boolean leavesByKexec() {
        return switch (situation.running()) {
            case INSTALLER ->
                Course.of(spec).has(Step.Kexec)
                        && spec.install().kexec().mode() == Kexec.Mode.Always
                        && (foundIn == null || foundIn.equals(situation.bootId()))
                        && !isInstalled();
            case NIXOS -> Course.of(spec).has(Step.Kexec) && isReinstallAsked();
            case FOREIGN_LINUX -> Course.of(spec).has(Step.Kexec) && !isInstalled();
        };
    }

    private boolean isReinstallAsked() {
        Marker marker = situation.diskMarker();
        return marker != null && marker.state() == Marker.State.INSTALLED && !isInstalled();
    }

    private boolean isInstalled() {
        Marker marker = situation.diskMarker();
        return marker != null
                && marker.state() == Marker.State.INSTALLED
                && (marker.names(machine) || marker.isOf(machine))
                && Objects.equals(marker.reinstallToken(), spec.install().reinstallToken());
    }
}
