package dev.nixosoperator.bench;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What a write to the API server costs in the same minute: ten small ones a second, one at a time. */
public final class BareWrites implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Duration> times = new ConcurrentLinkedQueue<>();
    private final KubernetesClient client;
    private final ConfigMap map;

    public BareWrites(KubernetesClient client, String namespace) {
        this.client = client;
        this.map = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withGenerateName("bare-")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(this::write, 0, 100, TimeUnit.MILLISECONDS);
    }

    private void write() {
        long began = System.nanoTime();
        client.resource(new ConfigMapBuilder(map)
                        .editMetadata()
                        .withResourceVersion(null)
                        .endMetadata()
                        .addToData("time", Long.toString(began))
                        .build())
                .update();
        times.add(Duration.ofNanos(System.nanoTime() - began));
    }

    /** Their count, and the share of those that took less than 100 ms. */
    public String told() {
        long fast = times.stream().filter(time -> time.toMillis() < 100).count();
        return "%d, %.2f %% below 100 ms".formatted(times.size(), 100.0 * fast / times.size());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
