package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The installation that the machine runs.
 *
 * @param id of the operation
 * @param builtFrom the flake that the system was built from; absent: it was built already, or nobody knows
 * @param phases that were carried out
 * @param adopted found installed, not installed by this object
 * @param seconds how long it took
 * @param drift how the disks differ from the layout now, each with its path
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record InstallRecord(
        String id,
        Timestamp time,
        @Nullable String layoutHash,
        @Nullable String planHash,
        @Nullable String reinstallToken,
        @Nullable String toplevel,
        @Nullable FlakeSource builtFrom,
        List<Install.Phase> phases,
        boolean adopted,
        @Nullable Long seconds,
        List<String> drift) {
    public InstallRecord {
        drift = Lists.orEmpty(drift);
        phases = Lists.orEmpty(phases);
    }

    public InstallRecord withLayout(@Nullable String hash) {
        return new InstallRecord(
                id, time, hash, planHash, reinstallToken, toplevel, builtFrom, phases, adopted, seconds, drift);
    }

    public InstallRecord withDrift(List<String> differences) {
        return new InstallRecord(
                id,
                time,
                layoutHash,
                planHash,
                reinstallToken,
                toplevel,
                builtFrom,
                phases,
                adopted,
                seconds,
                differences);
    }
}
