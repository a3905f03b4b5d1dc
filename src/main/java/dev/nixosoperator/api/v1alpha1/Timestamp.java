package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** A time in status, RFC 3339, UTC, whole seconds: finer ones would make equal states look different. */
public record Timestamp(Instant instant) {
    public Timestamp {
        instant = instant.truncatedTo(ChronoUnit.SECONDS);
    }

    public static Timestamp of(Instant time) {
        return new Timestamp(time);
    }

    /** The time, or the epoch for a text that is none (written by another hand). */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Timestamp parse(String text) {
        try {
            return new Timestamp(Instant.parse(text));
        } catch (DateTimeParseException notOurs) {
            return new Timestamp(Instant.EPOCH);
        }
    }

    @JsonValue
    public String text() {
        return instant.toString();
    }

    public boolean isAfter(Instant other) {
        return instant.isAfter(other);
    }
}
