package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** A time in status, RFC 3339, UTC, whole seconds: finer ones would make equal states look different. */
public record Timestamp(@JsonValue String text) {

    @JsonCreator
    public static Timestamp parse(String text) {
        return new Timestamp(text);
    }

    public static Timestamp of(Instant time) {
        return new Timestamp(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The time, or the epoch for a text that is none (written by another hand). */
    public Instant instant() {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException notOurs) {
            return Instant.EPOCH;
        }
    }

    public boolean isAfter(Instant other) {
        return instant().isAfter(other);
    }

    public Timestamp plus(Duration duration) {
        return of(instant().plus(duration));
    }
}
