package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.HistoryEntry;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.SystemState;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of status that decisions rest on: read from the stored status, changed by a decision, stored again. */
public record Memory(
        @Nullable Facts facts,
        @Nullable Identity identity,
        @Nullable Operation operation,
        @Nullable MachinePlan plan,
        @Nullable InstallRecord install,
        @Nullable SystemState system,
        @Nullable Failure failure,
        @Nullable Timestamp lastSeen,
        @Nullable String handledRequest,
        List<HistoryEntry> history) {

    public static Memory of(NixosMachineStatus status) {
        return new Memory(
                status.facts(),
                status.identity(),
                status.operation(),
                status.plan(),
                status.install(),
                status.system(),
                status.failure(),
                status.lastSeenTime(),
                status.lastHandledReconcileAt(),
                status.history());
    }
}
