package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.bench.LabHttp;
import dev.nixosoperator.bench.LabVm;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.Decision;
import dev.nixosoperator.lifecycle.Lifecycle;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.Memory;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.ssh.SshConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chain without Kubernetes: real decisions, real steps, a real machine. Debian is taken over from a sudo user, its
 * disk encrypted, a system installed from a signed cache, and its passphrase typed at the console.
 */
class InstallChainIT {
    private static final String PASSPHRASE = "correct horse";
    private static final MachineId MACHINE = new MachineId("0c6f1d0e-chain", "default", "chain-1");
    private static final String LAYOUT =
            """
            disk:
              main:
                device: /dev/disk/by-id/virtio-lab-disk0
                content:
                  type: gpt
                  partitions:
                    bios: {size: 1M, type: EF02}
                    boot: {size: 256M, content: {type: filesystem, format: ext4, mountpoint: /boot}}
                    root:
                      size: 100%
                      content:
                        type: luks
                        name: cryptroot
                        passwordFile: /run/keys/root
                        extraFormatArgs: ["--pbkdf pbkdf2", "--pbkdf-force-iterations 1000"]
                        content: {type: filesystem, format: ext4, mountpoint: /}
            """;

    @TempDir
    private Path temporary;

    @Test
    @Timeout(2400)
    void encryptedRootOverSudo() throws Exception {
        Lab lab = Lab.get();
        try (LabHttp cache = lab.serveBinaryCache();
                LabVm vm = LabVm.start(LabVm.Firmware.BIOS);
                SshConnector connector = new SshConnector();
                MachineAccess access = new MachineAccess(connector, InstantSource.system());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Chain chain = new Chain(
                    new YAMLMapper().readValue(spec(lab, vm, cache), NixosMachineSpec.class),
                    inputs(lab),
                    new Steps(new Settings(Settings.DEFAULT_KEXEC_IMAGE, Map.of(), temporary), Pause.PARKED),
                    access);
            chain.onStep = step -> {
                if (step == Step.Verify) {
                    CompletableFuture<Void> typed = CompletableFuture.runAsync(
                            () -> {
                                vm.awaitConsole("Please enter passphrase for cryptroot", LabVm.BOOT);
                                vm.type(PASSPHRASE);
                            },
                            threads);
                    assertThat(typed).isNotCompletedExceptionally();
                }
            };
            chain.run();

            assertThat(chain.done)
                    .containsExactly(
                            Step.Preflight,
                            Step.Plan,
                            Step.Kexec,
                            Step.Gate,
                            Step.Disks,
                            Step.Copy,
                            Step.Files,
                            Step.Install,
                            Step.Reboot,
                            Step.Verify);
            assertThat(vm.exec("readlink -f /run/current-system")).isEqualTo(lab.toplevelV1());
            assertThat(vm.exec("lsblk -no TYPE $(findmnt -no SOURCE /)")).contains("crypt");
            assertThat(vm.exec("cat /nix/var/nixos-operator/machine.json"))
                    .contains("\"state\":\"INSTALLED\"", MACHINE.uid(), lab.toplevelV1());
            assertThat(vm.exec("cat /etc/ssh/ssh_host_ed25519_key.pub")).startsWith(lab.targetHostKey());
            assertThat(vm.exec("stat -c '%a %u:%g' /etc/motd-lab")).isEqualTo("640 0:0");
            assertThat(Objects.requireNonNull(chain.status.install()).toplevel())
                    .isEqualTo(lab.toplevelV1());
            // Looking again changes nothing.
            assertThat(chain.advance(Step.Observe)).isInstanceOf(StepOutcome.Done.class);
        }
    }

    private static String spec(Lab lab, LabVm vm, LabHttp cache) {
        return """
            connection:
              host: 127.0.0.1
              port: %d
              user: admin
              credentialsSecretRef: {name: key}
              installed: {user: root}
            diskLayoutRef: {name: encrypted}
            system:
              storePath: {toplevel: %s, from: "%s"}
            copy:
              trustedPublicKeys: ["%s"]
            install:
              kexec:
                delivery: Upload
                image: {path: "%s", sha256: %s}
            """
                .formatted(
                        vm.sshPort(),
                        lab.toplevelV1(),
                        cache.url(),
                        lab.publicKey(),
                        lab.installer(),
                        lab.installerSha256());
    }

