package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.lifecycle.MachineView;
import java.util.Map;
import java.util.Objects;

/** What people ask by annotation. */
final class Requested {
    private Requested() {}

    static MachineView.Requests by(NixosMachine machine) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(machine.getMetadata().getAnnotations(), Map.of());
        String ours = annotations.get(Api.RECONCILE_REQUESTED_AT);
        String flux = annotations.get(Api.FLUX_REQUESTED_AT);
        // both may be there: a change of either is a request
        String request = ours == null ? flux : flux == null ? ours : ours + " " + flux;
        return new MachineView.Requests(annotations.get(Api.APPROVE_PLAN), request);
    }
}
