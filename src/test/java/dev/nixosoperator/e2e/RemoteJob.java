package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.LabVm;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;

/**
 * The work of a step on the machine, looked at from outside of the operator.
 *
 * @param directories pattern of the directories of all its tries
 * @param process its pid and start time as they are in the pid file
 */
record RemoteJob(LabVm vm, String directories, String process) {
    /** Waits until a process of the step lives. */
    static RemoteJob await(Scenario story, Step step) {
        story.await(step + " to be on", status -> Scenario.isAt(status, step));
        String directories = "/run/nixos-operator/" + Scenario.operation(story.status()) + "/"
                + step.name().toLowerCase(Locale.ROOT) + "*";
        String process = Awaitility.await("the work of " + step)
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> alive(story.vm, directories), alive -> !alive.isEmpty());
        return new RemoteJob(story.vm, directories, process);
    }

    private static String alive(LabVm vm, String directories) {
        return vm.exec("for d in " + directories + "; do [ -e \"$d/pid\" ] && read -r pid start < \"$d/pid\" &&"
                + " [ -d \"/proc/$pid\" ] && [ ! -e \"$d/exit\" ] && echo \"$pid $start\"; done; true");
    }

    void assertAlive() {
        assertThat(alive(vm, directories)).isEqualTo(process);
    }

    /** There was no other process than this one. */
    void assertBegunOnce() {
        assertThat(vm.exec("cat " + directories + "/pid")).isEqualTo(process);
    }

    /** Stops its processes, so that it is where it is when the test has looked, however quick the machine is. */
    void hold() {
        signal("STOP");
    }

    void release() {
        signal("CONT");
    }

    private void signal(String name) {
        vm.exec("kill -s " + name + " -- -" + process.split(" ", 2)[0]);
    }
}
