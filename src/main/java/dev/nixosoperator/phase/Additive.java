package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.disk.Additions;
import dev.nixosoperator.disk.Drift;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Files;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the disks of an installed machine with its layout and, where the layout says {@link ChangePolicy#ApplyAdditive}, adds what is missing.
 * No intent is stored for that: nothing that is there is touched, and a second run finds what the first one made.
 */
final class Additive {
    /** Differences that status remembers. */
    private static final int MOST_TOLD = 16;

    private final StepContext context;
    private final Visit visit;
    private final Pause pause;

    Additive(StepContext context, Visit visit, Pause pause) {
        this.context = context;
        this.visit = visit;
        this.pause = pause;
    }

    StepOutcome look() {
        Drift drift = Planning.drift(context, visit);
        InstallRecord install = context.status().install();
        Optional<Additions> additions = drift == null || !isWanted() ? Optional.empty() : drift.additions();
        return additions.isEmpty() || install == null
                ? new StepOutcome.Done(seen(drift))
                : add(additions.get(), install, seen(drift));
    }

    private boolean isWanted() {
        return context.inputs().changePolicy() == ChangePolicy.ApplyAdditive
                && context.spec().managementPolicy() == ManagementPolicy.Managed;
    }

    private Seen seen(@Nullable Drift drift) {
        if (drift == null) {
            return visit.seen();
        }
        List<Finding> lasting = isWanted() ? drift.lasting() : List.of();
        List<String> told = drift.findings().stream()
                .map(finding -> finding + (lasting.contains(finding) ? " (ApplyAdditive does not change that)" : ""))
                .limit(MOST_TOLD)
                .collect(Collectors.toCollection(ArrayList::new));
        if (isWanted() && !told.isEmpty() && drift.barrier() != null) {
            told.addFirst("nothing is added: " + drift.barrier());
        }
        Seen seen = visit.seen().withDrift(told);
        // Whoever says that what is missing is to be added says of a layout without a difference that it is the
        // machine's.
        return isWanted() && told.isEmpty() ? seen.withLayout(drift.layoutHash()) : seen;
    }

    private StepOutcome add(Additions additions, InstallRecord install, Seen before) {
        Optional<Failed> unprepared = writeKeys(additions, before);
        if (unprepared.isPresent()) {
            return unprepared.get();
        }
        JobId job = Work.next(visit.host(), install.id(), "add");
        Work work = new Work(context, Role.INSTALLED, pause, true, null);
        Says says = new Says(context, Step.Observe);
        Work.End end = work.startAndFollow(
                visit.host(),
                job,
                JobSpec.bash(additions.script(), context.machine().uid()),
                says::line);
        StepOutcome common = work.common(end, "the addition to the disks");
        if (common != null) {
            return common;
        }
        return end instanceof Work.End.Exited exited && exited.ok()
                ? new StepOutcome.Done(seen(Planning.drift(context, visit)))
                : failed(end, before);
    }

    private static StepOutcome failed(Work.End end, Seen before) {
        return end instanceof Work.End.Exited exited
                ? new Failed(
                        Reason.AdditionFailed,
                        "what the layout adds could not be made: "
                                + (exited.failed().isEmpty() ? "exit code " + exited.code() : exited.failed())
                                + "; mend that, or set the layout back",
                        exited.tail(),
                        before)
                : new Failed(
                        Reason.AdditionFailed,
                        "what the layout adds is still being made; it is looked at again",
                        end instanceof Work.End.Late late ? late.log() : List.of(),
                        before);
    }

    private Optional<Failed> writeKeys(Additions additions, Seen before) {
        Map<String, Secret> keys = context.inputs().encryptionKeys();
        for (String path : additions.keyFiles()) {
            Secret key = keys.get(path);
            if (key == null) {
                return Optional.of(unprepared(path + " is in no entry of spec.install.encryptionKeys", before));
            }
            if (!path.startsWith("/run/")) {
                return Optional.of(
                        unprepared("a key of a system that runs must be below /run, and " + path + " is not", before));
            }
            CommandResult written = Files.write(visit.host(), path, "0400", "0:0", Stdin.of(key));
            if (!written.ok()) {
                return Optional.of(unprepared("cannot write " + path + ": " + written.summary(), before));
            }
        }
        return Optional.empty();
    }

    private static Failed unprepared(String why, Seen before) {
        return new Failed(Reason.AdditionFailed, "what the layout adds could not be made: " + why, List.of(), before);
    }
}
