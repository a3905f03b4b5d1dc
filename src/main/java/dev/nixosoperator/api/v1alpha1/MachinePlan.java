package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will happen to which disk: what a person approves.
 *
 * @param hash of everything that matters; an approval names it
 * @param operation the operation it was made for; absent: it must be made anew
 * @param spent how many formats were begun for this object before this plan: an approval is good for one format, so it
 *     goes into the hash
 * @param interrupted a format was begun and its end was never seen, or it failed: only a person may approve
 * @param begun whether a format was begun for it; its approval is spent then
 * @param approved whether it may be carried out
 * @param need who must approve
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MachinePlan(
        String hash,
        @Nullable String operation,
        int spent,
        boolean interrupted,
        boolean begun,
        boolean approved,
        ApprovalNeed need,
        List<PlannedDisk> disks,
        List<String> warnings) {
    public MachinePlan {
        disks = Lists.orEmpty(disks);
        warnings = Lists.orEmpty(warnings);
    }

    /** Who must approve a plan. */
    public enum ApprovalNeed {
        /** Nobody: the disks hold nothing, or nothing is written. */
        None,
        /** A person, unless {@code wipePolicy: Allow}: the disks hold something. */
        ByPolicy,
        /** A person, always: a disk has neither serial nor WWN, or carries the marker of another NixosMachine. */
        Always
    }

    /**
     * One disk of the plan.
     *
     * @param size bytes
     * @param content what is on it now
     * @param action what will be done
     * @param result what will be on it, a line each
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record PlannedDisk(
            String name,
            String device,
            @Nullable String serial,
            @Nullable String wwn,
            long size,
            @Nullable String model,
            String content,
            String action,
            List<String> result) {
        public PlannedDisk {
            result = Lists.orEmpty(result);
        }
    }
}
