package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one check found before anything changes.
 *
 * @param check what was looked at
 * @param result {@code Failed} stops the installation, {@code Warning} does not
 * @param reason why it failed; absent otherwise
 * @param message what was found, and what helps
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PreflightFinding(String check, Result result, @Nullable Reason reason, String message) {

    /** How a check ended. */
    public enum Result {
        Passed,
        Warning,
        Failed
    }

    public static PreflightFinding passed(String check, String message) {
        return new PreflightFinding(check, Result.Passed, null, message);
    }

    public static PreflightFinding warning(String check, String message) {
        return new PreflightFinding(check, Result.Warning, null, message);
    }

    public static PreflightFinding failed(String check, Reason reason, String message) {
        return new PreflightFinding(check, Result.Failed, reason, message);
    }
}
