package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Operation.Intent;
import org.jspecify.annotations.Nullable;

/**
 * May the disks be formatted now? The one rule that stands between a machine and a second format; asked by the step
 * right before it starts the job, on what the machine says at that moment.
 */
public enum FormatDecision {
    /** Nothing was begun: start the job of the acknowledged intent. */
    START,
    /** The job of this operation runs or has ended in this boot: watch it. */
    ATTACH,
    /** The machine restarted since the intent: mount what is there and look for our marker; never format. */
    TRY_MOUNT,
    /** Done and mounted. */
    DONE,
    /** No acknowledged intent, or it is for something else: nothing may be written. */
    REFUSE,
    /** The disks carry the marker of another machine object. */
    FOREIGN;

    /**
     * @param intent as the API server acknowledged it; null: none
     * @param operation the operation that asks
     * @param planHash {@link PlanHash#approved} of the plan as recomputed in this moment; null where the disks no longer match a plan, or its approval was taken back
     * @param jobKnown whether the machine has a job directory of this operation's Disks step
     */
    public static FormatDecision decide(
            MachineId machine,
            String operation,
            @Nullable Intent intent,
            Situation now,
            @Nullable String planHash,
            boolean jobKnown) {
        Marker onDisk = now.diskMarker();
        if (!now.isInstaller() || intent == null) {
            return REFUSE;
        }
        if (onDisk != null && onDisk.operation().equals(operation) && onDisk.state() != Marker.State.FORMAT_STARTED) {
            return now.mounted() ? DONE : TRY_MOUNT;
        }
        if (jobKnown) {
            return ATTACH;
        }
        Marker run = now.runMarker();
        if (run != null && run.operation().equals(operation)) {
            return TRY_MOUNT;
        }
        if (!intent.bootId().equals(now.bootId())) {
            return TRY_MOUNT;
        }
        if (!intent.planHash().equals(planHash)) {
            return REFUSE;
        }
        if (onDisk != null && !onDisk.names(machine) && !onDisk.operation().equals(intent.overwrites())) {
            return FOREIGN;
        }
        return START;
    }
}
