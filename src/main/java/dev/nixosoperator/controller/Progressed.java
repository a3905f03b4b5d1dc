package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An operation with what its running try says of itself, at most every 15 seconds a machine. */
final class Progressed {
    static final Duration RARELY = Duration.ofSeconds(15);

    private Progressed() {}

    static Operation of(Instant now, Course course, Operation operation, StepOutcome.@Nullable Progress progress) {
        String position = course.position(operation.step());
        if (progress == null || progress.step() != operation.step() || isTooSoon(now, operation)) {
            return with(operation, text(position, operation.percent()));
        }
        boolean same = Objects.equals(progress.percent(), operation.percent())
                && Objects.equals(progress.bytes(), operation.bytes())
                && Objects.equals(progress.message(), operation.message());
        return same
                ? with(operation, text(position, operation.percent()))
                : with(operation, text(position, progress.percent()), progress, Timestamp.of(now));
    }

    private static boolean isTooSoon(Instant now, Operation operation) {
        Timestamp last = operation.lastProgressAt();
        return last != null && last.instant().plus(RARELY).isAfter(now);
    }

    /** {@code 8/12 63%}. */
    private static String text(String position, @Nullable Integer percent) {
        return percent == null ? position : position + " " + percent + "%";
    }

    private static Operation with(Operation from, String text) {
        return copy(from, text, from.percent(), from.bytes(), from.message(), from.lastProgressAt());
    }

    private static Operation with(Operation from, String text, StepOutcome.Progress progress, Timestamp at) {
        return copy(from, text, progress.percent(), progress.bytes(), progress.message(), at);
    }

    private static Operation copy(
            Operation from,
            String text,
            @Nullable Integer percent,
            @Nullable Long bytes,
            @Nullable String message,
            @Nullable Timestamp lastProgressAt) {
        return new Operation(
                from.id(),
                from.kind(),
                from.step(),
                text,
                percent,
                bytes,
                message,
                from.attempt(),
                from.inputs(),
                from.toplevel(),
                from.startedAt(),
                from.activeSince(),
                from.stepStartedAt(),
                lastProgressAt,
                from.deadline(),
                from.intent());
    }
}
