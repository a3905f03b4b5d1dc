package dev.nixosoperator.phase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves that the machine runs what was asked. Waits for it to come back. */
final class VerifyStep implements PhaseStep {
    private static final List<Role> ORDER = List.of(Role.INSTALLED, Role.INSTALLER, Role.INITIAL);

    private final Pause pause;

    VerifyStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        boolean locked = isLocked(context.inputs().devices());
        Says says = new Says(context, Step.Verify);
        Poll poll = new Poll(context, pause);
        while (true) {
            StepOutcome outcome = look(context, locked);
            if (!(outcome instanceof Failed failed) || !waits(failed)) {
                return outcome;
            }
            if (context.cancelled().getAsBoolean()) {
                return new StepOutcome.Cancelled(false);
            }
            says.message(failed.message());
            if (!poll.again()) {
                return failed;
            }
        }
    }

    /** What time may still help against. */
    private static boolean waits(Failed failed) {
        return switch (failed.reason()) {
            case BootTimeout, WaitingForUnlock, AuthenticationFailed, FactsFailed, PrivilegeDenied -> true;
            default -> false;
        };
    }

    private static StepOutcome look(StepContext context, boolean locked) {
        return switch (Visits.visit(context, ORDER, Visits.Depth.SITUATION)) {
            case Visits.Visited.At at -> judge(context, at.visit());
            case Visits.Visited.Not not -> {
                boolean asked = not.failure().reason() == Reason.ConnectTimeout;
                boolean answers = asked && context.access().answers(context, Role.INSTALLED);
                yield new NoEntry(not.failure(), answers, locked).told();
            }
        };
    }

    private static StepOutcome judge(StepContext context, Visit visit) {
        Situation now = visit.situation();
        String toplevel = Operations.toplevel(context).toString();
        if (now.isInstaller()) {
            // What lies in the tmpfs is of this boot: the one in which the system was installed.
            return Markers.installed(now.runMarker(), context)
                    ? failed(
                            visit,
                            Reason.BootTimeout,
                            "the installer still runs: the machine has not rebooted; look at its console, or cut its power")
                    : failed(
                            visit,
                            Reason.BootVerificationFailed,
                            "the machine booted an installer again, not its disk; look at its boot order");
        }
        if (now.running() == Situation.Running.FOREIGN_LINUX) {
            return failed(
                    visit,
                    Reason.BootVerificationFailed,
                    "the machine runs " + visit.reading().get("os.PRETTY_NAME")
                            + ", not what was installed: that is on another disk, which comes first; look at its boot"
                            + " order");
        }
        if (!toplevel.equals(now.currentSystem())) {
            return failed(
                    visit,
                    Reason.BootVerificationFailed,
                    "the machine runs " + now.currentSystem() + ", not " + toplevel);
        }
        if (!Markers.installed(now.diskMarker(), context)) {
            return failed(
                    visit,
                    Reason.BootVerificationFailed,
                    "the machine runs the system, but not from the disks of this installation: their marker is missing");
        }
        return OwnKey.withdrawn(context, visit)
                .<StepOutcome>map(unremoved -> unremoved)
                .orElseGet(() -> new StepOutcome.Done(visit.seen()));
    }

    private static Failed failed(Visit visit, Reason reason, String message) {
        return new Failed(reason, message, List.of(), visit.seen());
    }

    /** Whether the layout has an encrypted device; what opens it in the initrd may be a person. */
    static boolean isLocked(@Nullable JsonNode node) {
        if (node == null) {
            return false;
        }
        boolean zfs = node.hasNonNull("keylocation")
                && !node.path("keylocation").asText().equals("none");
        boolean bcachefs = node.path("type").asText().equals("bcachefs_filesystem") && node.hasNonNull("passwordFile");
        if (node.path("type").asText().equals("luks") || zfs || bcachefs) {
            return true;
        }
        for (JsonNode child : node) {
            if (isLocked(child)) {
                return true;
            }
        }
        return false;
    }
}
