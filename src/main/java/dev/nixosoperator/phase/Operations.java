package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.nix.StorePath;
import org.jspecify.annotations.Nullable;

/** What the acknowledged status says of the work. */
final class Operations {
    private Operations() {}

    /** Steps but Observe run only for an operation. */
    static Operation of(StepContext context) {
        Operation operation = context.status().operation();
        if (operation == null) {
            throw new IllegalStateException("a step without an operation in the status");
        }
        return operation;
    }

    /** The boot that the operation found; null where it has not looked yet, or a look belongs to no operation. */
    static @Nullable String foundIn(StepContext context) {
        Operation operation = context.status().operation();
        return operation == null ? null : operation.foundIn();
    }

    static StorePath toplevel(StepContext context) {
        String toplevel = of(context).toplevel();
        if (toplevel == null) {
            throw new IllegalStateException("a step after Build without what was built");
        }
        return StorePath.parse(toplevel)
                .orElseThrow(() -> new IllegalStateException("the schema lets no such store path pass: " + toplevel));
    }

    /** What is built; null: the system is a store path. */
    static @Nullable FlakeSource flake(StepContext context) {
        return of(context).builtFrom();
    }

    /** The plan that is carried out. */
    static @Nullable String planHash(StepContext context) {
        Operation.Intent intent = of(context).intent();
        MachinePlan plan = context.status().plan();
        return intent != null ? intent.planHash() : plan == null ? null : plan.hash();
    }
}
