package dev.nixosoperator.lifecycle;

/** Decides what happens next to a machine. */
public final class Lifecycle {
    public Decision decide(MachineView view) {
        return new Decision.Stop(Memory.of(view.status()));
    }
}
