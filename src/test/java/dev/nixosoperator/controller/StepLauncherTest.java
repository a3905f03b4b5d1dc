package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.remote.KnownKeys;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tries wait for their turn: one at a time may run here. */
class StepLauncherTest {
    private static final Instant BEGAN = Instant.parse("2026-01-01T10:00:00Z");
    private static final YAMLMapper YAML = new YAMLMapper();

    private volatile Instant now = BEGAN;
    private final InstantSource clock = () -> now;
    private final Semaphore mayEnd = new Semaphore(0);
    private final BlockingQueue<Instant> deadlines = new LinkedBlockingQueue<>();
    private final StepLauncher launcher = new StepLauncher(
            step -> context -> {
                deadlines.add(context.deadline());
                mayEnd.acquireUninterruptibly();
                return new StepOutcome.Cancelled(true);
            },
            new MachineAccess(new ScriptedConnector(new ScriptedHost()), clock),
            clock,
            new Meters(new SimpleMeterRegistry()),
            new Limits(1, 1, 1));

    private Instant nextDeadline() throws InterruptedException {
        return Objects.requireNonNull(deadlines.poll(5, TimeUnit.SECONDS), "no try got its turn");
    }

    /** Of Copy, with a deadline ten minutes after it was decided on; the installation has an hour. */
    @ParameterizedTest(name = "waited {0}: ends {1}")
    @CsvSource({"PT0S, 10:10", "PT20M, 10:30", "PT55M, 11:00", "PT2H, 11:00"})
    void theTimeInTheQueueCountsOnlyForTheWholeInstallation(Duration waited, String ends) throws Exception {
        start("first");
        nextDeadline();
        start("second");
        now = now.plus(waited);
        mayEnd.release();
        assertThat(nextDeadline()).isEqualTo(Instant.parse("2026-01-01T" + ends + ":00Z"));
        mayEnd.release();
    }

    private void start(String name) throws JsonProcessingException {
        NixosMachine machine = new NixosMachine();
        machine.setSpec(YAML.readValue(
                """
                connection: {host: 192.0.2.5, credentialsSecretRef: {name: key}}
                system: {storePath: {toplevel: /nix/store/v54z3dy1wxid94l7rm2qn26wj8bc3ah1-x}}
                install: {timeout: 1h}
                """,
                NixosMachineSpec.class));
        machine.setStatus(YAML.readValue(
                """
                operation:
                  id: op
                  kind: Install
                  step: Copy
                  attempt: 1
                  toplevel: x
                  startedAt: "2026-01-01T10:00:00Z"
                  activeSince: "2026-01-01T10:00:00Z"
                  stepStartedAt: "2026-01-01T10:00:00Z"
                  deadline: "2026-01-01T10:10:00Z"
                """,
                NixosMachineStatus.class));
        MachineInputs.Way way = new MachineInputs.Way(
                Login.of(Secret.of("key")), Privilege.AUTO, List.of(), KnownKeys.of(Set.of()), false);
        launcher.start(
                new MachineId(name, "default", name),
                machine,
                new MachineInputs(way, way, way, null, Map.of(), List.of(), Map.of()),
                "digest",
                Attempt.of(Objects.requireNonNull(machine.getStatus().operation())));
    }
}
