package dev.nixosoperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A layout that machines use is checked once for each version of it, not once for each look at each of them. */
final class LayoutChecks {
    private record Checked(JsonNode devices, LayoutCheck check) {}

    private final Map<ResourceID, Checked> known = new ConcurrentHashMap<>();

    LayoutCheck of(ResourceID layout, JsonNode devices) {
        return Objects.requireNonNull(known.compute(
                        layout,
                        (id, before) -> before != null && before.devices().equals(devices)
                                ? before
                                : new Checked(devices, LayoutCheck.forMachine(devices))))
                .check();
    }

    void forget(ResourceID gone) {
        known.remove(gone);
    }
}
