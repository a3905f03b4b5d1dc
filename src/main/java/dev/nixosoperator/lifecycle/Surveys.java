package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.HistoryEntry;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What comes of a look at a machine that is not installed, and that nothing is done to: a report, or its adoption. */
final class Surveys {
    private Surveys() {}

    /** Under {@code ObserveOnly}. What stands in the way of an installation is told, and no failure. */
    static Memory reported(MachineView view, Memory memory, Seen seen) {
        if (seen.preflight().isEmpty()) {
            return memory; // a look that began under another policy
        }
        List<PreflightFinding> report = Stream.concat(seen.preflight().stream(), ownership(view, memory, seen))
                .toList();
        Memory merged = Sightings.merge(view, memory, seen).withFailure(null).withPreflight(report);
        return merged.withPlan(
                seen.draft() == null
                        ? Plans.unmade(memory.plan())
                        : Plans.made(memory.plan(), null, seen.draft(), report));
    }

    private static Stream<PreflightFinding> ownership(MachineView view, Memory memory, Seen seen) {
        Situation now = seen.situation();
        return now != null && Assessment.of(view, memory, "", now) instanceof Assessment.Refuse refuse
                ? Stream.of(PreflightFinding.failed("Ownership", refuse.reason(), refuse.message()))
                : Stream.empty();
    }

    /** Under {@code UpdateOnly}: a NixOS is taken as it is, with our marker or without. */
    static Memory adopted(MachineView view, Memory memory, Seen seen) {
        Situation now = Objects.requireNonNull(seen.situation());
        Marker marker = now.diskMarker();
        if (marker != null && Assessment.isForeign(view, marker)) {
            Assessment.Refuse refuse = Assessment.claimed(marker);
            return memory.withFailure(Failures.lasting(view, refuse.reason(), Step.Observe, refuse.message()));
        }
        if (now.running() != Situation.Running.NIXOS) {
            return Sightings.merge(view, memory, seen).withFailure(notInstalled(view, now));
        }
        InstallRecord record = marker != null && marker.state() == Marker.State.INSTALLED
                ? Adoption.of(marker, List.of(Install.Phase.values()))
                : Adoption.unmarked(view, now);
        Timestamp at = Timestamp.of(view.now());
        return Sightings.merge(view, memory, seen)
                .withFailure(null)
                .withPreflight(List.of())
                .withInstall(record)
                .remember(new HistoryEntry(record.id(), "Adopt", "Adopted", at, at, null));
    }

    private static Failure notInstalled(MachineView view, Situation now) {
        String message =
                "the machine runs %s, and spec.managementPolicy UpdateOnly installs nothing; install NixOS on it by other means, or set Managed to have it installed under the rules of the plan"
                        .formatted(Sightings.name(now));
        return Failures.lasting(view, Reason.NotInstalled, Step.Observe, message);
    }
}
