package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.disk.Additions;
import dev.nixosoperator.disk.Drift;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Scripts;
import dev.nixosoperator.lifecycle.SameMachine;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Files;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the disks of an installed machine with its layout and, where the layout says {@link ChangePolicy#ApplyAdditive}, adds what is missing.
 * No intent is stored for that: nothing that is there is touched, and a second run finds what the first one made.
 */
final class Additive {
    private static final Script BROUGHT_FILES = Script.load("brought-files.sh");

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
        Optional<Additions> additions =
                drift == null || !isWanted() || barrier(drift) != null ? Optional.empty() : drift.additions();
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
        if (isWanted() && !told.isEmpty() && barrier(drift) != null) {
            told.addFirst("nothing is added: " + barrier(drift));
        }
        Seen seen = visit.seen().withDrift(told);
        // Whoever says that what is missing is to be added says of a layout without a difference that it is the
        // machine's.
        return isWanted() && drift.isSettled() ? seen.withLayout(drift.layoutHash()) : seen;
    }

    /** Why nothing may be written to these disks; null: it may. What is judged of the machine after the look is too late for that. */
    private @Nullable String barrier(Drift drift) {
        InstallRecord install = context.status().install();
        if (SameMachine.isOther(context.status().identity(), visit.situation())) {
            return "another machine answers at this address";
        }
        if (install == null || !SameMachine.wasInstalledBy(install.id(), visit.situation())) {
            return "the machine's own marker (" + Scripts.MARKER
                    + ") does not say that this is the system that was installed";
        }
        return drift.barrier();
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
        boolean mayRun = end instanceof Work.End.Late || end instanceof Work.End.Silent;
        if (!mayRun) {
            // The script has done so, unless it never began.
            forgetKeys(additions);
        }
        StepOutcome common = work.common(end, "the addition to the disks");
        if (common != null) {
            return common;
        }
        return end instanceof Work.End.Exited exited && exited.ok() ? added() : failed(end, before);
    }

    /** Once more would change nothing. */
    private StepOutcome added() {
        Drift drift = Planning.drift(context, visit);
        Seen seen = seen(drift);
        return drift == null || drift.additions().isEmpty()
                ? new StepOutcome.Done(seen)
                : new Failed(
                        Reason.AdditionFailed,
                        "what the layout adds was made without an error, and the machine still differs: "
                                + drift.findings().stream()
                                        .findFirst()
                                        .map(Finding::toString)
                                        .orElse("")
                                + "; look at it there, or set changePolicy: ReportDrift",
                        List.of(),
                        seen);
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

    /** Nothing is written, and nothing taken away, before all of them are known to be ours: a job of an earlier look may still read them. */
    private Optional<Failed> writeKeys(Additions additions, Seen before) {
        if (additions.keyFiles().isEmpty()) {
            return Optional.empty();
        }
        Map<String, Secret> keys = context.inputs().encryptionKeys();
        for (String path : additions.keyFiles()) {
            if (!keys.containsKey(path)) {
                return Optional.of(unprepared(path + " is in no entry of spec.install.encryptionKeys", before));
            }
            if (!path.startsWith("/run/")) {
                return Optional.of(
                        unprepared("a key of a system that runs must be below /run, and " + path + " is not", before));
            }
        }
        CommandResult claimed = brought("claim", additions);
        if (!claimed.ok()) {
            return Optional.of(unprepared(
                    claimed instanceof CommandResult.Exited exited
                                    && !exited.out().isBlank()
                            ? exited.out().strip()
                                    + " is there already, and is the system's own; name another file below /run in the layout"
                            : "cannot note which keys are brought: " + claimed.summary(),
                    before));
        }
        for (String path : additions.keyFiles()) {
            Stdin key = Stdin.of(Objects.requireNonNull(keys.get(path)));
            CommandResult written = Files.write(visit.host(), path, "0400", "0:0", key);
            if (!written.ok()) {
                forgetKeys(additions);
                return Optional.of(unprepared("cannot write " + path + ": " + written.summary(), before));
            }
        }
        return Optional.empty();
    }

    private CommandResult brought(String action, Additions additions) {
        List<String> words = new ArrayList<>(List.of(action));
        words.addAll(additions.keyFiles());
        return visit.host().run(Command.script(BROUGHT_FILES, words));
    }

    private void forgetKeys(Additions additions) {
        if (!additions.keyFiles().isEmpty()) {
            brought("forget", additions);
        }
    }

    private static Failed unprepared(String why, Seen before) {
        return new Failed(Reason.AdditionFailed, "what the layout adds could not be made: " + why, List.of(), before);
    }
}
