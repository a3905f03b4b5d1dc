package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a machine. The machine itself is the proof of what was done to it; this is a cache of it, and a lost
 * one must never lead to a second format.
 *
 * @param observedGeneration last generation that became ready or stalled
 * @param phase one word for people; nothing decides on it
 * @param lastSeenTime last time the machine answered
 * @param lastHandledReconcileAt echo of the reconcile request annotation
 * @param preflight what was checked before anything changes, and what came of it; gone once the machine is installed
 * @param history the last operations, newest first
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NixosMachineStatus(
        @Nullable Long observedGeneration,
        @Nullable String phase,
        @Nullable Timestamp lastSeenTime,
        @Nullable String lastHandledReconcileAt,
        List<Condition> conditions,
        @Nullable Facts facts,
        @Nullable Identity identity,
        @Nullable Operation operation,
        @Nullable MachinePlan plan,
        @Nullable InstallRecord install,
        @Nullable SystemState system,
        @Nullable Failure failure,
        List<PreflightFinding> preflight,
        List<HistoryEntry> history) {
    public static final NixosMachineStatus EMPTY = new NixosMachineStatus(
            null, null, null, null, List.of(), null, null, null, null, null, null, null, List.of(), List.of());

    public NixosMachineStatus {
        conditions = Lists.orEmpty(conditions);
        preflight = Lists.orEmpty(preflight);
        history = Lists.orEmpty(history);
    }

    /** The same, seen at another time. */
    public NixosMachineStatus seenAt(@Nullable Timestamp time) {
        return new NixosMachineStatus(
                observedGeneration,
                phase,
                time,
                lastHandledReconcileAt,
                conditions,
                facts,
                identity,
                operation,
                plan,
                install,
                system,
                failure,
                preflight,
                history);
    }
}
