package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LabVm;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator is killed while its work runs on the machine; a new one goes on with the same work. */
@ExtendWith(KubernetesApiExtension.class)
class KilledOperatorIT {
    private final KubernetesApi api;

    KilledOperatorIT(KubernetesApi api) {
        this.api = api;
    }

    @Test
    @Timeout(2400)
    void theSameRemoteWorkIsFollowedByANewOperator() {
        try (Scenario story = new Scenario(api, "killed", LabVm.start(LabVm.Firmware.BIOS))) {
            story.applyEncryptedLayout(LabVm.Firmware.BIOS, "lab-disk0");
            story.applyMachine("root", "Upload");
            story.approve();

            killDuring(story, "Disks", "disks");
            String operation = operation(story.status()).id();
            story.await("copy", status -> Scenario.isAt(status, "Copy"));
            story.vm.exec("echo kept > /mnt/kept");
            String uuids = uuids(story);
            killDuring(story, "Copy", "copy");
            killDuring(story, "Install", "install");

            story.await("verification", status -> Scenario.isAt(status, "Verify"));
            story.unlock();
            NixosMachineStatus ready = story.await("Ready", Scenario::isReady);
            assertThat(Objects.requireNonNull(ready.install()).id()).isEqualTo(operation);
            assertThat(story.vm.exec("cat /kept")).isEqualTo("kept");
            assertThat(uuids(story)).isEqualTo(uuids);
        }
    }

    /** Of the partitions, LUKS among them; what lies in the LUKS is shown by the file that is kept. */
    private static String uuids(Scenario story) {
        return story.vm.exec("lsblk -rno TYPE,UUID,PARTUUID /dev/vda | grep ^part");
    }

    private static Operation operation(NixosMachineStatus status) {
        return Objects.requireNonNull(status.operation());
    }

    /** The job's process is alive before and after the operator dies, and is the only one there ever was. */
    private static void killDuring(Scenario story, String step, String job) {
        story.await(step, status -> Scenario.isAt(status, step));
        String directory = "/run/nixos-operator/" + operation(story.status()).id() + "/" + job + "*";
        Awaitility.await("the work of " + step)
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !alive(story, directory).isEmpty());
        String before = alive(story, directory);
        story.operator().kill();
        assertThat(alive(story, directory))
                .as("the work of %s goes on without the operator", step)
                .isEqualTo(before);
        System.out.printf("killed during %s, process %s goes on%n", step, before);
        story.restartOperator();
        story.await("the step after " + step, status -> status.operation() == null || !Scenario.isAt(status, step));
        assertThat(story.vm.exec("ls -d " + directory).lines())
                .as("%s was begun once", step)
                .hasSize(1);
        assertThat(story.vm.exec("cut -d' ' -f1 " + directory + "/pid"))
                .isEqualTo(before.lines().findFirst().orElse(""));
    }

    /** The process ids of the job that live. */
    private static String alive(Scenario story, String directory) {
        return story.vm.exec("for p in " + directory + "/pid; do [ -e \"$p\" ] && pid=$(cut -d' ' -f1 \"$p\") &&"
                + " [ -d \"/proc/$pid\" ] && [ ! -e \"${p%/pid}/exit\" ] && echo \"$pid\"; done; true");
    }
}
