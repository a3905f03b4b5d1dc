package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.disk.Unlock;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries every key of the layout once more before the reboot: a machine that nobody can unlock is lost to its owner. */
final class UnlockProof {
    private static final Script UNLOCKS = Script.load("unlocks.sh");

    private UnlockProof() {}

    /** The first device that its key does not open. Without the Disks step nobody brought the keys to the machine. */
    static Optional<Failed> missing(StepContext context, Visit visit, @Nullable Layout layout) {
        return layout == null || !Course.of(context.spec()).has(Step.Disks)
                ? Optional.empty()
                : layout.unlocks().stream()
                        .map(unlock -> tried(visit, unlock))
                        .flatMap(Optional::stream)
                        .findFirst();
    }

    private static Optional<Failed> tried(Visit visit, Unlock unlock) {
        List<String> args = new ArrayList<>(List.of(unlock.name(), unlock.form(), unlock.file()));
        args.addAll(unlock.arguments());
        CommandResult result = visit.host().run(Command.script(UNLOCKS, args).withTimeout(Duration.ofMinutes(2)));
        return result.ok()
                ? Optional.empty()
                : Optional.of(
                        result.ended()
                                ? new Failed(Reason.UnlockFailed, refused(unlock, result), List.of(), visit.seen())
                                : Failed.of(
                                        Reason.ConnectionLost,
                                        "cannot tell whether the keys open the disks: " + result.summary()));
    }

    private static String refused(Unlock unlock, CommandResult result) {
        return ("the key in %s does not open LUKS %s (%s): after a reboot nobody could unlock it, so the machine stays in"
                        + " the installer. Compare the Secret of spec.install.encryptionKeys (and its stripNewline) with"
                        + " the one that the disks were made with")
                .formatted(unlock.file(), unlock.name(), result.summary());
    }
}
