package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.disk.InUse;
import dev.nixosoperator.disk.KeyFile;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.lifecycle.PlanHash;
import dev.nixosoperator.lifecycle.SameMachine;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Made;
import dev.nixosoperator.lifecycle.StepOutcome.PlanDraft;
import dev.nixosoperator.phase.Planning.Planned;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last look before disks are written, in the installer: a dead cache or a typo must not leave a wiped machine. */
final class GateStep implements PhaseStep {
    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.inInstaller(context, Visits.Depth.MARKERS, visit -> gate(context, visit));
    }

    private static StepOutcome gate(StepContext context, Visit visit) {
        Identity known = context.status().identity();
        String dmi = visit.situation().dmiUuid();
        if (known != null && SameMachine.isOther(known, visit.situation())) {
            return Failed.of(
                    Reason.IdentityMismatch,
                    "another machine answers: its DMI UUID is " + dmi + ", wanted " + known.dmiUuid());
        }
        return switch (Planning.draw(context, visit)) {
            case Planned.Not not -> with(visit, not.failure());
            case Planned.Drawn drawn -> judged(context, visit, drawn);
        };
    }

    private static StepOutcome judged(StepContext context, Visit visit, Planned.Drawn drawn) {
        MachinePlan approved = context.status().plan();
        PlanDraft draft = Planning.draft(context, visit, drawn);
        if (approved == null || !PlanHash.matches(approved, drawn.plan().hash())) {
            return changed(
                    context,
                    visit,
                    drawn,
                    "the disks are not what the plan was made for: " + Differences.between(approved, draft));
        }
        // A marker on a disk that could not be looked at before is not part of the hash.
        if (use(drawn).isEmpty() && draft.need().compareTo(approved.need()) > 0) {
            return changed(
                    context,
                    visit,
                    drawn,
                    "the plan needs more than the approval it had: " + String.join("; ", draft.warnings()));
        }
        return use(drawn)
                .or(() -> missingTools(visit.host(), drawn.layout()))
                .or(() -> missingKeys(context, visit.host(), drawn.layout()))
                .or(() -> Operations.flake(context) == null ? system(context, visit, drawn) : Optional.empty())
                .or(() -> unheard(visit.host()))
                .<StepOutcome>map(failure -> with(visit, failure))
                .orElseGet(() -> resolved(context, visit));
    }

    /** Nothing of a system that is not built can be judged, but that its source can be had; and which one it is, once for all. */
    private static StepOutcome resolved(StepContext context, Visit visit) {
        FlakeSource source = Operations.flake(context);
        if (source == null || source.locked() != null) {
            return new StepOutcome.Done(visit.seen());
        }
        return switch (FlakeLock.resolve(visit, source)) {
            case FlakeLock.Resolved.Not not -> with(visit, not.failure());
            case FlakeLock.Resolved.To to ->
                FlakeLock.missing(visit, to.source())
                        .<StepOutcome>map(failure -> with(visit, failure))
                        .orElseGet(() -> new StepOutcome.Done(visit.seen().withMade(new Made(to.source(), null))));
        };
    }

    private static Failed changed(StepContext context, Visit visit, Planned.Drawn drawn, String message) {
        return new Failed(Reason.PlanChanged, message, List.of(), PlanStep.seen(context, visit, drawn));
    }

    /** All questions go over one connection: where it broke an answer may be missing, and no answer is not a yes. */
    private static Optional<Failed> unheard(RemoteHost host) {
        return host.isOpen()
                ? Optional.empty()
                : Optional.of(Failed.of(
                        Reason.ConnectionLost, "the connection broke while the gate before the disks was checked"));
    }

    private static Optional<Failed> use(Planned.Drawn drawn) {
        List<InUse> uses = InUse.check(drawn.disks());
        return uses.isEmpty() ? Optional.empty() : Optional.of(Failed.of(Reason.DiskInUse, InUse.told(uses)));
    }

    private static Optional<Failed> missingTools(RemoteHost host, Layout layout) {
        List<String> argv = new ArrayList<>(List.of(
                "sh", "-c", "for tool; do command -v \"$tool\" > /dev/null || echo \"$tool\"; done", "missing-tools"));
        argv.addAll(layout.tools());
        return host.run(Command.of(argv)) instanceof CommandResult.Exited exited
                        && !exited.out().isBlank()
                ? Optional.of(Failed.of(
                        Reason.MissingTool,
                        "the installer lacks "
                                + String.join(", ", exited.out().lines().toList()) + ", which the layout needs"))
                : Optional.empty();
    }

    /** Each key comes from a Secret, or was put into the installer by somebody else. */
    private static Optional<Failed> missingKeys(StepContext context, RemoteHost host, Layout layout) {
        Map<String, Secret> given = context.inputs().encryptionKeys();
        return layout.keyFiles().stream()
                .flatMap(key -> Optional.ofNullable(given.get(key.path()))
                        .map(secret -> unusable(key, secret))
                        .orElseGet(() -> missing(key, host))
                        .stream())
                .findFirst()
                .map(message -> Failed.of(Reason.SecretNotFound, message));
    }

    private static Optional<String> unusable(KeyFile key, Secret secret) {
        return key.isIn(secret.bytes())
                ? Optional.empty()
                : Optional.of("the Secret that spec.install.encryptionKeys names for " + key.path()
                        + " is empty, holds nothing but newlines, or is too short for the layout's keyFileOffset and"
                        + " keyFileSize; put the key into it");
    }

    private static Optional<String> missing(KeyFile key, RemoteHost host) {
        return host.run(hasKey(key)).ok()
                ? Optional.empty()
                : Optional.of("the layout wants key material in " + key.path()
                        + ", which neither spec.install.encryptionKeys nor the installer has");
    }

    /** In a file, or where the layout says how much of it is the key, on a device. */
    static Command hasKey(KeyFile key) {
        return Command.of(
                "sh",
                "-c",
                """
                if [ -f "$1" ]; then bytes=$(stat -L -c %s -- "$1")
                elif [ -b "$1" ] && [ "$3" != 0 ]; then bytes=$(blockdev --getsize64 "$1")
                else exit 1; fi
                [ -r "$1" ] && [ "$bytes" -ge "$2" ]
                """,
                "has-key",
                key.path(),
                Long.toString(key.bytes()),
                Long.toString(key.size()));
    }

    private static Optional<Failed> system(StepContext context, Visit visit, Planned.Drawn drawn) {
        return switch (Closure.find(context, visit.host())) {
            case Closure.Found.Not not -> Optional.of(not.failure());
            case Closure.Found.At at ->
                at.closure()
                        .unsigned(Closure.keys(context))
                        .or(() -> tooBig(at.closure(), drawn))
                        .or(() -> at.closure().foreign(context, visit, Operations.toplevel(context)));
        };
    }

    private static Optional<Failed> tooBig(Closure closure, Planned.Drawn drawn) {
        long room = drawn.layout().storeBytes(drawn.disks());
        return closure.bytes() <= room
                ? Optional.empty()
                : Optional.of(Failed.of(
                        Reason.StoreFull,
                        "the system needs " + (closure.bytes() >> 20)
                                + " MiB; what the layout makes to hold /nix/store has " + (room >> 20)
                                + " MiB; make that larger in the layout, or the system smaller"));
    }

    private static Failed with(Visit visit, Failed failure) {
        return new Failed(failure.reason(), failure.message(), failure.log(), visit.seen());
    }

    /** What a person must know to decide again. */
    private static final class Differences {
        private Differences() {}

        static String between(@Nullable MachinePlan before, PlanDraft now) {
            if (before == null) {
                return "there is no plan";
            }
            List<String> changes = new ArrayList<>();
            for (MachinePlan.PlannedDisk disk : now.disks()) {
                before.disks().stream()
                        .filter(old -> old.name().equals(disk.name()))
                        .findFirst()
                        .ifPresentOrElse(
                                old -> of(old, disk, changes), () -> changes.add("disk " + disk.name() + " is new"));
            }
            return changes.isEmpty()
                    ? "the layout, the machine's UUID, or UUIDs on the disks differ"
                    : String.join("; ", changes);
        }

        private static void of(MachinePlan.PlannedDisk old, MachinePlan.PlannedDisk now, List<String> changes) {
            compare(now.name(), "size", old.size() + "", now.size() + "", changes);
            compare(now.name(), "serial", old.serial(), now.serial(), changes);
            compare(now.name(), "WWN", old.wwn(), now.wwn(), changes);
            compare(now.name(), "content", old.content(), now.content(), changes);
            compare(now.name(), "action", old.action(), now.action(), changes);
        }

        private static void compare(
                String disk, String what, @Nullable String old, @Nullable String now, List<String> changes) {
            if (!String.valueOf(old).equals(String.valueOf(now))) {
                changes.add("disk " + disk + ": " + what + " was " + old + ", is " + now);
            }
        }
    }
}
