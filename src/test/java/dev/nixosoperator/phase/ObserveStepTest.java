package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.PreflightFinding.Result;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.Secret;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a look at a machine without an operation asks, and what no policy but Managed lets a step do. */
class ObserveStepTest {
    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void aDebian() {
        machine = new TestMachine(cache);
    }

    private Seen looked() {
        return ((Done) machine.advance(Step.Observe)).seen();
    }

    @Test
    void whatIsOnlyObservedIsLookedAtForFactsAndReportAndPlan() {
        machine.spec += "managementPolicy: ObserveOnly\n";
        machine.disks = TestMachine.disks(false, "5368709120");
        Seen seen = looked();
        assertThat(Objects.requireNonNull(seen.facts()).memoryMiB()).isEqualTo(1024);
        assertThat(seen.preflight()).extracting(PreflightFinding::check).contains("Memory", "SecureBoot");
        assertThat(Objects.requireNonNull(seen.draft()).disks())
                .singleElement()
                .satisfies(disk -> assertThat(disk.content()).contains("ext4"));
        assertThat(looked()).isEqualTo(seen);
        assertThat(machine.host.calls())
                .extracting(ScriptedHost.Call::script)
                .containsOnly("facts.sh", "block-devices.sh");
    }

    @Test
    void aRefusalIsAFindingAndSoIsAPlanThatCannotBeMade() {
        machine.spec += "managementPolicy: ObserveOnly\n";
        machine.says.put("memory.total", "512");
        machine.layout = machine.layout.replace("virtio-S1", "virtio-S2");
        Seen seen = looked();
        assertThat(seen.preflight().stream().filter(finding -> finding.result() == Result.Failed))
                .extracting(PreflightFinding::check, PreflightFinding::reason)
                .containsExactly(tuple("Memory", Reason.InsufficientMemory), tuple("Plan", Reason.DiskNotFound));
        assertThat(seen.draft()).isNull();
    }

