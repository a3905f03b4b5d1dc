package dev.nixosoperator.remote;

import java.util.regex.Pattern;

/**
 * Names one job on one machine, for ever: a job that has ended is not run again under the same name, so another attempt
 * needs another step name, such as {@code disks-2}.
 *
 * @param operation letters, digits, dot, dash, underscore; at most 64, the first a letter or digit
 * @param step as operation
 */
public record JobId(String operation, String step) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public JobId {
        if (!NAME.matcher(operation).matches() || !NAME.matcher(step).matches()) {
            throw new IllegalArgumentException("not a job name: " + operation + "/" + step);
        }
    }

    @Override
    public String toString() {
        return operation + "/" + step;
    }
}
