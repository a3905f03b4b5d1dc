package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LabVm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** From {@code kubectl apply} to a machine that came back as NixOS. */
@ExtendWith(KubernetesApiExtension.class)
class InstallIT {
    /** Size of the root's partition, which leaves some of the disk free. */
    private static final String SMALL = "3G";

    private final KubernetesApi api;

    InstallIT(KubernetesApi api) {
        this.api = api;
    }

    /** It has no way to anywhere, and gets all it needs over the operator's connection. */
    @Test
    @Timeout(2400)
    void debianBecomesNixosOnBios() throws IOException {
        try (Scenario story = new Scenario(api, "bios", LabVm.startAlone(LabVm.Firmware.BIOS));
                Canaries canaries = Canaries.watch(story)) {
            NixosMachineStatus ready = install(
                    story,
                    LabVm.Firmware.BIOS,
                    () -> story.applyMachineAlone("admin"),
                    canaries,
                    canaries::lookInTheInstaller);
            assertThat(installed(ready).toplevel()).isEqualTo(story.lab.toplevelMany());
            settledMeansNoWrites(story);
            canaries.lookInThisBoot();
            growsWhereThePolicySaysSo(story);
            adoptedWhenStatusIsLost(story, ready);
            adoptedWhenTheObjectIsReplaced(story, ready);
            canaries.assertNoneButIn("/var/lib/secrets/token");
        }
    }

    @Test
    @Timeout(2400)
    void debianBecomesNixosFromAFlakeOnUefi() throws IOException {
        try (Scenario story = new Scenario(api, "uefi", LabVm.start(LabVm.Firmware.UEFI));
                LabFlake flake = LabFlake.serve(story.lab, story.file("flake"));
                Canaries canaries = Canaries.watch(story)) {
            NixosMachineStatus ready = install(
                    story,
                    LabVm.Firmware.UEFI,
                    () -> story.applyMachineWithFlake("root", "Download", flake, "web-1"),
                    canaries,
                    () -> movesOn(story, flake, canaries));
            assertThat(installed(ready).toplevel()).endsWith("-nixos-system-lab-25.11.flake");
            assertThat(Objects.requireNonNull(installed(ready).builtFrom()).locked())
                    .startsWith(flake.url() + "?narHash=");
            outdatedWhereTheSpecNamesAnotherOne(story, flake);
            assertThat(story.vm.exec("ls /sys/firmware/efi")).contains("efivars");
            canaries.assertNoneButIn("/var/lib/secrets/token");
        }
    }

    /** The flake's URL is another source once the disks are written: that is not built, but the one that was resolved. */
    private static void movesOn(Scenario story, LabFlake flake, Canaries canaries) {
        NixosMachineStatus resolved = story.await("the flake to be resolved", status -> revision(status) != null);
        flake.moveOn();
        assertThat(Objects.requireNonNull(resolved.operation()).intent()).isNotNull();
        canaries.lookInTheInstaller();
        NixosMachineStatus refused = story.await("another source to be refused", status -> Scenario.reason(status)
                .equals("SourceUnavailable"));
        assertThat(Objects.requireNonNull(refused.failure()).message()).contains("NAR hash mismatch");
        assertThat(revision(refused)).startsWith("sha256-").isEqualTo(revision(resolved));
        flake.moveBack();
    }

    private static @Nullable String revision(NixosMachineStatus status) {
        return status.system() == null ? null : status.system().revision();
    }

    /** Nothing is done to the machine. */
    private static void outdatedWhereTheSpecNamesAnotherOne(Scenario story, LabFlake flake) {
        String disks = disks(story);
        story.applyMachineWithFlake("root", "Download", flake, "\"web.example.org\"");
        NixosMachineStatus outdated = story.await(
                "the other system to be missed", status -> Scenario.is(status, "UpToDate", Condition.FALSE));
        assertThat(Scenario.isReady(outdated)).isTrue();
        afterLooks(story, 2);
        assertThat(disks(story)).isEqualTo(disks);
        assertThat(jobs(story)).isEmpty();
    }

