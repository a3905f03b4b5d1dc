package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedMachine;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.phase.Pause;
import dev.nixosoperator.phase.PhaseStep;
import dev.nixosoperator.phase.Settings;
import dev.nixosoperator.phase.Steps;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Machines that give no answer hold nobody up; the tries are real, the machines are not. */
class FairTurnsTest {
    private static final Limits LIMITS = new Limits(64, 32, 1);
    private static final String HEALTHY = "healthy";

    private static final YAMLMapper YAML = new YAMLMapper();

    private final Connector healthy = new ScriptedConnector(new ScriptedMachine().host);
    private final CountDownLatch over = new CountDownLatch(1);
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void release() {
        over.countDown();
    }

    @Test
    void connectsThatEatTheirTimeout() throws Exception {
        StepLauncher launcher = launcher(
                target -> target.endpoint().host().equals(HEALTHY) ? healthy.connect(target) : silence(),
                steps(Pause.PARKED));
        startSilent(launcher, LIMITS.steps());
        healthyOneGoesOn(launcher);
    }

    @Test
    void machinesThatAreWaitedFor() throws Exception {
        StepLauncher launcher = launcher(
                target -> target.endpoint().host().equals(HEALTHY)
                        ? healthy.connect(target)
                        : new ConnectResult.Refused(ConnectFailure.CONNECTION_REFUSED, "it restarts", null),
                step -> context -> steps(length -> await(over))
                        .apply(context.spec().connection().host().equals(HEALTHY) ? step : Step.Verify)
                        .advance(context));
        startSilent(launcher, 10 * LIMITS.steps());
        healthyOneGoesOn(launcher);
    }

    @Test
    void uploadsThatCrawl() throws Exception {
        StepLauncher launcher = launcher(
                target -> healthy.connect(target),
                step -> context -> context.spec().connection().host().equals(HEALTHY)
                        ? steps(Pause.PARKED).apply(step).advance(context)
                        : context.turns()
                                .<StepOutcome>uploading(() -> await(over))
                                .orElseThrow());
        startSilent(launcher, 2 * LIMITS.steps());
        healthyOneGoesOn(launcher);
        assertThat(gauge("uploads_running")).isEqualTo(1);
        assertThat(gauge("uploads_queued")).isEqualTo(2 * LIMITS.steps() - 1);
        // one that is no longer wanted leaves the queue at once, the others keep their order
        launcher.cancel(id("silent-7"));
        assertThat(next()).isEqualTo("silent-7");
        assertThat(launcher.ended(id("silent-7")))
                .extracting(MachineView.Ended::outcome)
                .isEqualTo(new StepOutcome.Cancelled(false));
        assertThat(gauge("uploads_queued")).isEqualTo(2 * LIMITS.steps() - 2);
    }

    private double gauge(String name) {
        return registry.get("nixos_operator_" + name).gauge().value();
    }

    private void healthyOneGoesOn(StepLauncher launcher) throws Exception {
        start(launcher, HEALTHY);
        assertThat(next()).isEqualTo(HEALTHY);
        assertThat(Objects.requireNonNull(launcher.ended(id(HEALTHY))).outcome())
                .isInstanceOf(StepOutcome.Done.class);
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNullElse(ended.poll(60, TimeUnit.SECONDS), "nothing ended");
    }

    private void startSilent(StepLauncher launcher, int count) throws Exception {
        for (int i : IntStream.range(0, count).toArray()) {
            start(launcher, "silent-" + i);
        }
    }

    private StepLauncher launcher(Connector connector, Function<Step, PhaseStep> steps) {
        InstantSource clock = InstantSource.system();
        StepLauncher launcher =
                new StepLauncher(steps, new MachineAccess(connector, clock), clock, new Meters(registry), LIMITS);
        launcher.onEnded(machine -> ended.add(machine.name()));
        return launcher;
    }

    private static Function<Step, PhaseStep> steps(Pause pause) {
        return new Steps(new Settings("", Path.of("target")), pause)::of;
    }

    private StepOutcome await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new StepOutcome.Cancelled(false);
    }

    private ConnectResult silence() {
        await(over);
        return new ConnectResult.Refused(ConnectFailure.CONNECT_TIMEOUT, "nobody answered", null);
    }

    private static void start(StepLauncher launcher, String host) throws JsonProcessingException {
        NixosMachine machine = new NixosMachine();
        machine.setSpec(YAML.readValue(
                """
                connection: {host: %s, credentialsSecretRef: {name: key}}
                system: {storePath: {toplevel: /nix/store/v54z3dy1wxid94l7rm2qn26wj8bc3ah1-x}}
                """
                        .formatted(host),
                NixosMachineSpec.class));
        MachineInputs.Way way = new MachineInputs.Way(Login.of(Secret.of("key")), Set.of(), false);
        launcher.start(
                id(host),
                machine,
                new MachineInputs(way, way, way, null, Map.of(), List.of(), Map.of()),
                "digest",
                Attempt.LOOK);
    }

    private static MachineId id(String name) {
        return new MachineId(name, "default", name);
    }
}
