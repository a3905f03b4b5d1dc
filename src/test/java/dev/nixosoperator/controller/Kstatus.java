package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import java.util.Objects;

/**
 * How Flux, Argo CD's users and kubectl plugins read a status: the algorithm of <a
 * href="https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md">kstatus</a> for custom resources.
 */
enum Kstatus {
    CURRENT,
    IN_PROGRESS,
    FAILED;

    static Kstatus of(long generation, NixosMachineStatus status) {
        if (status.observedGeneration() != null && status.observedGeneration() != generation) {
            return IN_PROGRESS;
        }
        for (Condition condition : status.conditions()) {
            if (condition.type().equals("Reconciling") && condition.status().equals("True")) {
                return IN_PROGRESS;
            }
            if (condition.type().equals("Stalled") && condition.status().equals("True")) {
                return FAILED;
            }
        }
        Condition ready = Conditions.find(status.conditions(), "Ready");
        return ready == null || Objects.equals(ready.status(), "True") ? CURRENT : IN_PROGRESS;
    }
}
