package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The work under way; absent when idle.
 *
 * @param id names the work on the machine, too
 * @param step the step that is done now
 * @param progress {@code index/total percent}, for people
 * @param attempt of the step, from 1
 * @param inputs digest of what the operation was begun with (layout, disks, system …)
 * @param toplevel the system that is installed; {@code spec} may have moved on. Absent until it is built
 * @param builtFrom the flake that it is built from; absent: it was built already
 * @param activeSince start of the present stretch of work without waiting for a person; {@code install.timeout} counts
 *     from here
 * @param deadline of the step; later by the time that the try waits for its turn among others
 * @param foundIn boot of the machine when the operation first looked at it; {@code install.kexec.mode: Always} leaves that
 *     boot, and no other
 * @param intent stored, and acknowledged by the API server, before anything is written to a disk
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Operation(
        String id,
        Kind kind,
        Step step,
        @Nullable String progress,
        @Nullable Integer percent,
        @Nullable Long bytes,
        @Nullable String message,
        int attempt,
        @Nullable String inputs,
        @Nullable String toplevel,
        @Nullable FlakeSource builtFrom,
        Timestamp startedAt,
        Timestamp activeSince,
        Timestamp stepStartedAt,
        @Nullable Timestamp lastProgressAt,
        @Nullable Timestamp deadline,
        @Nullable String foundIn,
        @Nullable Intent intent) {

    /** What the work is for. */
    public enum Kind {
        Install
    }

    /**
     * The promise that precedes a write to a disk.
     *
     * @param planHash the plan that is carried out
     * @param bootId boot of the installer in which it is
     * @param overwrites operation of the marker that is on the disks and may go with them; absent: none may
     */
    public record Intent(String planHash, String bootId, Timestamp at, @Nullable String overwrites) {}
}
