package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Made;
import dev.nixosoperator.nix.PublicKey;
import dev.nixosoperator.nix.StorePath;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Script;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Builds the system in the installer, into the store under {@code /mnt}, from the revision that status names. */
final class BuildStep implements PhaseStep {
    private static final Script BUILD = Script.load("build.sh");

    private final Pause pause;

    BuildStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.onDisks(context, visit -> build(context, visit));
    }

    private StepOutcome build(StepContext context, Visit visit) {
        FlakeSource source = Objects.requireNonNull(Operations.flake(context), "a build of nothing");
        if (source.locked() == null) {
            return switch (FlakeLock.resolve(visit, source)) {
                case FlakeLock.Resolved.To to -> made(visit, new Made(to.source(), null));
                case FlakeLock.Resolved.Not not -> not.failure();
            };
        }
        JobId job = Work.next(visit.host(), Operations.of(context).id(), "build");
        return switch (BuiltSystem.of(visit.host(), FlakeBuild.installable(source))) {
            case BuiltSystem.At at -> judged(context, visit, source, at.toplevel());
            case BuiltSystem.Unheard unheard -> Failed.of(Reason.ConnectionLost, unheard.why());
            case BuiltSystem.None none -> {
                Work work = new Work(context, Role.INSTALLER, pause, false, null);
                Counter counter = new Counter(new Says(context, Step.Build), source);
                yield ended(
                        context,
                        visit,
                        source,
                        work,
                        work.startAndFollow(visit.host(), job, spec(context, source), counter::line));
            }
        };
    }

    private static StepOutcome made(Visit visit, Made made) {
        return new StepOutcome.Done(visit.seen().withMade(made));
    }

    /** What could not be known before there was a system. */
    private static StepOutcome judged(StepContext context, Visit visit, FlakeSource source, StorePath toplevel) {
        Optional<Failed> foreign = new Closure(Closure.TARGET, List.of()).foreign(context, visit, toplevel);
        if (!visit.host().isOpen()) {
            return Failed.of(Reason.ConnectionLost, "the connection broke while it was asked what was built");
        }
        return foreign.<StepOutcome>map(failure -> failure)
                .orElseGet(() -> made(visit, new Made(source, toplevel.toString())));
    }

    private static JobSpec spec(StepContext context, FlakeSource source) {
        return JobSpec.sh(
                BUILD.text(),
                context.machine().uid(),
                FlakeBuild.installable(source),
                String.join(" ", Closure.buildCaches(context)),
                Closure.keys(context).stream().map(PublicKey::toString).collect(Collectors.joining(" ")));
    }

    private static StepOutcome ended(StepContext context, Visit visit, FlakeSource source, Work work, Work.End end) {
        StepOutcome common = work.common(end, "the build");
        if (common != null) {
            return common;
        }
        if (!(end instanceof Work.End.Exited exited)) {
            List<String> log = end instanceof Work.End.Late late ? late.log() : List.of();
            return new Failed(
                    Reason.BuildFailed,
                    "the build was stopped: not at its end in time; give it longer in spec.install.stepTimeouts (Build) and spec.install.timeout",
                    log,
                    visit.seen());
        }
        if (!exited.ok()) {
            Failed failed = BuildFault.of(source, exited, memory(context));
            return new Failed(failed.reason(), failed.message(), failed.log(), visit.seen());
        }
        return Visits.inInstaller(
                context, Visits.Depth.SITUATION, after -> proven(context, after, source, exited.tail()));
    }

    private static String memory(StepContext context) {
        Facts facts = context.status().facts();
        return facts == null ? "nobody knows how much" : facts.memoryMiB() + " MiB";
    }

    /** The job says so; the machine must show it. A job of an earlier wish may have been found running. */
    private static StepOutcome proven(StepContext context, Visit visit, FlakeSource source, List<String> log) {
        return switch (BuiltSystem.of(visit.host(), FlakeBuild.installable(source))) {
            case BuiltSystem.At at -> judged(context, visit, source, at.toplevel());
            case BuiltSystem.Unheard unheard -> Failed.of(Reason.ConnectionLost, unheard.why());
            case BuiltSystem.None none ->
                new Failed(
                        Reason.ConnectionLost,
                        "an earlier build was found and ended; that of %s comes after it".formatted(source.locked()),
                        log,
                        visit.seen());
        };
    }

    /** How many there will be is known to nobody: what is built tells what else must be. */
    private static final class Counter {
        private final Says says;
        private int built;
        private int fetched;

        private Counter(Says says, FlakeSource source) {
            this.says = says;
            says.message("evaluating " + source.locked());
        }

        private void line(String line) {
            if (line.startsWith("building '")) {
                built++;
            } else if (line.startsWith("copying path '")) {
                fetched++;
            } else {
                return;
            }
            says.message("%d built, %d fetched".formatted(built, fetched));
        }
    }
}
