package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import dev.nixosoperator.bench.LabVm;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The reset button is pressed while the disks are made: nothing is formatted again until a person says so. */
@ExtendWith(KubernetesApiExtension.class)
class ResetDuringDisksIT {
    private final KubernetesApi api;

    ResetDuringDisksIT(KubernetesApi api) {
        this.api = api;
    }

    @Test
    @Timeout(2400)
    void anInterruptedFormatWaitsForAPerson() {
        // Debian stays on its own disk, so that the machine comes back after the reset.
        try (Scenario story = new Scenario(api, "reset", LabVm.start(LabVm.Firmware.BIOS, "4G"))) {
            story.applyEncryptedLayout(LabVm.Firmware.BIOS, "lab-disk1");
            story.applyMachine("root", "Upload");
            story.await("the disks", status -> Scenario.isAt(status, Step.Disks)); // an empty disk needs no approval
            Awaitility.await("the first partition")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() ->
                            !story.vm.exec("ls /dev/vdb1 2>/dev/null; true").isEmpty());
            String begun = plan(story.status()).hash();
            story.vm.powerReset();

            story.await(
                    "the interruption to be seen",
                    status -> Scenario.reason(status).equals("FormatInterrupted")
                            && Scenario.is(status, "Stalled", Condition.TRUE)
                            && status.plan() != null
                            && status.plan().operation() != null);
            String disk = content(story);
            Awaitility.await("nothing is written")
                    .during(Duration.ofSeconds(20))
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> written(story).equals("0"));
            assertThat(content(story)).isEqualTo(disk);

            MachinePlan plan = story.approve();
            assertThat(plan.interrupted()).isTrue();
            assertThat(plan.hash()).as("the plan that was begun is spent").isNotEqualTo(begun);
            story.await("the copy after an approved format", status -> Scenario.isAt(status, Step.Copy));
            assertThat(content(story)).isNotEqualTo(disk);
        }
    }

    private static MachinePlan plan(NixosMachineStatus status) {
        return Objects.requireNonNull(status.plan());
    }

    private static String content(Scenario story) {
        return story.vm.exec("blkid -p /dev/vdb; lsblk -no NAME,FSTYPE,UUID,PARTUUID /dev/vdb");
    }

    /** Sectors written or discarded since the boot, as the kernel counts. */
    private static String written(Scenario story) {
        return story.vm.exec("awk '{ print $7 + $14 }' /sys/block/vdb/stat");
    }
}
