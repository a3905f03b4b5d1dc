package dev.nixosoperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Layout;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator makes of {@code spec.devices} of a layout.
 *
 * @param layout null exactly when there is a problem
 * @param problem the first few findings
 * @param summary a line a mount point
 */
record LayoutCheck(@Nullable Layout layout, String problem, List<String> summary) {
    private static final int SHOWN = 5;

    static LayoutCheck of(JsonNode devices) {
        return of(Layout.parse(devices));
    }

    static LayoutCheck forMachine(JsonNode devices) {
        return of(Layout.parseForMachine(devices));
    }

    private static LayoutCheck of(Layout.Parsed parsed) {
        Layout layout = parsed.layout();
        return layout == null
                ? new LayoutCheck(null, joined(parsed.findings()), List.of())
                : new LayoutCheck(layout, "", layout.mountPoints());
    }

    /** Stored under another schema: nothing in it can be understood. */
    static LayoutCheck unreadable() {
        return new LayoutCheck(null, "spec.devices: missing", List.of());
    }

    /** Null when there is a problem. */
    @Nullable
    String hash() {
        return layout == null ? null : layout.hash();
    }

    private static String joined(List<Finding> findings) {
        String first = findings.stream().limit(SHOWN).map(Finding::toString).collect(Collectors.joining("; "));
        int more = findings.size() - SHOWN;
        return more > 0 ? first + "; and %d more".formatted(more) : first;
    }
}
