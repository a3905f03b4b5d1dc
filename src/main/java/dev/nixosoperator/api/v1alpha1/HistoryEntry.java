package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** An operation that ended. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HistoryEntry(
        String id, String kind, String result, Timestamp startedAt, Timestamp endedAt, @Nullable String message) {}
