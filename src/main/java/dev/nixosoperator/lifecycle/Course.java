package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Step;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of an installation in their order, for what the spec asks ({@code install.phases}). */
public record Course(List<Step> steps) {
    /** Resolving and connecting come before the first step; people count them. */
    private static final int BEFORE = 2;

    private static final Set<Step> BRINGING = Set.of(Step.Copy, Step.Build);

    public static Course of(NixosMachineSpec spec) {
        Set<Install.Phase> phases = Set.copyOf(spec.install().phases());
        return new Course(List.of(Step.values()).stream()
                .filter(step -> isPart(step, phases, spec.install().kexec().mode()))
                .filter(step -> !BRINGING.contains(step) || step == Wanted.bringing(spec.system()))
                .toList());
    }

    private static boolean isPart(Step step, Set<Install.Phase> phases, Install.Kexec.Mode kexec) {
        return switch (step) {
            case Preflight -> true;
            case Plan, Gate, Disks -> phases.contains(Install.Phase.Disks);
            case Kexec -> phases.contains(Install.Phase.Kexec) && kexec != Install.Kexec.Mode.Never;
            case Copy, Build, Files, Install -> phases.contains(Install.Phase.Install);
            case Reboot, Verify -> phases.contains(Install.Phase.Reboot);
            case Observe -> false;
        };
    }

    /** The step after {@code step}, also when that one is not part of this course; null: it was the last. */
    public @Nullable Step after(Step step) {
        return steps.stream()
                .filter(later -> later.compareTo(step) > 0)
                .findFirst()
                .orElse(null);
    }

    public boolean has(Step step) {
        return steps.contains(step);
    }

    /** For people: which of how many, {@code 8/12}. */
    public String position(Step step) {
        return (steps.indexOf(step) + 1 + BEFORE) + "/" + (steps.size() + BEFORE);
    }
}
