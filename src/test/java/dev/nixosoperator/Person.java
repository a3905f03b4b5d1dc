package dev.nixosoperator;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads the status of machines that wait for somebody, and does what its message says. */
final class Person {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Site site;
    private final Map<String, Long> acted = new HashMap<>();
    private final Map<String, Integer> deeds = new TreeMap<>();

    Person(Site site) {
        this.site = site;
    }

    /** What was done how often. */
    Map<String, Integer> deeds() {
        return deeds;
    }

    /** @param hurried also asks for another try of what would be tried again later anyhow */
    void looksAround(boolean hurried) {
        for (NixosMachine machine : site.objects()) {
            String ready = Site.ready(machine);
            boolean waits = isStalled(machine) || (hurried && ready.startsWith("False/"));
            if (waits && isTime(machine.getMetadata().getName())) {
                act(machine, ready.substring(ready.indexOf('/') + 1));
            }
        }
    }

    private static boolean isStalled(NixosMachine machine) {
        return machine.getStatus() != null
                && machine.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.type().equals("Stalled")
                                && condition.status().equals(Condition.TRUE));
    }

    private boolean isTime(String name) {
        long now = System.nanoTime();
        Long last = acted.get(name);
        boolean time = last == null || now - last > PATIENCE.toNanos();
        if (time) {
            acted.put(name, now);
        }
        return time;
    }

    private void act(NixosMachine machine, String reason) {
        String name = machine.getMetadata().getName();
        MachinePlan plan = machine.getStatus().plan();
        deeds.merge(reason, 1, Integer::sum);
        switch (reason) {
            case "AwaitingApproval", "FormatInterrupted", "FormatFailed" -> {
                if (plan != null) {
                    site.witness.approves(site.machine(name).name(), plan.hash());
                    annotate(name, Api.APPROVE_PLAN, plan.hash());
                }
            }
            case "PlanChanged" -> takeOtherLayout(machine);
            case "BootVerificationFailed", "BootTimeout", "KexecNoReturn" -> {
                site.machine(name).losesPower();
                askAgain(name);
            }
            case "HostKeyMismatch" -> judgeKey(machine);
            default -> askAgain(name);
        }
    }

    /** An impostor may have been the first to answer; a person knows the machine's own key. */
    private void judgeKey(NixosMachine machine) {
        String name = machine.getMetadata().getName();
        Identity identity = machine.getStatus().identity();
        Identity.Presented presented = identity == null ? null : identity.presented();
        if (presented != null && site.machine(name).hasKey(presented.key())) {
            annotate(name, Api.ACCEPT_HOST_KEY, presented.fingerprint());
        } else {
            askAgain(name);
        }
    }

    /** The one that it was formatted with is one of two. */
    private void takeOtherLayout(NixosMachine machine) {
        boolean first =
                Objects.requireNonNull(machine.getSpec().diskLayoutRef()).name().equals(Site.LAYOUT);
        takeLayout(machine.getMetadata().getName(), first ? Site.OTHER_LAYOUT : Site.LAYOUT);
    }

    void takeLayout(String name, String layout) {
        patch(name, "{\"spec\":{\"diskLayoutRef\":{\"name\":\"%s\"}}}".formatted(layout));
    }

    void suspend(String name, boolean suspended) {
        patch(name, "{\"spec\":{\"suspend\":%b}}".formatted(suspended));
    }

    void reinstall(String name, String token) {
        site.witness.asks(site.machine(name).name(), token);
        patch(name, "{\"spec\":{\"install\":{\"reinstallToken\":\"%s\"}}}".formatted(token));
    }

    private void askAgain(String name) {
        annotate(name, Api.RECONCILE_REQUESTED_AT, Instant.now().toString());
    }

    private void annotate(String name, String annotation, String value) {
        patch(name, "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    private void patch(String name, String json) {
        site.client
                .resources(NixosMachine.class)
                .inNamespace(site.namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }
}