    private static InstallRecord installed(NixosMachineStatus status) {
        return Objects.requireNonNull(status.install());
    }

    /** @param inTheInstaller what is done and looked at once it runs */
    private static NixosMachineStatus install(
            Scenario story,
            LabVm.Firmware firmware,
            Runnable applyMachine,
            Canaries canaries,
            Runnable inTheInstaller) {
        long began = System.nanoTime();
        story.applySecrets();
        story.applyLayout(firmware, layout -> layout.replace("100%", SMALL));
        applyMachine.run();
        MachinePlan plan = story.approve();
        long approved = System.nanoTime();
        assertThat(plan.disks()).singleElement().satisfies(disk -> {
            assertThat(disk.serial()).isEqualTo("lab-disk0");
            assertThat(disk.content()).contains("ext4");
        });
        story.await("the installer", status -> Scenario.isPast(status, Step.Kexec));
        inTheInstaller.run();
        RemoteJob installation = RemoteJob.await(story, Step.Install);
        installation.hold();
        canaries.assertNoneOnTheMachineBut("/run/keys/root");
        installation.release();
        story.await("verification", status -> Scenario.isAt(status, Step.Verify));
        story.unlock();
        NixosMachineStatus ready = story.await("Ready", Scenario::isReady);
        double wall = (System.nanoTime() - approved) / 1e9;
        // The part before the approval is left out of the wall, and the steps before it out of the sum.
        double working = story.operator().metric("nixos_operator_step_seconds_sum")
                - story.operator().metric("nixos_operator_step_seconds_sum{result=\"done\",step=\"Preflight\"")
                - story.operator().metric("nixos_operator_step_seconds_sum{result=\"done\",step=\"Plan\"");
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f s from apply, %.1f s from approval to Ready, %.1f s of them between the steps (goal <= 2)%n",
                firmware,
                (System.nanoTime() - began) / 1e9,
                wall,
                wall - working);

