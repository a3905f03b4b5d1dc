package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.Course;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operation with what its running try says of itself, at most every 15 seconds a machine; a place in the queue at most
 * every minute. That it waits, or works again, is told at once.
 */
final class Progressed {
    static final Duration RARELY = Duration.ofSeconds(15);
    static final Duration QUEUED_RARELY = Duration.ofMinutes(1);

    private Progressed() {}

    static Operation of(Instant now, Course course, Operation operation, Standing standing) {
        String position = course.position(operation.step());
        boolean queued = Standing.Queued.said(operation.message());
        return switch (standing) {
            case Standing.Queued waits ->
                queued && isTooSoon(now, operation, QUEUED_RARELY)
                        ? with(operation, text(position, operation.percent()))
                        : said(now, position, operation, operation.percent(), operation.bytes(), waits.message());
            case Standing.Works(var progress)
            when progress == null || progress.step() != operation.step() ->
                queued
                        ? copy(
                                operation,
                                text(position, operation.percent()),
                                operation.percent(),
                                operation.bytes(),
                                null,
                                null)
                        : with(operation, text(position, operation.percent()));
            case Standing.Works(var progress) ->
                !queued && isTooSoon(now, operation, RARELY)
                        ? with(operation, text(position, operation.percent()))
                        : said(now, position, operation, progress.percent(), progress.bytes(), progress.message());
        };
    }

    private static Operation said(
            Instant now,
            String position,
            Operation operation,
            @Nullable Integer percent,
            @Nullable Long bytes,
            String message) {
        boolean same = Objects.equals(percent, operation.percent())
                && Objects.equals(bytes, operation.bytes())
                && Objects.equals(message, operation.message());
        return same
                ? with(operation, text(position, percent))
                : copy(operation, text(position, percent), percent, bytes, message, Timestamp.of(now));
    }

    private static boolean isTooSoon(Instant now, Operation operation, Duration rarely) {
        Timestamp last = operation.lastProgressAt();
        return last != null && last.instant().plus(rarely).isAfter(now);
    }

    /** {@code 8/12 63%}. */
    private static String text(String position, @Nullable Integer percent) {
        return percent == null ? position : position + " " + percent + "%";
    }

    private static Operation with(Operation from, String text) {
        return copy(from, text, from.percent(), from.bytes(), from.message(), from.lastProgressAt());
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
                from.builtFrom(),
                from.startedAt(),
                from.activeSince(),
                from.stepStartedAt(),
                lastProgressAt,
                from.deadline(),
                from.foundIn(),
                from.intent());
    }
}
