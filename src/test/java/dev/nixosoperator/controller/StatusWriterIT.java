package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.ops.Meters;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the operator relies on when it writes, and what it does not read. */
@ExtendWith(KubernetesApiExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusWriterIT {
    private final KubernetesApi api;
    private final String namespace;
    private final KubernetesClient client;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StatusWriter writer;

    StatusWriterIT(KubernetesApi api) {
        this.api = api;
        this.namespace = api.namespace();
        this.client = new KubernetesClientBuilder()
                .withConfig(api.client().getConfiguration())
                .withKubernetesSerialization(LenientJson.serialization())
                .build();
        this.writer = new StatusWriter(client, new Meters(registry));
    }

    @BeforeAll
    void prepare() {
        api.kubectl("apply", "-f", "crds/nixosmachines.nixos-operator.dev.yaml");
        api.awaitCrd("nixosmachines");
        api.kubectl("apply", "-n", namespace, "-f", "config/samples/05-stop-before-reboot.yaml", "--validate=false");
    }

    private NixosMachine read() {
        return client.resources(NixosMachine.class)
                .inNamespace(namespace)
                .withName("lab-1")
                .get();
    }

    private static NixosMachineStatus phase(String phase) {
        NixosMachineStatus none = NixosMachineStatus.EMPTY;
        return new NixosMachineStatus(
                none.observedGeneration(),
                phase,
                none.lastSeenTime(),
                none.lastHandledReconcileAt(),
                List.of(),
                none.facts(),
                none.identity(),
                none.operation(),
                none.plan(),
                none.install(),
                none.system(),
                none.failure(),
                List.of(),
                List.of());
    }

    @Test
    void writesOverNothingThatItHasNotSeen() throws StatusWriter.ConflictException {
        double written = writes("written");
        double conflicts = writes("conflict");
        NixosMachine read = read();
        NixosMachine first = writer.write(read, phase("Copy"));
        assertThat(first.getStatus()).isEqualTo(phase("Copy"));
        assertThat(first.getSpec()).isEqualTo(read.getSpec());
        assertThatThrownBy(() -> writer.write(read, phase("Disks"))).isInstanceOf(StatusWriter.ConflictException.class);
        assertThat(read().getStatus()).isEqualTo(phase("Copy"));

        NixosMachine again = writer.write(first, phase("Copy"));
        assertThat(again.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
        assertThat(writes("written")).isEqualTo(written + 1);
        assertThat(writes("conflict")).isEqualTo(conflicts + 1);
    }

    /** A machine that is looked at again and again, and prints what no status may hold. */
    @Test
    void whenAMachineWasSeenIsNoNews() throws StatusWriter.ConflictException {
        NixosMachine first =
                writer.write(read(), phase("Ready \u0007").seenAt(Timestamp.parse("2026-01-01T00:00:00Z")));
        NixosMachine again = writer.write(first, phase("Ready \u0007").seenAt(Timestamp.parse("2026-01-01T00:01:00Z")));
        assertThat(again).isSameAs(first);
        assertThat(writer.write(first, phase("Reboot")).getStatus()).isEqualTo(phase("Reboot"));
    }

    /** What the reconciler does after a conflict, while its cache still shows what was there first. */
    @Test
    void afterAConflictTheCacheIsNotBelieved() throws StatusWriter.ConflictException {
        NixosMachine cached = read();
        Freshest<NixosMachine> freshest = new Freshest<>();
        NixosMachine own = writer.write(cached, phase("Gate"));
        freshest.learned(own);
        api.kubectl("annotate", "nixosmachine", "lab-1", "-n", namespace, "by=another", "--overwrite");

        assertThatThrownBy(() -> writer.write(freshest.of(cached), phase("Disks")))
                .isInstanceOf(StatusWriter.ConflictException.class);
        freshest.learned(Objects.requireNonNull(writer.newest(cached)));
        assertThat(freshest.of(cached)).satisfies(now -> {
            assertThat(now.getStatus()).isEqualTo(phase("Gate"));
            assertThat(now.getMetadata().getAnnotations()).containsEntry("by", "another");
        });
        writer.confirm(freshest.of(cached));
        for (NixosMachine old : List.of(cached, own)) {
            assertThatThrownBy(() -> writer.confirm(old)).isInstanceOf(StatusWriter.ConflictException.class);
        }
    }

    private double writes(String result) {
        return registry.counter("nixos_operator_status_writes", "kind", "NixosMachine", "result", result)
                .count();
    }

    @Test
    void whatIsWatchedHasNoContent() {
        try (MetadataOnly metadata = new MetadataOnly(client)) {
            assertThat(metadata.list("Secret", namespace)).isEmpty();
        }
        api.kubectl("create", "secret", "generic", "hidden", "-n", namespace, "--from-literal=key=value");
        try (MetadataOnly metadata = new MetadataOnly(client)) {
            assertThat(metadata.list("Secret", namespace)).singleElement().satisfies(secret -> {
                assertThat(secret.getMetadata().getName()).isEqualTo("hidden");
                assertThat(secret.getMetadata().getResourceVersion()).isNotEmpty();
                assertThat(secret.getAdditionalProperties()).isEmpty();
            });
        }
    }
}
