package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Jobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTest {
    private final ScriptedHost host = new ScriptedHost();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 100})
    void theNextJobIsTheOneAfterAllThatEnded(int ended) {
        for (int n = 1; n <= ended; n++) {
            host.jobs().plan("copy-" + n).exits(1, "");
            Jobs.start(host, new JobId("op", "copy-" + n), JobSpec.sh("true", "uid"));
        }
        assertThat(Work.next(host, "op", "copy")).isEqualTo(new JobId("op", "copy-" + (ended + 1)));
        Jobs.start(host, new JobId("op", "copy-" + (ended + 1)), JobSpec.sh("true", "uid"));
        assertThat(Work.next(host, "op", "copy")).as("it runs").isEqualTo(new JobId("op", "copy-" + (ended + 1)));
    }

    @Test
    void aMachineThatSaysOfEveryJobThatItEndedIsAskedAFewTimesOnly() {
        host.whenScript("job.sh").returns(new CommandResult.Exited(0, "exited 0 0\n", ""));
        Work.next(host, "op", "copy");
        assertThat(host.calls()).hasSizeLessThan(50);
    }
}
