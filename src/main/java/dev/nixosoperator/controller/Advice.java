package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.Memory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a message says about what happens next, or what a person can do. */
final class Advice {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Advice() {}

    /** {@code …; retry 2 of 5 at 14:03Z}; a look is tried for ever. */
    static String retry(MachineView view, @Nullable Failure failure, Instant at) {
        if (failure == null) {
            return "next try at " + MINUTE.format(at);
        }
        return failure.step() == Step.Observe
                ? "%s; tried again at %s".formatted(failure.message(), MINUTE.format(at))
                : "%s; retry %d of %d at %s"
                        .formatted(
                                failure.message(),
                                failure.count(),
                                view.spec().install().retries(),
                                MINUTE.format(at));
    }

    /** {@code Copy, step 8 of 12, 63%: …}. */
    static String working(Operation operation, String position) {
        StringBuilder text =
                new StringBuilder(operation.step().name()).append(", step ").append(position.replace("/", " of "));
        if (operation.percent() != null) {
            text.append(", ").append(operation.percent()).append('%');
        }
        if (operation.attempt() > 1) {
            text.append(", try ").append(operation.attempt());
        }
        if (operation.message() != null) {
            text.append(": ").append(operation.message());
        }
        return text.toString();
    }

    static String held(MachineId machine, Reason reason, String message, Memory memory) {
        MachinePlan plan = memory.plan();
        boolean asks = reason == Reason.AwaitingApproval || reason == Reason.FormatInterrupted;
        if (asks && plan != null && !plan.approved()) {
            return "%s; approve with: %s".formatted(message, annotate(machine, Api.APPROVE_PLAN, plan.hash()));
        }
        Identity identity = memory.identity();
        if (reason == Reason.HostKeyMismatch && identity != null && identity.presented() != null) {
            return refused(machine, message, identity, identity.presented());
        }
        return switch (reason.kind()) {
            case Permanent -> message + "; tried again when the spec or an object that it names changes";
            case Human, Transient ->
                reason == Reason.MachineClaimed
                        ? message
                        : "%s; try again with: %s"
                                .formatted(message, annotate(machine, Api.RECONCILE_REQUESTED_AT, "\"$(date +%s)\""));
        };
    }

    private static String refused(MachineId machine, String message, Identity identity, Identity.Presented presented) {
        if (!presented.acceptable()) {
            return message + "; the spec says which host keys are good: correct its hostKeys, if this one is";
        }
        return presented.fingerprint().equals(identity.acceptedHostKey())
                ? "%s; it was accepted before, and another has taken its place since: take that annotation away first, with: kubectl annotate nixosmachine %s -n %s %s-"
                        .formatted(message, machine.name(), machine.namespace(), Api.ACCEPT_HOST_KEY)
                : "%s; accept it with: %s"
                        .formatted(message, annotate(machine, Api.ACCEPT_HOST_KEY, presented.fingerprint()));
    }

    private static String annotate(MachineId machine, String annotation, String value) {
        return "kubectl annotate nixosmachine %s -n %s %s=%s --overwrite"
                .formatted(machine.name(), machine.namespace(), annotation, value);
    }
}
