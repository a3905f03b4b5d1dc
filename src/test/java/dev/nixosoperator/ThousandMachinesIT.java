package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LivingMachine;
import dev.nixosoperator.bench.OperatorProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One operator with half a gigabyte and two processors takes a thousand machines from apply to Ready, and then leaves them
 * alone. What it took is printed; only what may never be otherwise is asserted.
 */
@ExtendWith(KubernetesApiExtension.class)
class ThousandMachinesIT {
    private static final int MACHINES = Integer.getInteger("machines", 1000);
    private static final int RESYNCS = 10;
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    @Test
    void fromApplyToReadyAndThenIdle(KubernetesApi api) throws Exception {
        LivingMachine.Tempo tempo = new LivingMachine.Tempo(Duration.ofMillis(200), Duration.ofMillis(500));
        try (Site site = new Site(api, tempo, "thousand");
                OperatorProcess operator = site.start("operator");
                Peak peak = new Peak(operator)) {
            long began = System.nanoTime();
            long revision = site.revision();
            site.create(Site.names(MACHINES), INTERVAL.toSeconds() + "s");
            await().atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> operator.metric("nixos_operator_machines{phase=\"Ready\"") >= MACHINES);
            site.awaitAllReady(MACHINES, Duration.ofMinutes(1));
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            System.out.printf(
                    "%d machines ready in %d s, %.0f s of CPU; heap at most %d MiB (%d after a collection), RSS at most %d MiB%n",
                    MACHINES,
                    seconds,
                    cpu(operator),
                    peak.heap() >> 20,
                    operator.heapAfterCollection() >> 20,
                    rss(operator) >> 10);
            told(operator, site.revision() - revision);
            assertThat(site.fleet.machines()).hasSize(MACHINES).allSatisfy(machine -> assertThat(machine.formats())
                    .hasSize(1));
            idle(site, operator);
            assertThat(operator.isAlive()).isTrue();
            assertThat(operator.log()).doesNotContain("OutOfMemoryError");
        }
    }

    private static void told(OperatorProcess operator, long revisions) {
        double written = operator.metric("nixos_operator_status_writes_total{kind=\"NixosMachine\",result=\"written\"");
        double conflicts =
                operator.metric("nixos_operator_status_writes_total{kind=\"NixosMachine\",result=\"conflict\"");
        double reconciles = operator.metric("nixos_operator_reconcile_seconds_count");
        System.out.printf(
                "a machine: %.1f reconciliations, %.1f status writes, %.2f conflicts; %.1f writes of any kind,"
                        + " by anyone (events, finalizers, leases of the API server)%n",
                reconciles / MACHINES, written / MACHINES, conflicts / MACHINES, (double) revisions / MACHINES);
        System.out.printf("events: %.0f dropped%n", operator.metric("nixos_operator_events_dropped_total"));
        System.out.printf("99 %% of reconciliations took at most %s s%n", percentile(operator.metrics(), 0.99));
    }

    /** The upper end of the histogram's bucket. */
    private static String percentile(String metrics, double share) {
        String bucket = "nixos_operator_reconcile_seconds_bucket{le=\"";
        double all = metrics.lines()
                .filter(line -> line.startsWith(bucket + "+Inf"))
                .mapToDouble(ThousandMachinesIT::value)
                .sum();
        return metrics.lines()
                .filter(line -> line.startsWith(bucket) && value(line) >= share * all)
                .map(line -> line.substring(bucket.length(), line.indexOf('"', bucket.length())))
                .findFirst()
                .orElseThrow();
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static void idle(Site site, OperatorProcess operator) {
        // The first look after an installation still tells something new: the disks as they are. With twice as many
        // looks every machine had one.
        double first = looks(operator);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> looks(operator) >= first + 2 * MACHINES);
        Map<String, String> versions = site.versions();
        double writes = operator.metric("nixos_operator_status_writes_total");
        double looks = looks(operator);
        double before = cpu(operator);
        long began = System.nanoTime();
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> looks(operator) >= looks + RESYNCS * MACHINES);
        double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
        double used = cpu(operator) - before;
        System.out.printf(
                "idle for %d resyncs: %.0f s, %.1f s of CPU: %.1f ms a look, %.1f %% of a processor%n",
                RESYNCS, seconds, used, 1000 * used / (RESYNCS * MACHINES), 100 * used / seconds);
        assertThat(site.versions()).isEqualTo(versions);
        assertThat(operator.metric("nixos_operator_status_writes_total")).isEqualTo(writes);
    }

    private static double looks(OperatorProcess operator) {
        return operator.metric("nixos_operator_step_seconds_count{result=\"done\",step=\"Observe\"");
    }

    private static double cpu(OperatorProcess operator) {
        return operator.metric("process_cpu_time_ns_total") / 1e9;
    }

    /** KiB, at its highest. */
    private static long rss(OperatorProcess operator) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + operator.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** The highest heap of those that were seen, once a second. */
    private static final class Peak implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final AtomicLong highest = new AtomicLong();

        private Peak(OperatorProcess operator) {
            ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(
                    () -> highest.accumulateAndGet(
                            (long) operator.metric("jvm_memory_used_bytes{area=\"heap\""), Math::max),
                    0,
                    1,
                    TimeUnit.SECONDS);
        }

        private long heap() {
            return highest.get();
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
