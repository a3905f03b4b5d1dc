package dev.nixosoperator.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the operator counts. Labels are machine words from fixed sets: never a host, a name or a message. */
public final class Meters {
    private final MeterRegistry registry;
    private final Timer reconciles;
    private final Map<String, String> phases = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public Meters(MeterRegistry registry) {
        this.registry = registry;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        this.reconciles = Timer.builder("nixos_operator_reconcile")
                .description("Time of one reconciliation, without the work on the machine")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5))
                .register(registry);
    }

    public void reconciled(Duration time) {
        reconciles.record(time);
    }

    /** Time of a try of a step, with {@code result} done, elsewhere, failed or cancelled. */
    public void stepEnded(String step, String result, Duration time) {
        Timer.builder("nixos_operator_step")
                .description("Time of one try of a step")
                .tag("step", step)
                .tag("result", result)
                .register(registry)
                .record(time);
    }

    public void failed(String reason) {
        registry.counter("nixos_operator_failures", "reason", reason).increment();
    }

    /** With {@code result} CONNECTED or the reason why not. */
    public void connected(String result) {
        registry.counter("nixos_operator_ssh_connects", "result", result).increment();
    }

    /** With {@code result} written, conflict or error. */
    public void statusWritten(String kind, String result) {
        registry.counter("nixos_operator_status_writes", "kind", kind, "result", result)
                .increment();
    }

    /** An event that came faster than the API server takes them. */
    public void eventDropped() {
        registry.counter("nixos_operator_events_dropped").increment();
    }

    /** @param phase null: the machine is gone */
    public void machine(String uid, @Nullable String phase) {
        if (phase == null) {
            phases.remove(uid);
            return;
        }
        phases.put(uid, phase);
        if (known.add(phase)) {
            Gauge.builder("nixos_operator_machines", phases, all -> countOf(all, phase))
                    .description("Machines by phase; AwaitingApproval are those that wait for a person")
                    .tag("phase", phase)
                    .register(registry);
        }
    }

    private static double countOf(Map<String, String> phases, String phase) {
        return phases.values().stream().filter(phase::equals).count();
    }

    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