    @Test
    void disksThatWereNotToldAreAskedForAgain() {
        machine.spec += "managementPolicy: ObserveOnly\n";
        machine.disks = "sh: lsblk: not found";
        assertThat(machine.advance(Step.Observe))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.FactsFailed));
    }

    @Test
    void withoutALayoutThereIsAReportAndNoPlan() {
        machine.spec = machine.spec.replace("diskLayoutRef: {name: plain}\n", "") + "managementPolicy: ObserveOnly\n";
        machine.layout = "";
        Seen seen = looked();
        assertThat(seen.preflight()).isNotEmpty();
        assertThat(seen.draft()).isNull();
    }

    @Test
    void whatIsOnlyUpdatedIsAskedWhereItIs() {
        machine.spec += "managementPolicy: UpdateOnly\n";
        machine.installed();
        assertThat(looked().preflight()).isEmpty();
        assertThat(machine.host.calls()).extracting(ScriptedHost.Call::script).containsOnly("situation.sh");
    }

    /** lsblk alone is asked: a probe would wake disks that sleep. */
    @Test
    void theDisksOfAnInstalledMachineAreComparedWithItsLayout() {
        machine.installed();
        assertThat(looked().drift()).isNull();
        machine.install = record();
        assertThat(looked().drift())
                .containsExactly("spec.devices.disk.main.content: found nothing on the machine; the layout says gpt");
        assertThat(machine.host.calls().getLast().argv()).endsWith("unprobed");
        machine.disks = "no lsblk";
        assertThat(looked().drift()).isNull();
    }

    private static final String ROOT =
            """
            {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":1048576,"fstype":null,"partlabel":"disk-main-bios"},
            {"name":"vda2","kname":"vda2","path":"/dev/vda2","type":"part","size":10737418240,"fstype":"ext4","partlabel":"disk-main-root","mountpoint":"/"}""";
    private static final String SWAP =
            """
            ,{"name":"vda3","kname":"vda3","path":"/dev/vda3","type":"part","size":1073741824,"fstype":"swap","partlabel":"disk-main-swap"}""";

    private static String partitions(String partitions) {
        return """
                {"version":1,"probes":null,"links":[{"link":"/dev/disk/by-id/virtio-S1","target":"/dev/vda"}],"lsblk":{"blockdevices":[
                {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":64424509440,"serial":"S1","fstype":null,"pttype":"gpt","children":[%s]}]}}"""
                .formatted(partitions);
    }

    private static InstallRecord record() {
        return new InstallRecord(
                TestMachine.OPERATION,
                Timestamp.of(Instant.EPOCH),
                "layout",
                null,
                null,
                null,
                null,
                List.of(),
                false,
                null,
                List.of());
    }

    /** One whose layout got a swap partition at the end. */
    private void installedWithoutSwap(ChangePolicy policy) {
        machine.installed();
        machine.install = record();
        machine.changePolicy = policy;
        machine.layout = machine.layout.replace("size: 100%", "size: 10G")
                + "        swap: {size: 1G, priority: 2000, content: {type: swap}}\n";
        machine.disks = partitions(ROOT);
    }

    @Test
    void whatIsMissingIsAddedWhereTheLayoutSaysSo() {
        installedWithoutSwap(ChangePolicy.ApplyAdditive);
        machine.host
                .jobs()
                .plan("add-1")
                .with(() -> machine.disks = partitions(ROOT + SWAP))
                .exits(0, "");
        Seen seen = looked();
        assertThat(seen.drift()).isEmpty();
        assertThat(seen.layout()).isNotNull().isNotEqualTo("layout");
        assertThat(machine.host.jobs().started()).singleElement().satisfies(job -> {
            assertThat(job.id()).isEqualTo(new JobId(TestMachine.OPERATION, "add-1"));
            assertThat(job.owner()).isEqualTo("uid-1");
            assertThat(job.script()).contains("\ngpt_partition d1 3 disk-main-swap ", "\nmake_swap d1p3\n");
        });
        assertThat(looked()).isEqualTo(seen);
        assertThat(machine.host.jobs().started()).hasSize(1);
    }

    @Test
    void nothingIsAddedUnlessEverybodySaysSo() {
        String missing = "spec.devices.disk.main.content.partitions.swap: is not on the machine";
        installedWithoutSwap(ChangePolicy.ReportDrift);
        assertThat(looked().drift()).containsExactly(missing);
        assertThat(looked().layout()).isNull();
        machine.changePolicy = ChangePolicy.ApplyAdditive;
        machine.spec += "managementPolicy: UpdateOnly\n";
        assertThat(looked().drift()).containsExactly(missing);
        machine.spec = machine.spec.replace("UpdateOnly", "Managed");
        machine.disks = partitions(ROOT.replace("disk-main-root", "mine"));
        assertThat(looked().drift())
                .containsExactly(
                        "spec.devices.disk.main.content.partitions.root: is named 'mine' on the machine; the layout says"
                                + " 'disk-main-root' (ApplyAdditive does not change that)",
                        missing);
        machine.disks = partitions(ROOT)
                .replace(
                        "]}]}}",
                        "]},{\"name\":\"vdb\",\"kname\":\"vdb\",\"path\":\"/dev/vdb\",\"type\":\"disk\",\"size\":64424509440,\"serial\":\"S1\"}]}}");
        assertThat(looked().drift())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("nothing is added: ")
                .contains("cannot be told from another disk");
        assertThat(machine.host.jobs().started()).isEmpty();
    }

    @Test
    void anAdditionThatFailsIsTriedAgainLater() {
        installedWithoutSwap(ChangePolicy.ApplyAdditive);
        machine.host.jobs().plan("add-1").exits(73, "::failed start: the program sgdisk is missing\n");
        assertThat(machine.advance(Step.Observe)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.AdditionFailed);
            assertThat(failed.message()).contains("the program sgdisk is missing");
            assertThat(Objects.requireNonNull(failed.seen()).drift()).hasSize(1);
        });
        machine.host
                .jobs()
                .plan("add-2")
                .with(() -> machine.disks = partitions(ROOT + SWAP))
                .exits(0, "");
        assertThat(looked().drift()).isEmpty();
    }

    /** A clone, a restored backup or a stranger may have the address and the host key. */
    @Test
    void nothingIsAddedToAnotherMachine() {
        installedWithoutSwap(ChangePolicy.ApplyAdditive);
        machine.says.put("dmi_uuid", "d2");
        assertThat(looked().drift()).hasSize(2).first().asString().contains("another machine answers");
        machine.says.put("dmi_uuid", "d1");
        machine.installed(TestMachine.TOPLEVEL, machine.marker("an older one", Marker.State.INSTALLED));
        assertThat(looked().drift()).hasSize(2).first().asString().contains("marker");
        assertThat(machine.host.jobs().started()).isEmpty();
    }

    @Test
    void anAdditionThatChangesNothingIsAFailure() {
        installedWithoutSwap(ChangePolicy.ApplyAdditive);
        machine.host.jobs().plan("add-1").exits(0, "");
        assertThat(machine.advance(Step.Observe)).isInstanceOfSatisfying(Failed.class, failed -> assertThat(
                        failed.message())
                .contains("still differs: spec.devices.disk.main.content.partitions.swap: is not on the machine"));
    }

    private static final String KEY = "/run/keys/crypt";

    private void installedWithoutLuks() {
        installedWithoutSwap(ChangePolicy.ApplyAdditive);
        machine.layout = machine.layout.replace(
                "content: {type: swap}", "content: {type: luks, name: c, passwordFile: %s}".formatted(KEY));
        machine.keys = Map.of(KEY, Secret.of("passphrase"));
    }

    private List<String> brought() {
        return machine.host.calls().stream()
                .filter(call -> "brought-files.sh".equals(call.script()))
                .map(call -> String.join(" ", call.args()))
                .toList();
    }

    @Test
    void aKeyThatIsBroughtIsTakenAwayHoweverItEnds() {
        installedWithoutLuks();
        machine.host.jobs().plan("add-1").exits(73, "::failed start: the program sgdisk is missing\n");
        assertThat(machine.advance(Step.Observe)).isInstanceOf(Failed.class);
        assertThat(machine.host.jobs().started().getFirst().script()).contains("\nbegin add " + KEY + "\nneed ");
        assertThat(brought()).containsExactly("claim " + KEY, "forget " + KEY);
    }

    @Test
    void aKeyOfTheSystemItselfIsNeitherReplacedNorRemoved() {
        installedWithoutLuks();
        machine.host.whenScript("brought-files.sh").exits(1, KEY + "\n");
        assertThat(machine.advance(Step.Observe))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.message()).contains(KEY + " is there already"));
        assertThat(machine.host.jobs().started()).isEmpty();
        assertThat(machine.host.files()).isEmpty();
        assertThat(brought()).containsExactly("claim " + KEY);
    }

    /** The job of an earlier look may still read it. */
    @Test
    void whereAKeyIsNotGivenNoneIsTakenAway() {
        installedWithoutLuks();
        machine.keys = Map.of();
        assertThat(machine.advance(Step.Observe))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.message()).contains(KEY + " is in no entry"));
        assertThat(brought()).isEmpty();
    }

    @Test
    void aKeyThatCannotBeWrittenIsTakenAway() {
        installedWithoutLuks();
        machine.host.whenScript("write-file.sh").fails(1, "no space");
        assertThat(machine.advance(Step.Observe))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.message()).contains("cannot write " + KEY));
        assertThat(brought()).containsExactly("claim " + KEY, "forget " + KEY);
    }

    /** The installer of a reboot that went wrong, or a rescue system, says nothing of the installed system's mounts. */
    @Test
    void anotherSystemIsNotAskedForThem() {
        machine.install = record();
        machine.installer();
        assertThat(looked().drift()).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, mode = EnumSource.Mode.EXCLUDE, names = "Observe")
    void noOtherStepDoesAnythingThere(Step step) {
        machine.installer();
        machine.approve(true);
        machine.spec += "managementPolicy: ObserveOnly\n";
        refuses(step);
        machine.spec = machine.spec.replace("ObserveOnly", "UpdateOnly");
        refuses(step);
    }

    private void refuses(Step step) {
        assertThat(machine.advance(step)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.PolicyChanged);
            assertThat(failed.message()).contains("managementPolicy");
        });
        assertThat(machine.host.calls()).isEmpty();
    }
}
