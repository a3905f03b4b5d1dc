package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;

/** May a plan be carried out? The one rule about approvals. */
final class Approvals {
    private Approvals() {}

    /** For a format that is not promised yet; an approval is good for one. */
    static boolean given(MachineView view, Memory memory, MachinePlan plan) {
        return !plan.begun() && stands(view, memory, plan);
    }

    /** Whether those who may approve the plan do so now, whatever was made of it. */
    static boolean stands(MachineView view, Memory memory, MachinePlan plan) {
        return !HandsOff.applies(view.spec()) && isApproved(view, memory, plan);
    }

    private static boolean isApproved(MachineView view, Memory memory, MachinePlan plan) {
        return switch (need(memory, plan)) {
            case None -> true;
            case ByPolicy -> view.spec().install().wipePolicy() == Install.WipePolicy.Allow || isNamed(view, plan);
            case Always -> isNamed(view, plan);
        };
    }

    /** An interrupted format and an adopted machine always need a person, whatever the disks and the policy say. */
    private static ApprovalNeed need(Memory memory, MachinePlan plan) {
        boolean adopted = memory.install() != null && memory.install().adopted();
        return plan.interrupted() || adopted ? ApprovalNeed.Always : plan.need();
    }

    private static boolean isNamed(MachineView view, MachinePlan plan) {
        return plan.hash().equals(view.spec().install().approvedPlan())
                || plan.hash().equals(view.requests().approvedPlan());
    }
}