        assertThat(story.vm.exec("readlink -f /run/current-system"))
                .isEqualTo(installed(ready).toplevel());
        assertThat(story.vm.exec("lsblk -no TYPE $(findmnt -no SOURCE /)")).contains("crypt");
        assertThat(story.vm.exec("cat /var/lib/secrets/token; stat -c ' %a %u:%g' /var/lib/secrets/token"))
                .isEqualTo(Scenario.EXTRA + " 440 0:0");
        assertThat(story.vm.exec("cat /etc/ssh/ssh_host_ed25519_key.pub"))
                .as("the host key is kept through kexec and installation")
                .startsWith(story.lab.targetHostKey());
        assertThat(story.cache.requests()).anyMatch(path -> path.endsWith(".narinfo"));
        assertThat(Objects.requireNonNull(ready.install()).adopted()).isFalse();
        assertThat(story.api.kubectl("wait", "-n", story.namespace, "--for=condition=Ready", "nixosmachine/web-1"))
                .contains("condition met");
        return ready;
    }

    /** Ten looks at a settled machine write nothing: no object, no event, as the API server and the operator count. */
    private static void settledMeansNoWrites(Scenario story) {
        afterLooks(story, 1);
        String versions = story.versions();
        double writes = writes(story);
        afterLooks(story, 10);
        assertThat(story.versions()).contains("NixosMachine", "Event").isEqualTo(versions);
        assertThat(writes(story)).isPositive().isEqualTo(writes);
    }

    /** The root takes the rest of its disk while it runs: partition, LUKS and file system. */
    private static void growsWhereThePolicySaysSo(Scenario story) {
        String disks = disks(story);
        String sectors = sectors(story);
        story.applyLayout(LabVm.Firmware.BIOS, layout -> layout);
        NixosMachineStatus differs =
                story.await("the difference to be told", status -> isInSync(status, Condition.FALSE));
        assertThat(Scenario.isReady(differs)).isTrue();
        assertThat(sectors(story)).as("only reported").isEqualTo(sectors);
        story.applyLayout(
                LabVm.Firmware.BIOS, layout -> layout.replace("spec:", "spec:\n  changePolicy: ApplyAdditive"));
        story.await("the growth", status -> isInSync(status, Condition.TRUE));
        assertThat(sectors(story)).isNotEqualTo(sectors);
        assertThat(story.vm.exec("p=$(blockdev --getsize64 /dev/vda3); d=$(blockdev --getsize64 /dev/vda);"
                        + " f=$(df --output=size -B1 / | tail -n 1);"
                        + " [ $((d - p)) -lt $((300 << 20)) ] && [ $((p - f)) -lt $((p / 10)) ] && echo whole"))
                .isEqualTo("whole");
        assertThat(disks(story)).as("what was there is the same").isEqualTo(disks);
    }

    private static boolean isInSync(NixosMachineStatus status, String value) {
        return Scenario.is(status, "LayoutInSync", value);
    }

    private static String sectors(Scenario story) {
        return story.vm.exec("lsblk -nbo NAME,SIZE /dev/vda");
    }

    private static void afterLooks(Scenario story, int number) {
        double before = looks(story);
        Awaitility.await(number + " looks")
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> looks(story) >= before + number);
    }

    private static double writes(Scenario story) {
        return story.operator().metric("nixos_operator_status_writes_total");
    }

    private static double looks(Scenario story) {
        return story.operator().metric("nixos_operator_step_seconds_count{result=\"done\",step=\"Observe\"");
    }

    private static void adoptedWhenStatusIsLost(Scenario story, NixosMachineStatus ready) {
        adopted(
                story,
                ready,
                () -> story.api.kubectl(
                        "patch",
                        "nixosmachine/web-1",
                        "-n",
                        story.namespace,
                        "--subresource=status",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/status\"}]"));
    }

    private static void adoptedWhenTheObjectIsReplaced(Scenario story, NixosMachineStatus ready) {
        adopted(story, ready, () -> {
            story.api.kubectl("delete", "nixosmachine/web-1", "-n", story.namespace, "--timeout=60s");
            story.applyMachineAlone("root");
        });
    }

    /** After this nothing is done but a look. */
    private static void adopted(Scenario story, NixosMachineStatus ready, Runnable loss) {
        String disks = disks(story);
        String jobs = jobs(story);
        int told = story.events().size();
        loss.run();
        NixosMachineStatus again = story.await(
                "adoption",
                status -> Scenario.isReady(status)
                        && status.install() != null
                        && status.install().adopted());
        InstallRecord record = Objects.requireNonNull(again.install());
        assertThat(record.id())
                .isEqualTo(Objects.requireNonNull(ready.install()).id());
        assertThat(disks(story)).as("nothing was done to the disks").isEqualTo(disks);
        // Events are written one after the other: with Ready all before it are there.
        List<String> events = Awaitility.await("the events of the adoption")
                .until(() -> story.events().stream().skip(told).toList(), since -> since.stream()
                        .anyMatch(event -> event.startsWith("Ready ")));
        assertThat(events)
                .anyMatch(event -> event.startsWith("Adopted "))
                .filteredOn(event -> event.startsWith("StepStarted "))
                .allMatch(event -> event.startsWith("StepStarted Preflight,"));
        assertThat(jobs(story)).as("no job was begun").isEqualTo(jobs);
    }

    private static String jobs(Scenario story) {
        return story.vm.exec("[ ! -e /run/nixos-operator ] || find /run/nixos-operator -name script | sort");
    }

    /** Boot, UUIDs and the marker: what any work on the disks would change. */
    private static String disks(Scenario story) {
        return String.join(
                "\n",
                List.of(
                        story.vm.bootId(),
                        story.vm.exec(Scenario.IDENTITIES),
                        story.vm.exec("stat -c %Y /nix/var/nixos-operator/machine.json")));
    }
}
