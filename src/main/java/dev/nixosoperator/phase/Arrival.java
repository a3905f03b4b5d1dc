package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The wait for the installer after {@code kexec/run} sent the machine off.
 *
 * @param left the visit to the system that was left
 * @param log the last words of kexec
 */
record Arrival(StepContext context, Visit left, Pause pause, List<String> log) {
    /** A kernel, an initrd and sshd on slow hardware; before that nobody is told to cut the power. */
    private static final Duration ENOUGH = Duration.ofMinutes(5);

    private static final String AGAIN =
            "; then annotate nixos-operator.dev/reconcile-requested-at to go on from what runs then";

    /**
     * Waits until an installer answers.
     *
     * @param unbegun what is told where the old boot still runs and nothing is left there that could end it: the job
     *     never reached the machine, or was killed
     */
    StepOutcome await(@Nullable StepOutcome unbegun) {
        context.access().close(context.machine().uid());
        new Says(context, Step.Kexec).message("waiting for the installer");
        Poll poll = new Poll(context, pause);
        Instant sent = context.clock().instant();
        Failed last;
        do {
            if (context.cancelled().getAsBoolean()) {
                return new StepOutcome.Cancelled(false);
            }
            switch (Visits.visit(context, List.of(Role.INSTALLER, Role.INITIAL), Visits.Depth.SITUATION)) {
                case Visits.Visited.At at -> {
                    if (isHere(at.visit())) {
                        return new StepOutcome.Done(at.visit().seen());
                    }
                    if (!isInTheOldBoot(at.visit())) {
                        return recovered(at.visit());
                    }
                    if (unbegun != null) {
                        return unbegun;
                    }
                    last = stayed(at.visit());
                }
                case Visits.Visited.Not not -> {
                    if (not.failure().reason() == Reason.HostKeyMismatch) {
                        return not.failure();
                    }
                    last = not.silent() && not.failure().reason() != Reason.JumpHostUnreachable
                            ? silent(not.failure(), sent)
                            : with(not.failure());
                }
            }
        } while (poll.again());
        return last.reason() == Reason.KexecNotEntered ? with(last, Traces.of(context, left.role())) : last;
    }

    private boolean isHere(Visit now) {
        return now.situation().isInstaller() && !isInTheOldBoot(now);
    }

    private boolean isInTheOldBoot(Visit now) {
        return now.situation().bootId().equals(left.situation().bootId());
    }

    private Failed stayed(Visit now) {
        return new Failed(
                Reason.KexecNotEntered,
                "kexec was started, but the machine still runs the old system in the same boot; the next try uses"
                        + " another system call of kexec",
                log,
                now.seen());
    }

    /** The old system came back by itself: the new kernel crashed, or somebody was quicker than the installer. */
    private Failed recovered(Visit now) {
        return with(
                new Failed(
                        Reason.KexecNotEntered,
                        "the machine restarted into its old system instead of the installer; what it kept of that is in"
                                + " the log, and the next try uses another system call of kexec",
                        log,
                        now.seen()),
                Traces.of(now.host()));
    }

    private Failed silent(Failed failure, Instant sent) {
        Duration waited = Duration.between(sent, context.clock().instant());
        if (waited.compareTo(ENOUGH) < 0) {
            return new Failed(
                    Reason.ConnectionLost,
                    ("the machine left for the installer %d s ago and does not answer yet (%s); the time of this try is"
                                    + " over, the next one waits on. Kexec in spec.install.stepTimeouts gives a try more")
                            .formatted(waited.toSeconds(), failure.message()),
                    log,
                    null);
        }
        return new Failed(
                Reason.KexecNoReturn,
                "the machine left for the installer and does not answer (" + failure.message()
                        + "); the old system on its disk is untouched, a power cycle brings it back" + AGAIN
                        + ". It may have come up at another address: "
                        + Network.of(left.reading()).candidates()
                        + "; then give that in spec.connection.installer.host",
                log,
                null);
    }

    private Failed with(Failed failure) {
        return with(failure, log);
    }

    private static Failed with(Failed failure, List<String> more) {
        List<String> all = Stream.concat(failure.log().stream(), more.stream()).toList();
        return new Failed(failure.reason(), failure.message(), all, failure.seen());
    }
}
