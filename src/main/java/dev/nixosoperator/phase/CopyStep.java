package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.PublicKey;
import dev.nixosoperator.nix.StorePath;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings the system's closure into the store under {@code /mnt}. */
final class CopyStep implements PhaseStep {
    /** Without a new path for this long the copy is stopped. */
    static final Duration STALL = Duration.ofMinutes(5);

    private static final Script COPY = Script.load("copy.sh");

    private final Pause pause;

    CopyStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.onDisks(context, visit -> copy(context, visit));
    }

    private StepOutcome copy(StepContext context, Visit visit) {
        StorePath toplevel = Operations.toplevel(context);
        JobId job = Work.next(visit.host(), Operations.of(context).id(), "copy");
        Work work = new Work(context, Role.INSTALLER, pause, false, STALL);
        if (Closure.valid(visit.host(), Closure.TARGET, toplevel).ok()) {
            return new StepOutcome.Done(visit.seen());
        }
        return switch (Closure.find(context, visit.host())) {
            case Closure.Found.Not not -> not.failure();
            case Closure.Found.At at -> {
                Optional<Failed> full = Room.missing(visit, at.closure());
                if (full.isPresent()) {
                    yield full.get();
                }
                if (at.closure().store().equals(Closure.RELAYED)) {
                    StepOutcome failed = new Relay(context).push(visit, toplevel);
                    yield failed == null ? proven(context) : failed;
                }
                Counter counter = new Counter(new Says(context, Step.Copy), at.closure());
                yield ended(
                        context,
                        visit,
                        work,
                        work.startAndFollow(visit.host(), job, spec(context, at.closure()), counter::line));
            }
        };
    }

    private static JobSpec spec(StepContext context, Closure closure) {
        boolean local = closure.store().equals(Closure.LOCAL);
        return JobSpec.sh(
                COPY.text(),
                context.machine().uid(),
                Operations.toplevel(context).toString(),
                local ? "" : String.join(" ", Closure.caches(context)),
                Closure.keys(context).stream().map(PublicKey::toString).collect(Collectors.joining(" ")));
    }

    private static StepOutcome ended(StepContext context, Visit visit, Work work, Work.End end) {
        StepOutcome common = work.common(end, "the copy");
        if (common != null) {
            return common;
        }
        if (!(end instanceof Work.End.Exited exited)) {
            List<String> log = end instanceof Work.End.Late late ? late.log() : List.of();
            String why = end instanceof Work.End.Late late ? late.message() : "stopped";
            return new Failed(Reason.CopyFailed, "the copy was stopped: " + why, log, visit.seen());
        }
        if (exited.ok()) {
            return proven(context);
        }
        return new Failed(reason(exited), message(exited), exited.tail(), visit.seen());
    }

    /** Nix says it is done; the store under /mnt must say so too. */
    private static StepOutcome proven(StepContext context) {
        return Visits.inInstaller(context, Visits.Depth.SITUATION, visit -> {
            CommandResult valid = Closure.valid(visit.host(), Closure.TARGET, Operations.toplevel(context));
            return valid.ok()
                    ? new StepOutcome.Done(visit.seen())
                    : new Failed(
                            valid.ended() ? Reason.CopyFailed : Reason.ConnectionLost,
                            "after the copy %s is not seen to be valid in the store under /mnt: %s"
                                    .formatted(Operations.toplevel(context), valid.summary()),
                            List.of(),
                            visit.seen());
        });
    }

    private static Reason reason(Work.End.Exited exited) {
        if (exited.says("not signed by any of the keys|lacks a (valid )?signature|no valid signature")) {
            return Reason.SignatureRejected;
        }
        if (exited.says("no space left|disk full|file system is full")) {
            return Reason.StoreFull;
        }
        return exited.says("does not exist|don't know how to build|is not valid|no substituter")
                ? Reason.StorePathNotFound
                : Reason.CopyFailed;
    }

    private static String message(Work.End.Exited exited) {
        List<String> errors =
                exited.log().stream().filter(line -> line.contains("error:")).toList();
        return "copying the system failed: "
                + (errors.isEmpty()
                        ? "exit code " + exited.code()
                        : errors.getLast().strip());
    }

    /** Counts paths: the log of a job that is not on a terminal has one line for each. */
    private static final class Counter {
        private final Says says;
        private final Closure closure;
        private int copied;

        private Counter(Says says, Closure closure) {
            this.says = says;
            this.closure = closure;
        }

        private void line(String line) {
            if (line.contains("copying path ")) {
                copied++;
                int all = closure.paths().size();
                says.part(Math.min(copied, all) - 1, all, copied + " of " + all + " paths");
            }
        }
    }
}
