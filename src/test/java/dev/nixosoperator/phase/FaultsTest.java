package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedHost.Break;
import dev.nixosoperator.bench.ScriptedJobs;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault at every step: where it can hit a single command it hits each of them, one machine for each. What the
 * step says of it, try after try, is the table in {@code docs/faults.md}; what holds in every cell is asserted here.
 */
class FaultsTest {
    private static final Path TABLE = Path.of("docs/faults.md");
    private static final List<Step> STEPS = List.of(
            Step.Preflight,
            Step.Plan,
            Step.Kexec,
            Step.Gate,
            Step.Disks,
            Step.Copy,
            Step.Build,
            Step.Files,
            Step.Install,
            Step.Reboot,
            Step.Verify);
    private static final String LOCKED = "github:org/infra/a3a3dda";
    private static final int TRIES = 4;
    private static final String ROTATED = "credentials rotated";
    /** About what the operator waits between tries. */
    private static final Duration BACKOFF = Duration.ofSeconds(30);

    private static final String HEAD =
            """
            # What becomes of a fault

            Written by `FaultsTest` (`mvn test -Dtest=FaultsTest -Dupdate=true`) from the real steps on scripted machines; a fault of a connection or of power
            hits every single command of the step once. A cell says how the tries of the step end, one after another (`→`), and lists the different stories (`,`).
            `Done`: the step is done. `Elsewhere`: the machine is not where the step needs it, and the work goes on from where it is.
            A reason that is Transient is tried again with growing pauses; the others wait for what their message says.

            """;

    @TempDir
    private Path cache;

    /** A fault, and how often it can hit: at each command, or once for the whole step. */
    private record Fault(String name, boolean eachCommand, Strike strike) {}

    @FunctionalInterface
    private interface Strike {
        void at(TestMachine machine, Step step, int command);
    }

    private static List<Fault> faults() {
        return List.of(
                new Fault("none", false, (machine, step, n) -> {}),
                new Fault(
                        "sshd killed after the command",
                        true,
                        (machine, step, n) -> machine.host.breakAt(n, Break.ANSWER_LOST)),
                new Fault(
                        "sshd killed before the command",
                        true,
                        (machine, step, n) -> machine.host.breakAt(n, Break.NEVER_ARRIVED)),
                new Fault(
                        "network cut for a minute", true, (machine, step, n) -> cut(machine, n, Duration.ofMinutes(1))),
                new Fault("network cut for good", true, (machine, step, n) -> cut(machine, n, Duration.ofDays(1))),
                new Fault("power cut", true, FaultsTest::powerCut),
                new Fault(ROTATED, true, FaultsTest::rotated),
                new Fault("credentials run out", true, (machine, step, n) -> runOut(machine, n)),
                new Fault("disk full", false, (machine, step, n) -> fails(machine, step, 1, "No space left on device")),
                new Fault("memory exhausted", false, (machine, step, n) -> fails(machine, step, 137, "Killed")),
                new Fault("clock jumps a day ahead", true, (machine, step, n) -> jump(machine, n, Duration.ofDays(1))),
                new Fault("clock jumps a day back", true, (machine, step, n) -> jump(machine, n, Duration.ofDays(-1))));
    }

    private static void cut(TestMachine machine, int nth, Duration length) {
        machine.host.breakAt(nth, (call, work) -> {
            Instant back = machine.now.plus(length);
            machine.connector.silentWhile(() -> {
                machine.now = machine.now.plusSeconds(15); // the connector's own patience
                return machine.now.isBefore(back);
            });
            return Break.ANSWER_LOST.of(call, work);
        });
    }

    /** The old login is of no use from this command on; the next try has the new one, which is in the Secret already. */
    private static void rotated(TestMachine machine, Step step, int nth) {
        Login old = machine.login;
        Login fresh = Login.of(Secret.of("new key"));
        machine.host.breakAt(nth, (call, work) -> {
            machine.connector.refuseLogin(target -> {
                machine.login = fresh;
                return target.login().equals(old);
            });
            return Break.ANSWER_LOST.of(call, work);
        });
    }

    private static void runOut(TestMachine machine, int nth) {
        machine.host.breakAt(nth, (call, work) -> {
            machine.connector.refuseLogin(target -> true);
            return Break.ANSWER_LOST.of(call, work);
        });
    }

    /** It comes back from its disk: as the old system, or as the new one once that was installed. */
    private static void powerCut(TestMachine machine, Step step, int nth) {
        machine.host.breakAt(nth, (call, work) -> {
            CommandResult lost = Break.ANSWER_LOST.of(call, work);
            String marker = machine.says.getOrDefault("marker.disk", "");
            machine.host.jobs().restart();
            machine.onPause.clear();
            if (step.compareTo(Step.Install) > 0) {
                machine.installed();
            } else {
                machine.debian();
                if (!marker.isEmpty()) {
                    machine.says.put("marker.disk", marker);
                }
            }
            machine.says.put("boot_id", "99999999-boot");
            return lost;
        });
    }

    /** Whatever writes fails so: files, and the work of the job. */
    private static void fails(TestMachine machine, Step step, int code, String how) {
        machine.host
                .when(call -> call.script() != null
                        && Set.of("receive.sh", "write-file.sh", "place-file.sh", "mark-installed.sh", "host-keys.sh")
                                .contains(call.script()))
                .fails(code, how);
        for (int n = 1; n <= TRIES; n++) {
            machine.host
                    .jobs()
                    .plan(job(step) + "-" + n)
                    .exits(code, how + "\n")
                    .with(() -> {});
        }
        machine.host
                .jobs()
                .plan("disks")
                .exits(code, how + "\n::failed format\n")
                .with(() -> {});
    }

