package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.HistoryEntry;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.SystemState;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.util.List;
import java.util.stream.Stream;
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
        List<PreflightFinding> preflight,
        @Nullable Timestamp lastSeen,
        @Nullable String handledRequest,
        List<HistoryEntry> history) {
    private static final int HISTORY = 10;

    public static Memory of(NixosMachineStatus status) {
        return new Memory(
                status.facts(),
                status.identity(),
                status.operation(),
                status.plan(),
                status.install(),
                status.system(),
                status.failure(),
                status.preflight(),
                status.lastSeenTime(),
                status.lastHandledReconcileAt(),
                status.history());
    }

    Memory withFacts(@Nullable Facts value) {
        return new Memory(
                value,
                identity,
                operation,
                plan,
                install,
                system,
                failure,
                preflight,
                lastSeen,
                handledRequest,
                history);
    }

    Memory withIdentity(Identity value) {
        return new Memory(
                facts, value, operation, plan, install, system, failure, preflight, lastSeen, handledRequest, history);
    }

    Memory withOperation(@Nullable Operation value) {
        return new Memory(
                facts, identity, value, plan, install, system, failure, preflight, lastSeen, handledRequest, history);
    }

    Memory withPlan(@Nullable MachinePlan value) {
        return new Memory(
                facts,
                identity,
                operation,
                value,
                install,
                system,
                failure,
                preflight,
                lastSeen,
                handledRequest,
                history);
    }

    Memory withInstall(InstallRecord value) {
        return new Memory(
                facts, identity, operation, plan, value, system, failure, preflight, lastSeen, handledRequest, history);
    }

    Memory withSystem(SystemState value) {
        return new Memory(
                facts,
                identity,
                operation,
                plan,
                install,
                value,
                failure,
                preflight,
                lastSeen,
                handledRequest,
                history);
    }

    Memory withFailure(@Nullable Failure value) {
        return new Memory(
                facts, identity, operation, plan, install, system, value, preflight, lastSeen, handledRequest, history);
    }

    Memory withPreflight(List<PreflightFinding> value) {
        return new Memory(
                facts, identity, operation, plan, install, system, failure, value, lastSeen, handledRequest, history);
    }

    Memory withLastSeen(Timestamp value) {
        return new Memory(
                facts, identity, operation, plan, install, system, failure, preflight, value, handledRequest, history);
    }

    Memory withHandledRequest(@Nullable String value) {
        return new Memory(
                facts, identity, operation, plan, install, system, failure, preflight, lastSeen, value, history);
    }

    Memory remember(HistoryEntry entry) {
        List<HistoryEntry> latest =
                Stream.concat(Stream.of(entry), history.stream()).limit(HISTORY).toList();
        return new Memory(
                facts,
                identity,
                operation,
                plan,
                install,
                system,
                failure,
                preflight,
                lastSeen,
                handledRequest,
                latest);
    }
}
