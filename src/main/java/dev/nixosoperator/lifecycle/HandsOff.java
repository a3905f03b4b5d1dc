package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Settled;
import org.jspecify.annotations.Nullable;

/**
 * Machines that nothing is done to: under {@code ObserveOnly} they are only looked at, under {@code UpdateOnly} a NixOS
 * that runs is adopted. They have no operation, and without one no step but a look can be started.
 */
public final class HandsOff {
    private HandsOff() {}

    static boolean applies(NixosMachineSpec spec) {
        return spec.managementPolicy() != ManagementPolicy.Managed;
    }

    /** Asked once more right before a step, of the spec that the API server acknowledged. */
    public static boolean permits(NixosMachineSpec spec, Step step) {
        return step == Step.Observe || !applies(spec);
    }

    /** Whether a look is for everything that an installation would look at before it changes something. */
    public static boolean isSurveyed(NixosMachineSpec spec, NixosMachineStatus status) {
        return isSurveyed(spec, status.install());
    }

    static boolean isSurveyed(NixosMachineSpec spec, @Nullable InstallRecord install) {
        return spec.managementPolicy() == ManagementPolicy.ObserveOnly && !isInstalled(install);
    }

    /** A record of some phases only, say of kexec, is none of a system that runs. */
    public static boolean isInstalled(@Nullable InstallRecord install) {
        return install != null && install.phases().contains(Install.Phase.Reboot);
    }

    static Decision decide(MachineView view, Memory memory) {
        Operation operation = memory.operation();
        if (operation == null) {
            return Looks.next(view, memory, standing(view, memory));
        }
        return operation.intent() == null ? left(view, memory) : held(view, memory, operation);
    }

    private static Settled standing(MachineView view, Memory memory) {
        boolean known = isInstalled(memory.install()) || isReported(view, memory);
        if (!known) {
            return Settled.LOOKING;
        }
        return view.spec().managementPolicy() == ManagementPolicy.ObserveOnly ? Settled.OBSERVED : Settled.READY;
    }

    /** What was seen under an older spec is no answer to this one. */
    private static boolean isReported(MachineView view, Memory memory) {
        boolean answered = view.lastLook() != null
                || Long.valueOf(view.generation()).equals(view.status().observedGeneration());
        return isSurveyed(view.spec(), memory.install()) && !memory.preflight().isEmpty() && answered;
    }

    /**
     * Nothing was promised to the disks yet: the operation is given up. A look at once, as that is what ends a try that
     * still runs.
     */
    private static Decision left(MachineView view, Memory memory) {
        MachinePlan plan = memory.plan();
        Memory free =
                memory.withOperation(null).withFailure(null).withPlan(plan == null ? null : Plans.stale(plan, false));
        return new Decision.Look(free, standing(view, free));
    }

    /** A format may have begun: what runs may end, and what is left waits for whoever changed the policy. */
    private static Decision held(MachineView view, Memory memory, Operation operation) {
        String message =
                "spec.managementPolicy became %s after the disks were given over to the installation; it stops before %s. Set it back to Managed to go on"
                        .formatted(view.spec().managementPolicy(), operation.step());
        return new Decision.Hold(memory, Reason.PolicyChanged, message, null);
    }
}
