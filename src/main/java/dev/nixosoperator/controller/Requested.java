package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.remote.Printable;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What people ask by annotation. */
final class Requested {
    /** A time stamp has 30 characters. */
    private static final int LONGEST = 256;

    private Requested() {}

    static MachineView.Requests by(NixosMachine machine) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(machine.getMetadata().getAnnotations(), Map.of());
        String ours = word(annotations, Api.RECONCILE_REQUESTED_AT);
        String flux = word(annotations, Api.FLUX_REQUESTED_AT);
        // both may be there: a change of either is a request
        String request = ours == null ? flux : flux == null ? ours : ours + " " + flux;
        String accepted = annotations.get(Api.ACCEPT_HOST_KEY);
        return new MachineView.Requests(
                annotations.get(Api.APPROVE_PLAN), request, accepted == null ? null : accepted.strip());
    }

    /** As status can hold it: its echo there is compared with what is asked. */
    private static @Nullable String word(Map<String, String> annotations, String name) {
        String word = Printable.text(annotations.getOrDefault(name, "").strip(), LONGEST);
        return word.isEmpty() ? null : word;
    }
}
