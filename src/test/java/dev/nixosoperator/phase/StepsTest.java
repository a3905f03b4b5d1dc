package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.bench.ScriptedJobs;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every step on a good day, and called twice; and at a place where it does not belong. */
class StepsTest {
    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void start() {
        machine = new TestMachine(cache);
    }

    private StepOutcome.Seen done(Step step) {
        StepOutcome outcome = machine.advance(step);
        assertThat(outcome).isInstanceOf(StepOutcome.Done.class);
        return ((StepOutcome.Done) outcome).seen();
    }

    private List<String> started() {
        return machine.host.jobs().started().stream()
                .map(job -> job.id().step())
                .toList();
    }

    @Test
    void preflightTellsFactsAndChangesNothing() {
        StepOutcome.Seen seen = done(Step.Preflight);
        assertThat(seen.hostKey()).isEqualTo(ScriptedConnector.HOST_KEY.openSsh());
        assertThat(seen.facts()).satisfies(facts -> {
            assertThat(facts.memoryMiB()).isEqualTo(1024);
            assertThat(facts.disks()).singleElement().satisfies(disk -> assertThat(disk.serial())
                    .isEqualTo("S1"));
        });
        assertThat(done(Step.Preflight)).isEqualTo(seen);
        assertThat(started()).isEmpty();
    }

    @Test
    void preflightFindsTheMachineInTheInstallerWhereOnlyRootMayLogIn() {
        machine.installer();
        machine.connector.refuse(ConnectFailure.AUTHENTICATION_FAILED, "admin is nobody in the installer");
        assertThat(done(Step.Preflight).situation())
                .satisfies(now -> assertThat(now.isInstaller()).isTrue());
        assertThat(machine.connector.attempts())
                .extracting(attempt -> attempt.endpoint().user())
                .containsExactly("admin", "root");
    }

    @Test
    void everyLoginOfTheSpecIsTriedOnceWithItsOwnAddressUserAndKey() {
        machine.spec = machine.spec.replace(
                "credentialsSecretRef: {name: key}",
                "credentialsSecretRef: {name: key}, installer: {host: 192.0.2.6, port: 2222}, installed: {host: 192.0.2.6,"
                        + " port: 2222, user: root}");
        machine.installerLogin = Login.of(Secret.of("another key"));
        for (int n = 0; n < 2; n++) {
            machine.connector.refuse(ConnectFailure.AUTHENTICATION_FAILED, "not this one");
        }
        assertThat(machine.advance(Step.Preflight)).isInstanceOf(StepOutcome.Done.class);
        assertThat(machine.connector.attempts())
                .extracting(attempt -> attempt.endpoint().toString(), attempt -> attempt.login()
                        .equals(Login.of(Secret.of("another key"))))
                .containsExactly(
                        tuple("admin@192.0.2.5:22", false),
                        tuple("root@192.0.2.6:2222", true),
                        tuple("root@192.0.2.6:2222", false));
    }

    @Test
    void oneLoginForAllSystemsIsTriedOnce() {
        machine.spec = machine.spec.replace("user: admin, ", "");
        machine.connector.refuse(ConnectFailure.AUTHENTICATION_FAILED, "not this one");
        assertThat(machine.advance(Step.Preflight)).isInstanceOf(StepOutcome.Failed.class);
        assertThat(machine.connector.attempts()).hasSize(1);
    }

    /** Or the next try would trust what this one refused. */
    @Test
    void aRefusedHostKeyIsNotRemembered() {
        machine.strict = true;
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(machine.advance(Step.Preflight)).isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> {
                assertThat(seen(failed).hostKey()).isNull();
                assertThat(seen(failed).refused())
                        .isEqualTo(new Identity.Presented(
                                ScriptedConnector.HOST_KEY.openSsh(), ScriptedConnector.HOST_KEY.fingerprint(), false));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"nothing, true", "another, false"})
    void aRefusedHostKeyIsToldAndMayBeAcceptedWhereTheSpecGivesNone(String given, boolean acceptable) {
        machine.given = Set.copyOf(keys(given));
        machine.pinned = keys("another");
        StepOutcome.Failed failed = (StepOutcome.Failed) machine.advance(Step.Preflight);
        assertThat(Objects.requireNonNull(seen(failed).refused()).acceptable()).isEqualTo(acceptable);
    }

