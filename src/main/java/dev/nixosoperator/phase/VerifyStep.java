package dev.nixosoperator.phase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves that the machine runs what was asked. Waits for it to come back. */
final class VerifyStep implements PhaseStep {
    private static final List<Role> ORDER = List.of(Role.INSTALLED, Role.INSTALLER, Role.INITIAL);
    private static final String UNLOCK =
            "the machine does not answer; its disks are encrypted, and it waits for the passphrase at its console";

    private final Pause pause;

    VerifyStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        Identity identity = context.status().identity();
        String left = identity == null ? null : identity.bootId();
        boolean locked = isLocked(context.inputs().devices());
        Says says = new Says(context, Step.Verify);
        Poll poll = new Poll(context, pause);
        while (true) {
            StepOutcome outcome = look(context, left, locked);
            if (!(outcome instanceof Failed failed) || !waits(failed, locked)) {
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
    private static boolean waits(Failed failed, boolean locked) {
        return switch (failed.reason()) {
            case BootTimeout, WaitingForUnlock, AuthenticationFailed, FactsFailed, PrivilegeDenied -> true;
            // An initrd that asks for the passphrase over SSH has a host key of its own.
            case HostKeyMismatch -> locked;
            default -> false;
        };
    }

    private static StepOutcome look(StepContext context, @Nullable String left, boolean locked) {
        return switch (Visits.visit(context, ORDER, Visits.Depth.SITUATION)) {
            case Visits.Visited.At at -> judge(context, at.visit(), left);
            case Visits.Visited.Not not -> {
                if (!not.silent()) {
                    yield not.failure();
                }
                yield locked
                        ? Failed.of(Reason.WaitingForUnlock, UNLOCK)
                        : Failed.of(
                                Reason.BootTimeout,
                                "the machine does not answer after the reboot: "
                                        + not.failure().message());
            }
        };
    }

    private static StepOutcome judge(StepContext context, Visit visit, @Nullable String left) {
        Situation now = visit.situation();
        String toplevel = Operations.toplevel(context).toString();
        if (now.isInstaller()) {
            return now.bootId().equals(left)
                    ? failed(visit, Reason.BootTimeout, "the installer still runs: the machine has not rebooted")
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
                            + ", not what was installed; look at its boot order");
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
        return new StepOutcome.Done(new Seen(now, null, visit.hostKey().openSsh(), List.of(), null));
    }

    private static Failed failed(Visit visit, Reason reason, String message) {
        return new Failed(reason, message, List.of(), visit.seen());
    }

    /** Whether the layout has an encrypted device; what opens it in the initrd may be a person. */
    static boolean isLocked(@Nullable JsonNode node) {
        if (node == null) {
            return false;
        }
        if (node.path("type").asText().equals("luks")) {
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
