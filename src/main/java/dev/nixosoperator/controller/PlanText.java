package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.MachinePlan;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan as people read it before they approve it. */
final class PlanText {
    private static final double GIB = 1024.0 * 1024 * 1024;

    private PlanText() {}

    static String of(MachinePlan plan) {
        Stream<String> disks = plan.disks().stream().map(PlanText::disk);
        Stream<String> warnings = plan.warnings().stream().map(warning -> "warning: " + warning);
        return Stream.of(Stream.of("plan " + plan.hash()), disks, warnings)
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    private static String disk(MachinePlan.PlannedDisk disk) {
        String serial = disk.serial() == null ? "no serial" : "serial " + disk.serial();
        return "%s = %s (%.1f GiB, %s, %s): holds %s; %s%s"
                .formatted(
                        disk.name(),
                        disk.device(),
                        disk.size() / GIB,
                        disk.model() == null ? "unknown model" : disk.model(),
                        serial,
                        disk.content(),
                        disk.action(),
                        disk.result().isEmpty() ? "" : " -> " + String.join(", ", disk.result()));
    }
}
