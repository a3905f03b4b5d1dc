package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will happen to which disk: what a person approves.
 *
 * @param hash of everything that matters; an approval names it
 * @param spent how many formats were begun for this object before this plan: an approval is good for one format, so it
 *     goes into the hash
 * @param interrupted a format was begun and its end was never seen, or it failed: only a person may approve
 * @param approved whether it may be carried out
 * @param approvalRequired why a person must approve; absent when nobody must
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MachinePlan(
        String hash,
        int spent,
        boolean interrupted,
        boolean approved,
        @Nullable String approvalRequired,
        List<PlannedDisk> disks,
        List<String> warnings) {
    public MachinePlan {
        disks = Lists.orEmpty(disks);
        warnings = Lists.orEmpty(warnings);
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
