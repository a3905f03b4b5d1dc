package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Operation.Intent;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.Marker.State;
import dev.nixosoperator.lifecycle.Situation.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The one rule before a format, as a table. Intent: for plan {@code P}, in boot {@code b1}, of operation {@code op}. */
class FormatDecisionTest {
    private static final MachineId OTHER = new MachineId("uid-2", "default", "db-1");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // what                                | running       | boot | intent | plan | on disk     | in tmpfs
                // | job   | then
                "nothing begun                         | INSTALLER     | b1   | yes    | P    | -           | -         | false | START",
                "our old system is on the disk         | INSTALLER     | b1   | yes    | P    | ours        | -         | false | START",
                "a foreign marker that may go          | INSTALLER     | b1   | yes    | P    | may-go      | -         | false | START",
                "no intent                             | INSTALLER     | b1   | no     | P    | -           | -         | false | REFUSE",
                "not the installer                     | FOREIGN_LINUX | b1   | yes    | P    | -           | -         | false | REFUSE",
                "a running system                      | NIXOS         | b1   | yes    | P    | -           | -         | false | REFUSE",
                "the disks are not those of the plan   | INSTALLER     | b1   | yes    | Q    | -           | -         | false | REFUSE",
                "the disks fit no plan                 | INSTALLER     | b1   | yes    | -    | -           | -         | false | REFUSE",
                "a foreign marker                      | INSTALLER     | b1   | yes    | P    | foreign     | -         | false | FOREIGN",
                "the job is there                      | INSTALLER     | b1   | yes    | Q    | -           | started   | true  | ATTACH",
                "the job directory is gone             | INSTALLER     | b1   | yes    | P    | -           | started   | false | TRY_MOUNT",
                "restarted since the intent            | INSTALLER     | b2   | yes    | P    | -           | -         | false | TRY_MOUNT",
                "restarted, formatted before           | INSTALLER     | b2   | yes    | Q    | done        | -         | false | TRY_MOUNT",
                "done and mounted                      | INSTALLER     | b1   | yes    | Q    | done-mounted| done      | true  | DONE"
            })
    void decides(
            String what,
            Running running,
            String boot,
            String intent,
            @Nullable String plan,
            @Nullable String onDisk,
            @Nullable String inTmpfs,
            boolean job,
            FormatDecision then) {
        Intent promise = new Intent("P", "b1", Timestamp.parse("2026-01-01T00:00:00Z"), "op-allowed");
        Situation now = new Situation(
                running,
                boot,
                "m",
                "dmi-1",
                marker(inTmpfs),
                marker(onDisk),
                "done-mounted".equals(onDisk),
                null,
                null);
        assertThat(FormatDecision.decide(Story.ID, "op", intent.equals("yes") ? promise : null, now, plan, job))
                .as(what)
                .isEqualTo(then);
    }

    private static @Nullable Marker marker(@Nullable String which) {
        return switch (which) {
            case null -> null;
            case "ours" -> Story.marker("op-before", Story.ID, null, State.INSTALLED);
            case "may-go" -> Story.marker("op-allowed", OTHER, null, State.INSTALLED);
            case "foreign" -> Story.marker("op-other", OTHER, null, State.INSTALLED);
            case "started" -> Story.marker("op", Story.ID, null, State.FORMAT_STARTED);
            default -> Story.marker("op", Story.ID, null, State.FORMAT_DONE);
        };
    }
}
