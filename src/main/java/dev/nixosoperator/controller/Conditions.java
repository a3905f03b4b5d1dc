package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** New conditions in the making: one whose status stays the same keeps the time of its last transition. */
final class Conditions {
    private final List<Condition> before;
    private final List<Condition> now = new ArrayList<>();
    private final Timestamp time;
    private final long generation;

    Conditions(List<Condition> before, Instant now, long generation) {
        this.before = before;
        this.time = Timestamp.of(now);
        this.generation = generation;
    }

    void set(String type, String status, String reason, String message) {
        Condition old = find(before, type);
        Timestamp since = old != null && old.status().equals(status) ? old.lastTransitionTime() : time;
        now.add(new Condition(type, status, reason, message, since, generation));
    }

    void setTrue(String type, String reason, String message) {
        set(type, Condition.TRUE, reason, message);
    }

    void setFalse(String type, String reason, String message) {
        set(type, Condition.FALSE, reason, message);
    }

    /** As it was, if it was there. */
    void keep(Condition condition) {
        now.add(condition);
    }

    List<Condition> list() {
        return List.copyOf(now);
    }

    static @Nullable Condition find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.type()))
                .findFirst()
                .orElse(null);
    }

    static boolean isTrue(List<Condition> conditions, String type) {
        Condition condition = find(conditions, type);
        return condition != null && Condition.TRUE.equals(condition.status());
    }
}
