package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;

/** What it means that {@code nix build} failed, and what helps. */
final class BuildFault {
    private static final String ANEW =
            "mend it, then annotate nixos-operator.dev/reconcile-requested-at (the flake is resolved anew), or change spec.system.flake";

    private BuildFault() {}

    static Failed of(FlakeSource source, Work.End.Exited exited, String memory) {
        NixLog log = new NixLog(exited.log());
        Reason reason = reason(exited, log);
        return new Failed(reason, message(reason, source, log, memory), exited.tail(), null);
    }

    /** The order counts: a full disk fails builders, which fail evaluations that need what is built. */
    private static Reason reason(Work.End.Exited exited, NixLog log) {
        if (log.says("no space left on device|disk quota exceeded")) {
            return Reason.StoreFull;
        }
        if (exited.code() == 137
                || log.says("cannot allocate memory|out of memory|killed by signal 9|failed due to signal 9")) {
            return Reason.InsufficientMemory;
        }
        if (log.errs("does not provide attribute")) {
            return Reason.AttributeNotFound;
        }
        if (log.errs("is required to build|required system or feature")) {
            return Reason.ArchitectureMismatch;
        }
        if (log.errs("unable to download|nar hash mismatch in input|while fetching the input")
                || log.says("could not resolve host|cannot download .* from any mirror")) {
            return Reason.SourceUnavailable;
        }
        return log.errs(
                        "builder for '.*' failed|build of '.*' failed|hash mismatch in fixed-output|dependenc(y|ies) .*failed|cannot build|build failed|sandbox")
                ? Reason.BuildFailed
                : Reason.EvaluationFailed;
    }

    private static String message(Reason reason, FlakeSource source, NixLog log, String memory) {
        String what = "%s of the flake %s".formatted(FlakeBuild.toplevel(source), source.locked());
        return switch (reason) {
            case StoreFull ->
                "the disks are too small to build %s: %s; make what holds /nix/store larger in the layout and install anew, or the system smaller"
                        .formatted(what, log.error());
            case InsufficientMemory ->
                "the memory of the machine (%s) did not do to build %s; give it more, or swap in the layout"
                        .formatted(memory, what);
            case AttributeNotFound ->
                "the flake %s has no %s; correct spec.system.flake.attribute (names that hold dots stand in double quotes), or the flake. %s"
                        .formatted(source.locked(), FlakeBuild.toplevel(source), log.error());
            case ArchitectureMismatch -> "%s is for another kind of machine: %s".formatted(what, log.error());
            case SourceUnavailable ->
                "the machine cannot get all that %s needs: %s; see that it reaches its sources, and that they are still what was locked"
                        .formatted(what, log.error());
            case BuildFailed -> "building %s failed: %s; %s".formatted(what, log.error(), ANEW);
            default -> "%s cannot be evaluated: %s; %s".formatted(what, log.error(), ANEW);
        };
    }
}
