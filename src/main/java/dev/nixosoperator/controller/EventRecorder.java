package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.ops.Meters;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events, beside the reconciliation and without promise: status is the record. An event's name is a
 * digest of what happened to which version of which object, so that the same is told once, also by a second process.
 *
 * <p>Core events, not {@code events.k8s.io}: the latter may hold 1024 bytes only, too few for a plan or a log.
 */
final class EventRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int LONGEST = 8000;
    /** Some for each of a thousand machines that begin together; a few kilobytes each. */
    private static final int QUEUED = 10_000;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final ExecutorService sender;

    EventRecorder(KubernetesClient client, InstantSource clock, Meters meters) {
        this.client = client;
        this.clock = clock;
        this.sender = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED),
                Thread.ofVirtual().name("events").factory(),
                (event, full) -> meters.eventDropped());
    }

    /** @param about as the API server acknowledged it */
    void publish(HasMetadata about, List<Happening> happenings) {
        for (Happening happening : happenings) {
            Event event = event(about, happening);
            sender.execute(() -> send(event));
        }
    }

    private Event event(HasMetadata about, Happening happening) {
        String now = Timestamp.of(clock.instant()).text();
        String message = happening.message();
        String name = about.getMetadata().getName();
        String digest = Sha256.name(
                List.of(about.getMetadata().getUid(), about.getMetadata().getResourceVersion(), happening));
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(about.getMetadata().getNamespace())
                .withName((name.length() > 200 ? name.substring(0, 200) : name) + "." + digest.substring(0, 16))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .endInvolvedObject()
                .withType(happening.warning() ? "Warning" : "Normal")
                .withReason(happening.reason())
                .withMessage(message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("nixos-operator")
                .endSource()
                .build();
    }

    private void send(Event event) {
        try {
            client.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.atWarn()
                        .addKeyValue("namespace", event.getMetadata().getNamespace())
                        .addKeyValue("name", event.getInvolvedObject().getName())
                        .log("event {} not written: HTTP {}", event.getReason(), e.getCode());
            }
        }
    }

    @Override
    public void close() {
        sender.shutdown();
    }
}