    private static MachineInputs inputs(Lab lab) throws Exception {
        JsonNode devices = new YAMLMapper().readTree(LAYOUT);
        MachineInputs.Way way =
                new MachineInputs.Way(Login.of(Secret.of(Files.readAllBytes(lab.sshKey()))), Set.of(), false);
        return new MachineInputs(
                way,
                way,
                way,
                devices,
                Map.of("/run/keys/root", Secret.of(PASSPHRASE)),
                List.of(new MachineInputs.PlacedFile("/etc/motd-lab", Secret.of("hello\n"), "0640", "0:0")),
                Map.of());
    }

    /** One machine, decided and driven as the controller does it, in one thread and without an API server. */
    private static final class Chain {
        private final NixosMachineSpec spec;
        private final MachineInputs inputs;
        private final Steps steps;
        private final MachineAccess access;
        private final List<Step> done = new ArrayList<>();
        private NixosMachineStatus status = NixosMachineStatus.EMPTY;
        private MachineView.@Nullable Ended ended;
        private @Nullable String approved;
        private java.util.function.Consumer<Step> onStep = step -> {};

        private Chain(NixosMachineSpec spec, MachineInputs inputs, Steps steps, MachineAccess access) {
            this.spec = spec;
            this.inputs = inputs;
            this.steps = steps;
            this.access = access;
        }

        private void run() {
            Lifecycle lifecycle = new Lifecycle();
            for (int turn = 0; turn < 60; turn++) {
                Decision decision = lifecycle.decide(view());
                status = stored(decision.memory());
                ended = null;
                switch (decision) {
                    case Decision.Run run -> step();
                    case Decision.Hold hold -> approve(hold);
                    case Decision.Wait wait -> {
                        System.out.println("waits: " + status.failure());
                        Pause.PARKED.of(
                                Duration.between(Instant.now(), wait.until()).plusMillis(50));
                    }
                    case Decision.Idle idle -> {
                        return;
                    }
                    case Decision.Look look -> {
                        return;
                    }
                    case Decision.Stop stop -> throw new AssertionError("stopped");
                }
            }
            throw new AssertionError("not at its end: " + status);
        }

        private void approve(Decision.Hold hold) {
            assertThat(hold.reason()).as(hold.message()).isEqualTo(Reason.AwaitingApproval);
            MachinePlan plan = Objects.requireNonNull(status.plan());
            assertThat(approved).isNotEqualTo(plan.hash());
            approved = plan.hash();
        }

        private void step() {
            Step step = Objects.requireNonNull(status.operation()).step();
            onStep.accept(step);
            StepOutcome outcome = Lab.step(step.name(), () -> advance(step));
            if (outcome instanceof StepOutcome.Done) {
                done.add(step);
            } else {
                System.out.println(step + ": " + outcome);
            }
            ended = new MachineView.Ended(Attempt.of(status.operation()), outcome);
        }

        private StepOutcome advance(Step step) {
            return steps.of(step)
                    .advance(new StepContext(
                            MACHINE,
                            spec,
                            inputs,
                            status,
                            access,
                            progress -> System.out.println(
                                    "  " + progress.step() + " " + progress.percent() + " " + progress.message()),
                            InstantSource.system(),
                            Instant.now().plus(Duration.ofMinutes(10)),
                            () -> false));
        }

        private MachineView view() {
            String layout = Objects.requireNonNull(Layout.parse(Objects.requireNonNull(inputs.devices()))
                            .layout())
                    .hash();
            return new MachineView(
                    Instant.now(),
                    MACHINE,
                    1,
                    spec,
                    new MachineView.Requests(approved, null),
                    new MachineView.Inputs.Resolved(layout, "work", "all"),
                    status,
                    ended,
                    false,
                    null,
                    false,
                    null,
                    false,
                    "chain-operation");
        }

        private static NixosMachineStatus stored(Memory memory) {
            return new NixosMachineStatus(
                    null,
                    null,
                    memory.lastSeen(),
                    memory.handledRequest(),
                    List.of(),
                    memory.facts(),
                    memory.identity(),
                    memory.operation(),
                    memory.plan(),
                    memory.install(),
                    memory.system(),
                    memory.failure(),
                    memory.history());
        }
    }
}
