package dev.nixosoperator.controller;

import dev.nixosoperator.ops.Meters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;

/** The reconcilers with what they share, and how JOSDK calls them. */
public final class Controllers implements AutoCloseable {
    private final MetadataOnly metadata;
    private final EventRecorder events;
    private final MachineReconciler machines;
    private final LayoutReconciler layouts;

    public Controllers(KubernetesClient client, StepLauncher launcher, Meters meters, InstantSource clock) {
        this.metadata = new MetadataOnly(client);
        this.events = new EventRecorder(client, clock, meters);
        StatusWriter writer = new StatusWriter(client, meters);
        this.machines =
                new MachineReconciler(new MachineSources(client, metadata), launcher, writer, events, meters, clock);
        this.layouts = new LayoutReconciler(client, writer, events, clock);
    }

    /** @param namespaces none: all */
    public void registerWith(Operator operator, Set<String> namespaces) {
        operator.register(machines, configuration -> configure(configuration, namespaces));
        operator.register(layouts, configuration -> configure(configuration, namespaces));
    }

    private static <T extends HasMetadata> void configure(
            ControllerConfigurationOverrider<T> configuration, Set<String> namespaces) {
        if (!namespaces.isEmpty()) {
            configuration.settingNamespaces(namespaces);
        }
        configuration
                // Annotations are requests; the default filter would drop them, as they are no new generation.
                .withGenerationAware(false)
                .withOnUpdateFilter(Controllers::isMoreThanStatus)
                // Exceptions of a reconciliation are bugs or the API server: never given up, and when the API server is
                // back
                // nobody waits for longer than a minute.
                .withRetry(new GenericRetry()
                        .setInitialInterval(5_000)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(60_000)
                        .withoutMaxAttempts())
                .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), 20))
                .withReconciliationMaxInterval(Duration.ofHours(1));
    }

    /** Our own status writes are no news. */
    private static boolean isMoreThanStatus(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        now.getMetadata().getAnnotations(), before.getMetadata().getAnnotations())
                || !Objects.equals(
                        now.getMetadata().getFinalizers(), before.getMetadata().getFinalizers())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp());
    }

    @Override
    public void close() {
        events.close();
        metadata.close();
    }
}
