package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The failure that holds the machine up; absent when there is none.
 *
 * @param kind what helps against it
 * @param count how often in a row
 * @param nextRetry when it is tried again; absent when time does not help
 * @param inputs digest of what it failed with: a change of it is a new try
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Failure(
        Reason.Kind kind,
        Reason reason,
        @Nullable Step step,
        String message,
        int count,
        @Nullable Timestamp nextRetry,
        @Nullable String inputs) {}
