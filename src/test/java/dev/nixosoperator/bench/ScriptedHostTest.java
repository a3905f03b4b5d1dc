package dev.nixosoperator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Files;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobLook;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScriptedHostTest {
    private static final JobId DISKS = new JobId("op1", "disks");

    private final ScriptedHost host = new ScriptedHost();

    @Test
    void answersByRuleAndRecords() {
        host.whenProgram("lsblk").exits(0, "{}");
        host.whenProgram("lsblk", "-V").fails(2, "too old");
        assertThat(host.run(Command.of("lsblk", "--json"))).isEqualTo(new CommandResult.Exited(0, "{}", ""));
        assertThat(host.run(Command.of("lsblk", "-V")).ok()).isFalse();
        assertThat(host.calls()).hasToString("[lsblk --json, lsblk -V]");
        assertThatThrownBy(() -> host.run(Command.of("reboot"))).isInstanceOf(AssertionError.class);
    }

    @Test
    void keepsFiles() {
        Files.write(host, "/etc/x", "0400", "0:0", "secret".getBytes(StandardCharsets.UTF_8));
        assertThat(host.files())
                .hasEntrySatisfying("/etc/x", file -> assertThat(file.text()).isEqualTo("secret"));
    }

    @Test
    void jobsGoAsPlanned() {
        host.jobs().plan("disks").exits(3, "one\ntwo\n").afterLooks(2);
        JobSpec spec = JobSpec.bash("true", "uid-1", "a", "b");
        assertThat(Jobs.look(host, DISKS)).isEqualTo(new JobState.Absent());
        assertThat(Jobs.start(host, DISKS, spec)).isEqualTo(new JobState.Running("4242", 0));
        assertThat(Jobs.start(host, new JobId("op2", "disks"), spec)).isEqualTo(new JobState.Locked("uid-1"));
        assertThat(Jobs.start(host, DISKS, spec)).isInstanceOf(JobState.Running.class);
        JobLook end = Jobs.watch(host, DISKS, 4, Duration.ofSeconds(1));
        assertThat(end).isEqualTo(new JobLook(new JobState.Exited(3, 8), "two\n", 8));
        assertThat(host.jobs().started()).singleElement().satisfies(started -> {
            assertThat(started.args()).containsExactly("a", "b");
            assertThat(started.interpreter()).isEqualTo("bash");
            assertThat(started.script()).isEqualTo("true");
        });
    }

    @Test
    void dropsTheConnection() {
        host.breakAt(1, ScriptedHost.Break.ANSWER_LOST);
        JobSpec spec = JobSpec.sh("true", "uid-1");
        assertThat(Jobs.start(host, DISKS, spec)).isInstanceOf(JobState.Unknown.class);
        assertThat(host.isOpen()).isFalse();
        assertThat(host.jobs().started()).hasSize(1);
        host.open();
        assertThat(Jobs.look(host, DISKS)).isInstanceOf(JobState.Running.class);
        host.jobs().exit(DISKS, 0);
        assertThat(Jobs.look(host, DISKS)).isEqualTo(new JobState.Exited(0, 0));
    }
}
