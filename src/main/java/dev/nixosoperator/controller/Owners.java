package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the object that a machine's marker names still lives. */
final class Owners {
    private final KubernetesClient client;

    Owners(KubernetesClient client) {
        this.client = client;
    }

    /** @param ended may have seen a marker of another object; asked at the API server, for the cache may not reach there */
    boolean otherLives(MachineId self, MachineView.@Nullable Ended ended) {
        Situation seen = ended == null ? null : situation(ended.outcome());
        return seen != null
                && Stream.of(seen.runMarker(), seen.diskMarker())
                        .flatMap(Stream::ofNullable)
                        .filter(marker -> !marker.isOf(self) && !marker.names(self))
                        .anyMatch(this::lives);
    }

    /** In doubt it does: then nothing is touched. */
    private boolean lives(Marker marker) {
        try {
            return client.resources(NixosMachine.class)
                            .inNamespace(marker.namespace())
                            .withName(marker.name())
                            .get()
                    != null;
        } catch (KubernetesClientException unknown) {
            return true;
        }
    }

    private static @Nullable Situation situation(StepOutcome outcome) {
        StepOutcome.Seen seen =
                switch (outcome) {
                    case StepOutcome.Done done -> done.seen();
                    case StepOutcome.Elsewhere elsewhere -> elsewhere.seen();
                    case StepOutcome.Failed failed -> failed.seen();
                    case StepOutcome.Cancelled cancelled -> null;
                };
        return seen == null ? null : seen.situation();
    }
}