    private static String job(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }

    private static void jump(TestMachine machine, int nth, Duration by) {
        machine.host.breakAt(nth, (call, work) -> {
            machine.now = machine.now.plus(by);
            return work.get();
        });
    }

    /** A machine that is ready for the step, and does it when nothing comes in between. */
    private TestMachine goodDay(Step step) {
        TestMachine machine = new TestMachine(cache);
        machine.keys = Map.of("/run/keys/root", Secret.of("top secret"));
        machine.cacheHolds(true);
        switch (step) {
            case Preflight, Plan, Observe -> {}
            case Kexec -> {
                plan(machine, "kexec").forEach(job -> job.exits(0, "machine will boot into nixos in 6s...\n")
                        .with(() -> machine.onPause.add(machine::installer)));
            }
            case Gate -> {
                machine.installer();
                machine.approve(false);
            }
            case Disks -> {
                machine.installer();
                machine.approve(true);
                machine.host
                        .jobs()
                        .plan("disks")
                        .exits(0, "::step 1/3 destroy\n")
                        .afterLooks(2)
                        .with(() -> machine.mounted(Marker.State.FORMAT_DONE));
            }
            case Copy -> {
                machine.mounted(Marker.State.FORMAT_DONE);
                plan(machine, "copy").forEach(job -> job.exits(0, "copying path 'x' from 'y'\n")
                        .with(machine::copied));
            }
            case Build -> {
                machine.mounted(Marker.State.FORMAT_DONE);
                machine.builds(LOCKED);
                plan(machine, "build").forEach(job -> job.exits(0, "building '/nix/store/x.drv'...\n")
                        .with(() -> machine.built(LOCKED)));
            }
            case Files -> {
                machine.mounted(Marker.State.FORMAT_DONE);
                machine.files = List.of(new MachineInputs.PlacedFile("/etc/token", Secret.of("token"), "0600", "0:0"));
            }
            case Install -> {
                machine.mounted(Marker.State.FORMAT_DONE);
                plan(machine, "install").forEach(job -> job.exits(0, "installation finished!\n"));
            }
            case Reboot -> {
                machine.mounted(Marker.State.INSTALLED);
                machine.host.whenScript("reboot.sh").does(call -> {
                    machine.installed();
                    return new CommandResult.Exited(0, "reboot=accepted\n", "");
                });
            }
            case Verify -> machine.installed();
        }
        machine.host.forgetCalls();
        return machine;
    }

    private static List<ScriptedJobs.Plan> plan(TestMachine machine, String job) {
        return IntStream.rangeClosed(1, TRIES)
                .mapToObj(n -> machine.host.jobs().plan(job + "-" + n).afterLooks(2))
                .toList();
    }

    @Test
    void everyFaultAtEveryStep() throws IOException {
        String table = HEAD
                + row(List.of("fault", STEPS.stream().map(Step::name).collect(Collectors.joining(" | "))))
                + "|---".repeat(STEPS.size() + 1) + "|\n"
                + faults().stream()
                        .map(fault -> row(List.of(
                                fault.name(),
                                STEPS.stream().map(step -> cell(fault, step)).collect(Collectors.joining(" | ")))))
                        .collect(Collectors.joining());
        System.out.println(table.substring(HEAD.length()));
        if (Boolean.getBoolean("update")) {
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).content().isEqualTo(table);
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String cell(Fault fault, Step step) {
        TestMachine undisturbed = goodDay(step);
        undisturbed.advance(step);
        int commands = fault.eachCommand() ? undisturbed.host.calls().size() : 1;
        Set<String> stories = new TreeSet<>();
        for (int n = 1; n <= commands; n++) {
            stories.add(story(fault, step, n));
        }
        return String.join(", ", stories);
    }

    private String story(Fault fault, Step step, int command) {
        TestMachine machine = goodDay(step);
        fault.strike().at(machine, step, command);
        List<String> story = new ArrayList<>();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            StepOutcome outcome = machine.advance(step);
            String word = outcome instanceof StepOutcome.Failed failed
                    ? failed.reason().name()
                    : outcome.getClass().getSimpleName();
            if (story.isEmpty() || !story.getLast().equals(word)) {
                story.add(word);
            }
            if (!(outcome instanceof StepOutcome.Failed)) {
                break;
            }
            machine.now = machine.now.plus(BACKOFF);
        }
        String where = "%s at command %d of %s: %s".formatted(fault.name(), command, step, story);
        assertThat(machine.host.jobs().started().stream()
                        .filter(job -> job.id().step().equals("disks")))
                .as("formats, " + where)
                .hasSizeLessThanOrEqualTo(step == Step.Disks ? 1 : 0);
        assertThat(machine.host.jobs().started())
                .as("what runs is followed with the new credentials, " + where)
                .hasSizeLessThanOrEqualTo(fault.name().equals(ROTATED) && step != Step.Kexec ? 1 : TRIES);
        assertThat(machine.host.calls())
                .as("secrets in arguments, " + where)
                .noneMatch(call -> call.argv().toString().contains("top secret"));
        return String.join(" → ", story);
    }
}
