package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LivingMachine;
import dev.nixosoperator.bench.OperatorProcess;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What the API server, and people and operators who use it, do in the middle of installations. Operators are processes
 * with real steps; at the end every machine is Ready, and was formatted once.
 */
@ExtendWith(KubernetesApiExtension.class)
class ApiFaultsIT {
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("outage.seconds", 300));
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int MACHINES = 12;
    private static final LivingMachine.Tempo TEMPO =
            new LivingMachine.Tempo(Duration.ofSeconds(2), Duration.ofSeconds(1));

    private final KubernetesApi api;

    ApiFaultsIT(KubernetesApi api) {
        this.api = api;
    }

    private Site site(String name) {
        return site(api, name);
    }

    private static Site site(KubernetesApi api, String name) {
        return new Site(api, TEMPO, "api-faults/" + name);
    }

    private static void awaitFormats(Site site, int least) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> site.witness.formats() >= least);
    }

    private static void allReadyAfterOneFormatEach(Site site, int machines) {
        site.awaitAllReady(machines, SOON);
        assertThat(site.fleet.machines()).hasSize(machines).allSatisfy(machine -> assertThat(machine.formats())
                .hasSize(1));
        assertThat(site.witness.violations()).isEmpty();
    }

    /**
     * Nobody hears what the steps say; the machines go on, and so do the steps that run. The others of these tests go on
     * beside it, on the shared server.
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theApiServerIsAwayForMinutes() throws Exception {
        try (KubernetesApi own = KubernetesApi.another();
                Site site = site(own, "outage");
                SharedIndexInformer<NixosMachine> _ = site.watchIntents();
                OperatorProcess operator = site.start("operator", "--max-steps", "4")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            awaitFormats(site, MACHINES / 2);
            Map<String, Long> before = phases(site);
            own.down();
            long began = System.nanoTime();
            try {
                // A request that finds nobody is tried again for a good while.
                await().atMost(Duration.ofMinutes(4))
                        .until(() -> operator.metric("nixos_operator_steps_running ") == 0);
                int formats = site.witness.formats();
                LockSupport.parkUntil(System.currentTimeMillis()
                        + OUTAGE.minusNanos(System.nanoTime() - began).toMillis());
                assertThat(site.witness.formats()).isEqualTo(formats);
                assertThat(operator.isAlive()).isTrue();
            } finally {
                own.up();
            }
            long back = System.nanoTime();
            site.awaitAllReady(MACHINES, Duration.ofMinutes(8));
            System.out.printf(
                    "API server away for %d s with machines at %s: all ready %d s after it came back%n",
                    OUTAGE.toSeconds(),
                    before,
                    Duration.ofNanos(System.nanoTime() - back).toSeconds());
            allReadyAfterOneFormatEach(site, MACHINES);
        }
    }

    private static Map<String, Long> phases(Site site) {
        return site.objects().stream()
                .collect(Collectors.groupingBy(
                        machine -> String.valueOf(
                                machine.getStatus() == null
                                        ? null
                                        : machine.getStatus().phase()),
                        Collectors.counting()));
    }

    @Test
    void theKeyIsRotatedInTheMiddle() throws Exception {
        try (Site site = site("rotated");
                OperatorProcess _ = site.start("operator")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            awaitFormats(site, 1);
            site.fleet.machines().forEach(LivingMachine::locksOut);
            await().atMost(SOON).until(() -> site.readiness().containsKey("False/AuthenticationFailed"));
            site.secret("ssh", "another key");
            allReadyAfterOneFormatEach(site, MACHINES);
        }
    }

    @Test
    void theSecretIsDeletedInTheMiddle() throws Exception {
        try (Site site = site("deleted");
                OperatorProcess _ = site.start("operator")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            awaitFormats(site, 1);
            api.kubectl("delete", "secret", "ssh", "-n", site.namespace);
            await().atMost(SOON).until(() -> site.readiness().equals(Map.of("False/SecretNotFound", (long) MACHINES)));
            site.secret("ssh", "a key");
            allReadyAfterOneFormatEach(site, MACHINES);
        }
    }

    @Test
    void theLayoutIsEditedBeforeTheFormat() throws Exception {
        try (Site site = site("layout-before");
                OperatorProcess _ = site.start("operator")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> site.objects().stream()
                    .anyMatch(ApiFaultsIT::hasPlan));
            site.layout(Site.LAYOUT, "2M");
            allReadyAfterOneFormatEach(site, MACHINES);
        }
    }

    private static boolean hasPlan(NixosMachine machine) {
        return machine.getStatus() != null && machine.getStatus().plan() != null;
    }

    /** What is on the disks is what was asked at the time; a person says which of the two is meant. */
    @Test
    void theLayoutIsEditedAfterTheFormat() throws Exception {
        try (Site site = site("layout-after");
                OperatorProcess _ = site.start("operator")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            awaitFormats(site, MACHINES);
            site.layout(Site.LAYOUT, "2M");
            await().atMost(SOON).until(() -> site.readiness().equals(Map.of("False/PlanChanged", (long) MACHINES)));
            site.layout(Site.LAYOUT, "1M");
            allReadyAfterOneFormatEach(site, MACHINES);
        }
    }

    /** As somebody may who scales a Deployment without a lease: they get in each other's way, and harm nothing. */
    @Test
    void twoOperatorsWithoutALease() throws Exception {
        try (Site site = site("two");
                OperatorProcess one = site.start("one");
                OperatorProcess two = site.start("two")) {
            site.create(Site.names(MACHINES), Site.RARELY);
            allReadyAfterOneFormatEach(site, MACHINES);
            System.out.printf(
                    "two operators without a lease: conflicts %.0f and %.0f, writes %.0f and %.0f%n",
                    writes(one, "conflict"), writes(two, "conflict"), writes(one, "written"), writes(two, "written"));
            assertThat(List.of(writes(one, "written"), writes(two, "written")))
                    .as("both worked")
                    .allMatch(writes -> writes > 0);
        }
    }

    private static double writes(OperatorProcess operator, String result) {
        return operator.metric(
                "nixos_operator_status_writes_total{kind=\"NixosMachine\",result=\"%s\"".formatted(result));
    }

    @Test
    void theLeaseIsLostInTheMiddle() throws Exception {
        try (Site site = site("lease");
                OperatorProcess one = site.launch("one", "--leader-election", "--lease-namespace", site.namespace);
                OperatorProcess two = site.launch("two", "--leader-election", "--lease-namespace", site.namespace)) {
            site.create(Site.names(MACHINES), Site.RARELY);
            awaitFormats(site, MACHINES / 2);
            List<OperatorProcess> both = List.of(one, two);
            assertThat(both).allMatch(OperatorProcess::isAlive);
            giveTheLeaseToNobody(site);
            await().atMost(SOON)
                    .until(() -> both.stream().filter(OperatorProcess::isAlive).count() == 1);
            allReadyAfterOneFormatEach(site, MACHINES);
            assertThat(both)
                    .filteredOn(operator -> !operator.isAlive())
                    .singleElement()
                    .satisfies(lost -> assertThat(lost.log()).contains("the lease is lost: the process ends"));
        }
    }

    /** Whoever renews it at that moment must not be in the way. */
    private static void giveTheLeaseToNobody(Site site) {
        site.client
                .resources(Lease.class)
                .inNamespace(site.namespace)
                .withName(RunningOperator.LEASE)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"holderIdentity\":\"nobody\",\"renewTime\":\"%s\"}}"
                                .formatted(MICRO_TIME.format(ZonedDateTime.now(ZoneOffset.UTC))));
    }
}
