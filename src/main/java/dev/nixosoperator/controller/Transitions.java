package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** PURE: what happened to a machine between two stored statuses. */
final class Transitions {
    private static final int LOG_LINES = 20;

    private Transitions() {}

    static List<Happening> between(
            NixosMachineStatus before, NixosMachineStatus after, MachineView.@Nullable Ended ended) {
        if (before.equals(after)) {
            return List.of();
        }
        List<Happening> list = new ArrayList<>();
        steps(before, after, ended, list);
        plan(before.plan(), after, list);
        if (before.install() == null && after.install() != null) {
            list.add(Happening.normal(
                    after.install().adopted() ? "Adopted" : "Installed",
                    after.install().adopted() ? "found installed" : "the system is installed"));
        }
        readiness(before, after, list);
        return list;
    }

    private static void steps(
            NixosMachineStatus before,
            NixosMachineStatus after,
            MachineView.@Nullable Ended ended,
            List<Happening> list) {
        Operation from = before.operation();
        Operation to = after.operation();
        if (ended != null && from != null && ended.attempt().equals(Attempt.of(from))) {
            switch (ended.outcome()) {
                case StepOutcome.Done done ->
                    list.add(Happening.normal("StepDone", "%s done (%s)".formatted(from.step(), from.id())));
                case StepOutcome.Failed failed ->
                    list.add(Happening.warning(
                            failed.reason().name(),
                            "%s, try %d: %s%s"
                                    .formatted(from.step(), from.attempt(), failed.message(), log(failed.log()))));
                case StepOutcome.Elsewhere elsewhere -> {}
                case StepOutcome.Cancelled cancelled -> {}
            }
        }
        if (to != null && (from == null || !Attempt.of(to).equals(Attempt.of(from)))) {
            list.add(Happening.normal("StepStarted", "%s, try %d (%s)".formatted(to.step(), to.attempt(), to.id())));
        }
    }

    private static String log(List<String> lines) {
        return lines.isEmpty()
                ? ""
                : lines.stream()
                        .skip(Math.max(0, lines.size() - LOG_LINES))
                        .collect(Collectors.joining("\n", "\n", ""));
    }

    private static void plan(@Nullable MachinePlan before, NixosMachineStatus after, List<Happening> list) {
        MachinePlan plan = after.plan();
        Condition ready = Conditions.find(after.conditions(), Types.READY);
        boolean known = before != null && plan != null && before.hash().equals(plan.hash());
        if (plan == null) {
            return;
        }
        if (ready != null && ready.reason().equals("AwaitingApproval") && !known) {
            list.add(Happening.normal("AwaitingApproval", PlanText.of(plan) + "\n" + ready.message()));
        }
        if (plan.approved() && (before == null || !before.approved() || !known)) {
            list.add(Happening.normal("PlanApproved", "plan " + plan.hash() + " may be carried out"));
        }
    }

    private static void readiness(NixosMachineStatus before, NixosMachineStatus after, List<Happening> list) {
        Condition was = Conditions.find(before.conditions(), Types.READY);
        Condition is = Conditions.find(after.conditions(), Types.READY);
        boolean wasReady = was != null && was.status().equals(Condition.TRUE);
        if (is == null || is.reason().equals("AwaitingApproval")) {
            return;
        }
        if (is.status().equals(Condition.TRUE) && !wasReady) {
            list.add(Happening.normal("Ready", is.message()));
        } else if (is.status().equals(Condition.FALSE)
                && Conditions.isTrue(after.conditions(), Types.STALLED)
                && (was == null || !Objects.equals(was.reason(), is.reason()))) {
            list.add(Happening.warning(is.reason(), is.message()));
        }
    }
}