    private static StepOutcome.Seen seen(StepOutcome.Failed failed) {
        return Objects.requireNonNull(failed.seen(), failed.message());
    }

    @ParameterizedTest(name = "given {0}, pinned {1}, expected {2}: {3}")
    @CsvSource({
        "nothing, nothing, nothing, accepted",
        "nothing, its own, nothing, accepted",
        "nothing, another, nothing, refused",
        "nothing, another, its own, accepted",
        "its own, another, nothing, accepted",
        "another, its own, nothing, refused",
        "another, its own, its own, accepted",
        "nothing, unreadable, nothing, refused",
        "nothing, nothing, unreadable, refused",
        "nothing, unreadable, its own, accepted",
        "its own, unreadable, nothing, accepted",
    })
    void givenHostKeysWinOverThePinnedOne(String given, String pinned, String expected, String verdict) {
        machine.given = Set.copyOf(keys(given));
        machine.pinned = keys(pinned);
        machine.expected = keys(expected);
        assertThat(machine.advance(Step.Preflight) instanceof StepOutcome.Done).isEqualTo(verdict.equals("accepted"));
    }

    @ParameterizedTest(name = "{0}, known {1}: {2}")
    @CsvSource({
        "a key, nothing, accepted",
        "a password, nothing, refused",
        "a password, its own, accepted",
        "a key and sudo's password, nothing, refused",
        "a key and sudo's password, its own, accepted",
    })
    void noPasswordIsToldToAHostThatNobodyVouchedFor(String login, String pinned, String verdict) {
        Secret password = Secret.of("secret");
        machine.login = login.equals("a password") ? Login.ofPassword(password) : machine.login;
        machine.privilege = login.contains("sudo") ? new Privilege(Privilege.Method.SUDO, password) : machine.privilege;
        machine.pinned = keys(pinned);
        StepOutcome outcome = machine.advance(Step.Preflight);
        assertThat(outcome instanceof StepOutcome.Done).isEqualTo(verdict.equals("accepted"));
        if (outcome instanceof StepOutcome.Failed failed) {
            assertThat(failed.reason()).isEqualTo(Reason.HostKeyMismatch);
            assertThat(Objects.requireNonNull(seen(failed).refused()).acceptable())
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "given {0}, accepted {1}: warned {2}")
    @CsvSource({"nothing, false, true", "its own, false, false", "nothing, true, false"})
    void aHostKeyThatNobodyVouchedForIsAWarningOfThePlan(String given, boolean accepted, boolean warned) {
        String hash = Objects.requireNonNull(done(Step.Plan).draft()).hash();
        machine.given = Set.copyOf(keys(given));
        machine.accepted = accepted ? ScriptedConnector.HOST_KEY.fingerprint() : null;
        assertThat(done(Step.Plan).draft()).satisfies(draft -> {
            assertThat(draft.warnings().toString().contains(ScriptedConnector.HOST_KEY.toString()))
                    .isEqualTo(warned);
            assertThat(draft.hash()).isEqualTo(hash);
        });
    }

    private static List<HostKey> keys(String whose) {
        return switch (whose) {
            case "its own" -> List.of(ScriptedConnector.HOST_KEY);
            case "another" -> List.of(ReasonsTest.OTHER_KEY);
            case "unreadable" -> List.of(new HostKey("ssh-rsa", "AAAAB3NzaC1yc2EAAAADAQ…"));
            default -> List.of();
        };
    }

    @Test
    void aKeptConnectionIsNotUsedOnceItsKeyIsNotTrusted() {
        machine.pinned = keys("its own");
        done(Step.Preflight);
        machine.given = Set.copyOf(keys("another"));
        assertThat(machine.advance(Step.Plan))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.HostKeyMismatch));
    }

    @Test
    void aKeptConnectionIsNotUsedOnceItsPasswordChanged() {
        machine.pinned = keys("its own");
        done(Step.Preflight);
        machine.privilege = new Privilege(Privilege.Method.SUDO, Secret.of("password"));
        done(Step.Plan);
        assertThat(machine.connector.attempts())
                .extracting(Target::privilege)
                .containsExactly(Privilege.AUTO, machine.privilege);
    }

    @Test
    void oneConnectionServesManySteps() {
        done(Step.Preflight);
        done(Step.Plan);
        done(Step.Observe);
        assertThat(machine.connector.attempts()).hasSize(1);
    }

    @Test
    void planOfABlankDiskNeedsNobody() {
        assertThat(done(Step.Plan).draft()).satisfies(draft -> {
            assertThat(draft.need()).isEqualTo(ApprovalNeed.None);
            assertThat(draft.disks()).hasSize(1);
        });
        assertThat(done(Step.Plan).draft()).isEqualTo(done(Step.Plan).draft());
    }

    @Test
    void planOfAFullDiskNeedsAnApprovalByPolicy() {
        machine.disks = TestMachine.disks(false, "5368709120");
        assertThat(done(Step.Plan).draft())
                .satisfies(draft -> assertThat(draft.need()).isEqualTo(ApprovalNeed.ByPolicy));
    }

    @Test
    void planOfADiskThatAnotherMachineObjectMadeAlwaysNeedsAnApproval() {
        machine.says.put("marker.disk", machine.marker(TestMachine.DB_1, "op-0", Marker.State.INSTALLED));
        assertThat(done(Step.Plan).draft()).satisfies(draft -> {
            assertThat(draft.need()).isEqualTo(ApprovalNeed.Always);
            assertThat(draft.warnings()).anyMatch(warning -> warning.contains("default/db-1"));
        });
    }

    @Test
    void aForeignMarkerOnTheSecondDiskIsNotOverlooked() {
        machine.says.put("marker.disk", machine.marker("op-0", Marker.State.INSTALLED));
        machine.says.put("marker.disk.1", machine.marker(TestMachine.DB_1, "op-8", Marker.State.INSTALLED));
        assertThat(done(Step.Plan).draft()).satisfies(draft -> {
            assertThat(draft.need()).isEqualTo(ApprovalNeed.Always);
            assertThat(draft.warnings()).anyMatch(warning -> warning.contains("default/db-1"));
        });
    }

    @Test
    void aPlanWarnsWhereTheLayoutTellsNixosAnotherDisk() {
        machine.given = Set.copyOf(keys("its own"));
        assertThat(done(Step.Plan).draft())
                .satisfies(draft -> assertThat(draft.warnings()).isEmpty());
        machine.spec += "disks: [{name: main, selector: {serial: S1}}]\n";
        assertThat(done(Step.Plan).draft()).satisfies(draft -> assertThat(draft.warnings())
                .singleElement()
                .asString()
                .contains("names /dev/disk/by-id/virtio-S1 for disk main", "boot.loader.grub.devices"));
    }

    @Test
    void planOfADiskWithNeitherSerialNorWwnAlwaysNeedsAnApproval() {
        machine.disks = machine.disks.replace("\"serial\":\"S1\",", "").replace(",\"serial\":\"S1\"", "");
        assertThat(done(Step.Plan).draft())
                .satisfies(draft -> assertThat(draft.need()).isEqualTo(ApprovalNeed.Always));
    }

    @Test
    void planOfAnOwnInstallationIsSubjectToTheWipePolicy() {
        machine.says.put("marker.disk", machine.marker("op-0", Marker.State.INSTALLED));
        assertThat(done(Step.Plan).draft())
                .satisfies(draft -> assertThat(draft.need()).isNotEqualTo(ApprovalNeed.Always));
    }

    @Test
    void kexecLeavesAndComesBackAsAnInstaller() {
        machine.host.jobs().plan("kexec-1").exits(0, "::step 4/4 kexec\nmachine will boot into nixos in 6s...\n");
        machine.onPause.add(machine::installer);
        StepOutcome.Seen seen = done(Step.Kexec);
        assertThat(seen.situation()).satisfies(now -> assertThat(now.bootId()).isEqualTo(TestMachine.INSTALLER_BOOT));
        assertThat(machine.host.jobs().started()).singleElement().satisfies(job -> assertThat(job.args())
                .contains("http://images/x86_64.tar.gz"));
        done(Step.Kexec);
        assertThat(started()).containsExactly("kexec-1");
    }

    @Test
    void kexecIsFoundAgainAfterTheOperatorDied() {
        machine.host
                .jobs()
                .plan("kexec-1")
                .exits(0, "machine will boot into nixos in 6s...\n")
                .afterLooks(3);
        dev.nixosoperator.remote.Jobs.start(
                machine.host,
                new JobId(TestMachine.OPERATION, "kexec-1"),
                dev.nixosoperator.remote.JobSpec.sh("true", "uid-1"));
        machine.onPause.add(machine::installer);
        done(Step.Kexec);
        assertThat(started()).containsExactly("kexec-1");
        assertThat(machine.host.calls("receive.sh")).isEmpty();
    }

    @Test
    void gateOpens() {
        machine.installer();
        machine.approve(false);
        machine.cacheHolds(true);
        done(Step.Gate);
        done(Step.Gate);
        assertThat(started()).isEmpty();
    }

    private ScriptedJobs.Plan disksJob() {
        return machine.host
                .jobs()
                .plan("disks")
                .exits(0, "::step 1/3 destroy\n")
                .with(() -> machine.mounted(Marker.State.FORMAT_DONE));
    }

    @Test
    void disksAreMadeOnce() {
        machine.installer();
        machine.approve(true);
        machine.keys = Map.of("/run/keys/root", Secret.of("top secret"));
        disksJob();
        done(Step.Disks);
        done(Step.Disks);
        assertThat(started()).containsExactly("disks");
        assertThat(machine.host.files().get("/run/keys/root")).satisfies(file -> {
            assertThat(file.mode()).isEqualTo("0400");
            assertThat(file.text()).isEqualTo("top secret");
        });
        assertThat(machine.host.calls())
                .noneMatch(call -> call.argv().toString().contains("top secret"));
        assertThat(machine.progress.toString()).doesNotContain("top secret");
    }

    @Test
    void disksFollowTheRunningJobThroughALostConnection() {
        machine.installer();
        machine.approve(true);
        disksJob().afterLooks(4);
        // the answer to the start is lost: what is known then is only that a job may run
        machine.host.breakAt(9, ScriptedHost.Break.ANSWER_LOST);
        done(Step.Disks);
        assertThat(started()).containsExactly("disks");
        assertThat(machine.connector.attempts()).hasSizeGreaterThan(1);
    }

    @Test
    void disksAreOnlyMountedAfterARestart() {
        machine.installer();
        machine.approve(true);
        machine.says.put("boot_id", "44444444-boot");
        machine.says.put("marker.disk", machine.marker(TestMachine.OPERATION, Marker.State.FORMAT_DONE));
        machine.host.jobs().plan("mount-1").exits(0, "").with(() -> machine.mounted(Marker.State.FORMAT_DONE));
        done(Step.Disks);
        assertThat(machine.host.jobs().started()).singleElement().satisfies(job -> assertThat(job.args())
                .contains("TryMount"));
    }

    @Test
    void disksAreNotTouchedWithoutAnIntent() {
        machine.installer();
        machine.approve(false);
        assertThat(machine.advance(Step.Disks)).isInstanceOf(StepOutcome.Elsewhere.class);
        assertThat(started()).isEmpty();
        assertThat(machine.host.files()).isEmpty();
    }

    @Test
    void disksAreNotTouchedWhenTheApprovalWasTakenBack() {
        machine.installer();
        machine.approve(true);
        machine.approved = false;
        assertThat(machine.advance(Step.Disks)).isInstanceOf(StepOutcome.Elsewhere.class);
        assertThat(started()).isEmpty();
        assertThat(machine.host.files()).isEmpty();
    }

    /** What was begun is not undone by that. */
    @Test
    void disksThatAreMadeAreMadeWhateverBecameOfTheApproval() {
        machine.installer();
        machine.approve(true);
        disksJob();
        done(Step.Disks);
        machine.approved = false;
        done(Step.Disks);
        assertThat(started()).containsExactly("disks");
    }

    @Test
    void disksAreNotTouchedWhenTheyChangedSinceTheIntent() {
        machine.installer();
        machine.approve(true);
        machine.disks = TestMachine.disks(false, "5368709120");
        assertThat(machine.advance(Step.Disks)).isInstanceOf(StepOutcome.Elsewhere.class);
        assertThat(started()).isEmpty();
    }

    @Test
    void disksThatCouldNotBeMountedAreMountedAgainAndNotFormatted() {
        machine.installer();
        machine.approve(true);
        machine.host.jobs().plan("disks").exits(1, "::failed mount\n");
        machine.host.jobs().plan("mount-1").exits(0, "").with(() -> machine.mounted(Marker.State.FORMAT_DONE));
        done(Step.Disks);
        assertThat(started()).containsExactly("disks", "mount-1");
    }

    @Test
    void copyTakesWhatIsMissing() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.cacheHolds(true);
        machine.host
                .jobs()
                .plan("copy-1")
                .exits(0, "copying path '/nix/store/x' from 'http://cache'...\n")
                .with(machine::copied);
        done(Step.Copy);
        done(Step.Copy);
        assertThat(started()).containsExactly("copy-1");
        assertThat(machine.progress).anyMatch(progress -> progress.message().equals("1 of 1 paths"));
    }

    @Test
    void filesTellTheKeysThatTheSystemWillShow() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.files = List.of(new MachineInputs.PlacedFile("/etc/token", Secret.of("token-value"), "0600", "0:0"));
        assertThat(done(Step.Files).expectedHostKeys()).containsExactly(ScriptedConnector.HOST_KEY.openSsh());
        assertThat(done(Step.Files)).isEqualTo(done(Step.Files));
        assertThat(machine.host.calls("place-file.sh").getFirst()).satisfies(call -> {
            assertThat(call.stdinText()).isEqualTo("token-value");
            assertThat(call.args()).containsExactly("/etc/token", "0600", "0:0", "11");
        });
        assertThat(machine.host.calls())
                .noneMatch(call -> call.argv().toString().contains("token-value"));
    }

    @Test
    void installMarksTheMachineOnce() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.host.jobs().plan("install-1").exits(0, "installation finished!\n");
        done(Step.Install);
        machine.says.put(
                "marker.disk",
                machine.host.calls("mark-installed.sh").getFirst().stdinText());
        done(Step.Install);
        assertThat(started()).containsExactly("install-1");
    }

    @Test
    void installThatEndedWhileNobodyLookedIsNotBegunAgain() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.host.jobs().plan("install-1").exits(0, "installation finished!\n");
        done(Step.Install);
        // The operator was killed before it wrote the marker.
        done(Step.Install);
        assertThat(started()).containsExactly("install-1");
        assertThat(machine.host.calls("mark-installed.sh")).hasSize(2);
    }

    /** The log of an installation that ended while nobody looked counts as well. */
    @Test
    void installIsNotProvenByAnEndThatNobodyHeard() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.host.jobs().plan("install-1").exits(0, "Failed to install bootloader\ninstallation finished!\n");
        machine.host.jobs().plan("install-2").exits(0, "installation finished!\n");
        assertThat(machine.advance(Step.Install)).isInstanceOf(StepOutcome.Failed.class);
        assertThat(machine.host.calls("mark-installed.sh")).isEmpty();
        done(Step.Install);
        assertThat(started()).containsExactly("install-1", "install-2");
    }

    @Test
    void copyCountsWhatIsThereAlready() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.cacheHolds(true);
        machine.host.jobs().plan("copy-1").exits(0, "").with(machine::copied);
        machine.host
                .whenScript("room.sh")
                .exits(0, "free=3\nhas." + TestMachine.TOPLEVEL.substring("/nix/store/".length()) + "=yes\n");
        done(Step.Copy);
    }

    @Test
    void rebootTakesALostConnectionForSuccess() {
        machine.mounted(Marker.State.INSTALLED);
        machine.host.whenScript("reboot.sh").returns(new dev.nixosoperator.remote.CommandResult.Lost("gone"));
        done(Step.Reboot);
        machine.installed();
        done(Step.Reboot);
        assertThat(machine.host.calls("reboot.sh")).hasSize(1);
    }

    @Test
    void verifyWaitsForTheSystem() {
        machine.connector.refuse(ConnectFailure.CONNECT_TIMEOUT, "nothing");
        machine.onPause.add(machine::installed);
        done(Step.Verify);
        done(Step.Verify);
    }

    @Test
    void stepsOfTheInstallerSayWhereTheMachineIsInstead() {
        for (Step step : List.of(Step.Gate, Step.Disks, Step.Copy, Step.Build, Step.Files, Step.Install)) {
            assertThat(machine.advance(step)).as("%s", step).isInstanceOf(StepOutcome.Elsewhere.class);
        }
        assertThat(started()).isEmpty();
    }

    @Test
    void workThatIsNoLongerWantedIsStopped() {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.cacheHolds(true);
        machine.cancelled = true;
        assertThat(machine.advance(Step.Copy)).isInstanceOf(StepOutcome.Cancelled.class);
        assertThat(machine.host.calls("job.sh"))
                .anyMatch(call -> call.args().getFirst().equals("cancel"));
    }
}
