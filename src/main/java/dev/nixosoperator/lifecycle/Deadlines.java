package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.Step;
import java.time.Duration;

/** The longest time of each step; {@code phases.md} of the design, or what the spec says. */
final class Deadlines {
    private Deadlines() {}

    static Duration of(Step step, Install install) {
        return install.stepTimeouts().stream()
                .filter(own -> own.step() == step)
                .map(own -> own.timeout().duration())
                .findFirst()
                .orElseGet(() -> standard(step));
    }

    private static Duration standard(Step step) {
        return switch (step) {
            case Preflight, Plan, Gate, Files, Observe -> Duration.ofMinutes(2);
            case Kexec, Install -> Duration.ofMinutes(10);
            case Disks, Verify -> Duration.ofMinutes(15);
            case Copy -> Duration.ofMinutes(40);
            case Build -> Duration.ofHours(2);
            case Reboot -> Duration.ofMinutes(5);
        };
    }
}
