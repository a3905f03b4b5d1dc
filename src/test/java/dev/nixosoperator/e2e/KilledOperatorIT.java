package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator is killed while its work runs on the machine; a new one goes on with the same work. */
@ExtendWith(KubernetesApiExtension.class)
class KilledOperatorIT {
    private static final String AT_THE_FIRST_MOUNT =
            "until mountpoint -q /mnt; do sleep 0.1; done; echo kept > /mnt/kept; " + Scenario.IDENTITIES;

    private final KubernetesApi api;

    KilledOperatorIT(KubernetesApi api) {
        this.api = api;
    }

    @Test
    @Timeout(2400)
    void theSameRemoteWorkIsFollowedByANewOperator() throws InterruptedException {
        try (Scenario story = new Scenario(api, "killed", LabVm.start(LabVm.Firmware.BIOS))) {
            story.applyEncryptedLayout(LabVm.Firmware.BIOS, "lab-disk0");
            story.applyMachine("root", "Upload");
            story.approve();

            RemoteJob disks = RemoteJob.await(story, Step.Disks);
            Path identities = story.file("identities.txt");
            Process firstMount = story.vm.follow(AT_THE_FIRST_MOUNT, identities);
            String operation = Scenario.operation(story.status());
            killDuring(story, disks, Step.Disks);
            assertThat(firstMount.waitFor()).isZero();
            killDuring(story, RemoteJob.await(story, Step.Copy), Step.Copy);
            killDuring(story, RemoteJob.await(story, Step.Install), Step.Install);

            story.await("verification", status -> Scenario.isAt(status, Step.Verify));
            story.unlock();
            NixosMachineStatus ready = story.await("Ready", Scenario::isReady);
            assertThat(Objects.requireNonNull(ready.install()).id()).isEqualTo(operation);
            assertThat(story.vm.exec("cat /kept")).isEqualTo("kept");
            assertThat(identities)
                    .as("as they were when the new root was mounted for the first time")
                    .hasContent(story.vm.exec(Scenario.IDENTITIES))
                    .content()
                    .contains("DEVNAME=/dev/mapper/cryptroot\nUUID=");
        }
    }

    /** The process is alive before and after the operator dies and when the new one is there, and is the only one there ever was. */
    private static void killDuring(Scenario story, RemoteJob job, Step step) {
        story.operator().kill();
        job.assertAlive();
        job.hold();
        story.restartOperator();
        Awaitility.await("the new operator to look at the machine")
                .atMost(Duration.ofMinutes(2))
                .until(() -> story.operator().metric("nixos_operator_ssh_connects_total{result=\"CONNECTED\"") > 0);
        job.assertAlive();
        job.release();
        System.out.printf("killed during %s, process %s goes on%n", step, job.process());
        story.await("the step after " + step, status -> Scenario.isPast(status, step));
        job.assertBegunOnce();
    }
}
