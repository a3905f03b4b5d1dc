package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Step;

/** One try of one step of one operation. */
public record Attempt(String operation, Step step, int number) {
    /** A look at a settled machine; belongs to no operation. */
    public static final Attempt LOOK = new Attempt("look", Step.Observe, 1);

    public static Attempt of(Operation operation) {
        return new Attempt(operation.id(), operation.step(), operation.attempt());
    }
}
