package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Step;

/** Whether a machine was seen in its installed system just now, so that nothing that got it there is needed any more. */
public final class Homecoming {
    private Homecoming() {}

    /**
     * An old record of an installation proves nothing: a machine that is installed again may sit in the installer when
     * its operation is given up, and the way in must stay until it is seen at home.
     */
    public static boolean isSeen(MachineView view, Decision decision) {
        return switch (decision) {
            case Decision.Idle idle -> isAtHome(idle.memory()) && isOfTheInstalled(view);
            case Decision.Look look -> isAtHome(look.memory()) && isOfTheInstalled(view);
            case Decision.Run run -> false;
            case Decision.Wait wait -> false;
            case Decision.Hold hold -> false;
            case Decision.Stop stop -> false;
        };
    }

    private static boolean isAtHome(Memory memory) {
        return memory.operation() == null && memory.failure() == null && HandsOff.isInstalled(memory.install());
    }

    private static boolean isOfTheInstalled(MachineView view) {
        MachineView.Ended ended = view.ended();
        if (ended == null || !(ended.outcome() instanceof StepOutcome.Done done)) {
            return false;
        }
        Situation seen = done.seen().situation();
        Step step = ended.attempt().step();
        return (step == Step.Verify || step == Step.Observe)
                && seen != null
                && seen.running() == Situation.Running.NIXOS;
    }
}
