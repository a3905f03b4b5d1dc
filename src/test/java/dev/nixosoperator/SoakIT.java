package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LivingMachine;
import dev.nixosoperator.bench.OperatorProcess;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two hundred machines and one mishap after another, for {@code soak.minutes}; afterwards all of them become Ready, no
 * promise about disks was broken in between, and the operator keeps nothing of it. Another run of {@code soak.seed} sees
 * the same mishaps, if not in the same moments.
 */
@ExtendWith(KubernetesApiExtension.class)
class SoakIT {
    private static final Duration LENGTH =
            Duration.ofSeconds(Math.round(60 * Double.parseDouble(System.getProperty("soak.minutes", "1.5"))));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime() % 1_000_000);
    private static final int MACHINES = 200;
    private static final Duration BETWEEN = Duration.ofMillis(250);
    private static final int THREADS_MORE = 20;
    private static final long BYTES_MORE = 48L << 20;

    private final LivingMachine.Tempo tempo = new LivingMachine.Tempo(Duration.ofSeconds(1), Duration.ofSeconds(2));
    private final List<String> names = Site.names(MACHINES);

    @Test
    void mishapsOverTwoHundredMachines(KubernetesApi api) throws Exception {
        System.out.printf("soak of %d s with -Dsoak.seed=%d%n", LENGTH.toSeconds(), SEED);
        try (Site site = new Site(api, tempo, "soak");
                SharedIndexInformer<NixosMachine> _ = site.watchIntents();
                Replaceable operator = new Replaceable(site)) {
            Kept empty = Kept.by(site, operator.now());
            site.create(names, Site.RARELY);
            Person person = new Person(site);
            Mishaps mishaps = new Mishaps(SEED, site, person, names, operator::replace);
            strike(mishaps, person, operator);
            long calm = System.nanoTime();
            mishaps.end();
            awaitAllReady(site, person);
            System.out.printf(
                    "all ready %d s after the last mishap; mishaps %s; a person was needed for %s; %d formats%n",
                    Duration.ofNanos(System.nanoTime() - calm).toSeconds(),
                    mishaps.counts(),
                    person.deeds(),
                    site.witness.formats());
            assertThat(site.witness.violations()).isEmpty();
            assertThat(operator.now().log()).doesNotContain("a step threw", "OutOfMemoryError");
            nothingIsLeftOver(site, operator.now(), empty);
        }
    }

    /** The operator of the second half of the time lives to its end, so that it shows what it keeps. */
    private static void strike(Mishaps mishaps, Person person, Replaceable operator) {
        long began = System.nanoTime();
        long looked = began;
        while (System.nanoTime() - began < LENGTH.toNanos()) {
            operator.mayBeReplaced(System.nanoTime() - began < LENGTH.toNanos() / 2);
            Site.whateverTheApiServerSays(mishaps::next);
            if (System.nanoTime() - looked > Duration.ofSeconds(2).toNanos()) {
                Site.whateverTheApiServerSays(() -> person.looksAround(false));
                looked = System.nanoTime();
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
    }

    private static void awaitAllReady(Site site, Person person) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> {
                    person.looksAround(true);
                    assertThat(site.readiness()).as(site::unready).isEqualTo(Map.of("True/Succeeded", (long) MACHINES));
                });
    }

    private static void nothingIsLeftOver(Site site, OperatorProcess operator, Kept empty) {
        Kept full = Kept.by(site, operator);
        site.client.resources(NixosMachine.class).inNamespace(site.namespace).delete();
        await().atMost(Duration.ofMinutes(2)).until(() -> site.objects().isEmpty());
        await().atMost(Duration.ofMinutes(1)).until(() -> site.fleet.sessions() == 0);
        await().atMost(Duration.ofMinutes(1)).until(() -> operator.metric("nixos_operator_steps_running ") == 0);
        Kept end = Kept.by(site, operator);
        System.out.printf("at the start %s%nall ready    %s%nall deleted  %s%n", empty, full, end);
        assertThat(end.threads()).isLessThanOrEqualTo(empty.threads() + THREADS_MORE);
        assertThat(end.heap()).isLessThanOrEqualTo(empty.heap() + BYTES_MORE);
    }

    /** What an operator holds. */
    private record Kept(long threads, int sessions, long heap) {
        static Kept by(Site site, OperatorProcess operator) {
            return new Kept(
                    (long) operator.metric("jvm_threads_live_threads"),
                    site.fleet.sessions(),
                    operator.heapAfterCollection());
        }

        @Override
        public String toString() {
            return "%d threads, %d sessions, %d MiB of heap".formatted(threads, sessions, heap >> 20);
        }
    }

    /** The operator that runs now. */
    private static final class Replaceable implements AutoCloseable {
        private final Site site;
        private OperatorProcess operator;
        private boolean mortal = true;

        private Replaceable(Site site) {
            this.site = site;
            this.operator = site.start("operator");
        }

        private OperatorProcess now() {
            return operator;
        }

        private void mayBeReplaced(boolean may) {
            mortal = may;
        }

        private void replace() {
            if (mortal) {
                operator.kill();
                operator = site.start("operator");
            }
        }

        @Override
        public void close() {
            operator.close();
        }
    }
}
