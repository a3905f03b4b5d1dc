package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.PreflightFinding.Result;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers facts and checks every requirement of the coming steps before anything changes; all of it is one report. */
final class PreflightStep implements PhaseStep {
    private static final List<Check> CHECKS = Stream.of(
                    MachineChecks.all(),
                    KexecChecks.all(),
                    ArchiveChecks.all(),
                    MemoryCheck.all(),
                    NetworkChecks.all(),
                    LoginChecks.all())
            .flatMap(List::stream)
            .toList();

    private final Settings settings;
    private final Images images;

    PreflightStep(Settings settings, Images images) {
        this.settings = settings;
        this.images = images;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        return switch (look(context)) {
            case Looked.At at -> refusal(at.seen());
            case Looked.Not not -> not.failure();
        };
    }

    /** The facts and what the checks make of them. */
    sealed interface Looked {
        record At(Visit visit, Seen seen) implements Looked {}

        record Not(Failed failure) implements Looked {}
    }

    Looked look(StepContext context) {
        return switch (Visits.visit(context, order(context), Visits.Depth.FACTS)) {
            case Visits.Visited.At at -> judged(context, at.visit());
            case Visits.Visited.Not not -> new Looked.Not(reported(not.failure()));
        };
    }

    /** Where the machine most likely is comes first. */
    static List<Role> order(StepContext context) {
        return context.status().install() != null
                ? List.of(Role.INSTALLED, Role.INSTALLER, Role.INITIAL)
                : List.of(Role.INITIAL, Role.INSTALLER, Role.INSTALLED);
    }

    private Looked judged(StepContext context, Visit visit) {
        Seen seen = seen(visit).withPreflight(report(context, visit));
        return visit.host().isOpen()
                ? new Looked.At(visit, seen)
                : new Looked.Not(Failed.of(Reason.ConnectionLost, "the connection broke while facts were gathered"));
    }

    private List<PreflightFinding> report(StepContext context, Visit visit) {
        if (MachineChecks.facts(visit.reading()) instanceof Check.Verdict.Failed missing) {
            return List.of(PreflightFinding.failed(MachineChecks.FACTS, missing.reason(), missing.message()));
        }
        Archives.Source image =
                Archives.Source.of(context.spec(), settings, visit.reading().get("architecture"));
        return Check.report(
                CHECKS,
                new Examination(
                        context.machine(),
                        context.spec(),
                        visit.situation(),
                        Operations.foundIn(context),
                        visit.reading(),
                        image,
                        images.size(image)));
    }

    static Seen seen(Visit visit) {
        return new Seen(
                        visit.situation(),
                        visit.reading().facts(Planning.facts(visit.host())),
                        visit.hostKey().openSsh(),
                        List.of(),
                        null)
                .withJumpHosts(visit.jumpHosts());
    }

    /** The first refusal gives the reason, all of them the message. */
    private static StepOutcome refusal(Seen seen) {
        List<PreflightFinding> failed = seen.preflight().stream()
                .filter(finding -> finding.result() == Result.Failed)
                .toList();
        if (failed.isEmpty()) {
            return new StepOutcome.Done(seen);
        }
        String message = failed.size() == 1
                ? failed.getFirst().message()
                : "%d checks failed: %s"
                        .formatted(
                                failed.size(),
                                failed.stream()
                                        .map(finding -> finding.check() + ": " + finding.message())
                                        .collect(Collectors.joining("; ")));
        return new Failed(Objects.requireNonNull(failed.getFirst().reason()), message, List.of(), seen);
    }

    /** What the machine said of itself, or did not, before the checks could begin. A machine that is silent reports nothing. */
    private static Failed reported(Failed failure) {
        String check =
                switch (failure.reason()) {
                    case NotLinux -> "OperatingSystem";
                    case FactsFailed -> MachineChecks.FACTS;
                    case PrivilegeDenied -> MachineChecks.ROOT;
                    default -> null;
                };
        return check == null
                ? failure
                : new Failed(failure.reason(), failure.message(), failure.log(), told(failure, check));
    }

    private static Seen told(Failed failure, String check) {
        @Nullable Seen seen = failure.seen();
        return (seen == null ? Seen.NOTHING : seen)
                .withPreflight(List.of(PreflightFinding.failed(check, failure.reason(), failure.message())));
    }
}
