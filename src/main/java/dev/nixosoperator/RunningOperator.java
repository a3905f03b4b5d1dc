package dev.nixosoperator;

import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.controller.Controllers;
import dev.nixosoperator.controller.Copies;
import dev.nixosoperator.controller.LenientJson;
import dev.nixosoperator.controller.StepLauncher;
import dev.nixosoperator.ops.HealthServer;
import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.Pause;
import dev.nixosoperator.phase.PhaseStep;
import dev.nixosoperator.phase.Steps;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Target;
import dev.nixosoperator.remote.ssh.SshConnector;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator as one thing: built here, started, and ended in the opposite order. */
public final class RunningOperator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningOperator.class);
    /** The lease of all replicas; the name is part of the RBAC rules. */
    static final String LEASE = "nixos-operator";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HealthServer server;
    private volatile boolean started;
    private volatile boolean closing;

    /** How machines are reached and what the steps are; tests put their own here. */
    public record Outside(Config kubernetes, Connector connector, Function<Step, PhaseStep> steps) {}

    private RunningOperator(OperatorConfig config, Outside outside) throws IOException {
        InstantSource clock = InstantSource.system();
        Meters meters = new Meters(registry);
        KubernetesClient client = part(new KubernetesClientBuilder()
                .withConfig(outside.kubernetes())
                .withKubernetesSerialization(LenientJson.serialization())
                .build());
        MachineAccess access = part(new MachineAccess(new Counted(outside.connector(), meters), clock));
        StepLauncher launcher = part(new StepLauncher(outside.steps(), access, clock, meters, config.limits()));
        Controllers controllers = part(new Controllers(client, launcher, meters, clock));
        Operator operator = new Operator(overrider -> configure(overrider, client, config));
        controllers.registerWith(operator, config.namespaces());
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("close-idle-connections").factory());
        part(timer::shutdownNow);
        ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(access::closeIdle, 30, 30, TimeUnit.SECONDS);
        this.server = part(HealthServer.start(
                config.metricsPort(),
                registry::scrape,
                List::of,
                () -> started ? Readiness.problems(operator) : List.of("not started yet")));
        part(operator::stop);
        operator.start();
        started = true;
        LOG.atInfo().log("the operator runs; metrics and health on port {}", server.port());
    }

    /** With real SSH and real steps, in the cluster of the usual kubeconfig or service account. */
    public static RunningOperator start(OperatorConfig config) throws IOException {
        SshConnector connector = new SshConnector();
        Steps steps = new Steps(config.settings(), Pause.PARKED);
        RunningOperator operator =
                new RunningOperator(config, new Outside(Config.autoConfigure(null), connector, steps::of));
        operator.parts.addLast(connector);
        return operator;
    }

    public static RunningOperator start(OperatorConfig config, Outside outside) throws IOException {
        return new RunningOperator(config, outside);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.addFirst(part);
        return part;
    }

    private record Counted(Connector connector, Meters meters) implements Connector {
        @Override
        public ConnectResult connect(Target target) {
            ConnectResult result = connector.connect(target);
            meters.connected(
                    switch (result) {
                        case ConnectResult.Connected connected -> "CONNECTED";
                        case ConnectResult.Refused refused -> refused.failure().name();
                    });
            return result;
        }

        @Override
        public boolean answers(Target target) {
            return connector.answers(target);
        }
    }

    private void configure(ConfigurationServiceOverrider overrider, KubernetesClient client, OperatorConfig config) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withResourceCloner(new Copies(client.getKubernetesSerialization()))
                // A reconciliation is milliseconds of CPU and at most one write: more at a time only wait for each
                // other.
                .withConcurrentReconciliationThreads(8)
                .checkingCRDAndValidateLocalModel(true)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(10))
                .withUseSSAToPatchPrimaryResource(false);
        if (config.leaderElection()) {
            LeaderElectionConfigurationBuilder lease = LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                            LEASE)
                    // JOSDK's own exit waits for the shutdown that waits for it, when we stop by ourselves.
                    .withExitOnStopLeading(false)
                    .withLeaderCallbacks(new LeaderCallbacks(() -> {}, this::leaseIsLost, leader -> {}));
            overrider.withLeaderElectionConfiguration(
                    config.leaseNamespace().isEmpty()
                            ? lease.build()
                            : lease.withLeaseNamespace(config.leaseNamespace()).build());
        }
    }

    /** Another replica may work from now on: this one must not, and a fresh start is the simplest way to be sure. */
    private void leaseIsLost() {
        if (!closing) {
            LOG.atError().log("the lease is lost: the process ends");
            Thread.ofPlatform().name("lease-lost").start(() -> System.exit(1));
        }
    }

    /** The port of metrics and health. */
    public int port() {
        return server.port();
    }

    /** What Prometheus would read. */
    public String metrics() {
        return registry.scrape();
    }

    /** No new work is begun; what runs on machines goes on, and is found again by the next start. */
    @Override
    public void close() {
        closing = true;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("not closed in order");
            }
        }
        parts.clear();
    }
}
