package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a decision on one machine rests on.
 *
 * @param generation of the object
 * @param status as stored
 * @param ended a try that ended since the last stored decision; null: none
 * @param running whether a try (of the operation's step, or a look) runs in this process
 * @param lastLook when this process last saw a look at the settled machine end; null: never. Not from status: a look
 *     that finds nothing new leaves no trace there
 * @param deleting whether the object is being deleted
 * @param claimedBy the {@code namespace/name} of another live object that holds the same machine; null: none
 * @param otherOwnerLives whether the object named by the machine's marker still exists and is not this one; asked only
 *     when {@code ended} saw a foreign marker
 * @param freshOperationId for an operation that is begun now
 */
public record MachineView(
        Instant now,
        MachineId id,
        long generation,
        NixosMachineSpec spec,
        Requests requests,
        Inputs inputs,
        NixosMachineStatus status,
        @Nullable Ended ended,
        boolean running,
        @Nullable Instant lastLook,
        boolean deleting,
        @Nullable String claimedBy,
        boolean otherOwnerLives,
        String freshOperationId) {

    /**
     * What people ask by annotation.
     *
     * @param approvedPlan value of the approve-plan annotation
     * @param reconcileAt value of the reconcile request
     * @param acceptHostKey value of the accept-host-key annotation: a fingerprint
     */
    public record Requests(
            @Nullable String approvedPlan, @Nullable String reconcileAt, @Nullable String acceptHostKey) {
        public static final Requests NONE = new Requests(null, null, null);
    }

    /** What the spec refers to. */
    public sealed interface Inputs {
        /**
         * All there and valid.
         *
         * @param layoutHash of the DiskLayout; null without one
         * @param work digest of what an installation is begun with: layout, disks, disk mode; a change of it before the
         *     format begins the installation anew
         * @param all digest of everything, Secrets' resource versions too: a change of it is a new try after a failure
         */
        record Resolved(@Nullable String layoutHash, String work, String all) implements Inputs {}

        /** Something is missing or wrong. */
        record Unresolved(Reason reason, String message) implements Inputs {}
    }

    /**
     * The end of a try, with what it was a try of: an outcome for anything else is stale.
     *
     * @param inputs {@link Inputs.Resolved#all} of what it worked with; null: what is there now
     */
    public record Ended(Attempt attempt, StepOutcome outcome, @Nullable String inputs) {
        public Ended(Attempt attempt, StepOutcome outcome) {
            this(attempt, outcome, null);
        }
    }
}
