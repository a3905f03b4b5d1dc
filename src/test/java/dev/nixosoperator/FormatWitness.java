package dev.nixosoperator;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.bench.LivingMachine;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks every promise right before the first write of a format, as {@code CrashHistories} does for the pure lifecycle;
 * here the operator, its connections and the API server are real.
 */
final class FormatWitness implements LivingMachine.Witness {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Function<String, @Nullable NixosMachine> objects;
    private final Duration patience;
    private final Set<String> intents = ConcurrentHashMap.newKeySet();
    private final Set<String> operations = ConcurrentHashMap.newKeySet();
    private final Set<String> usedApprovals = ConcurrentHashMap.newKeySet();
    private final Set<String> usedByPolicy = ConcurrentHashMap.newKeySet();
    private final Map<String, String> approvedByPerson = new ConcurrentHashMap<>();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /**
     * @param objects asks the API server for the object of an address
     * @param patience for an intent that a watch did not tell yet
     */
    FormatWitness(Function<String, @Nullable NixosMachine> objects, Duration patience) {
        this.objects = objects;
        this.patience = patience;
    }

    /** What was promised and not kept. */
    List<String> violations() {
        return List.copyOf(violations);
    }

    int formats() {
        return operations.size();
    }

    /** A person is about to name this plan. */
    void approves(String address, String plan) {
        approvedByPerson.put(plan, address);
    }

    /** A person is about to ask for another installation. */
    void asks(String address, String token) {
        tokens.put(address, token);
    }

    /** What the API server tells of an object, to a watch of the test's own. */
    void acknowledged(NixosMachine machine) {
        Operation operation =
                machine.getStatus() == null ? null : machine.getStatus().operation();
        if (operation != null && operation.intent() != null) {
            intents.add(operation.id() + " " + operation.intent().planHash());
        }
    }

    @Override
    public void sees(LivingMachine machine, LivingMachine.Format format) {
        String address = machine.name();
        String what = format + " on " + address;
        check(operations.add(format.operation()), "a second format of one operation", what);
        check(isAcknowledged(address, format), "no acknowledged intent", what);
        boolean person = address.equals(approvedByPerson.get(format.plan()));
        String token = tokens.getOrDefault(address, "");
        if (person) {
            check(usedApprovals.add(format.plan()), "a second format under one approval", what);
        } else {
            check(
                    usedByPolicy.add(format.owner() + " " + token),
                    "a second format that only the policy allowed, token " + token,
                    what);
        }
        if (format.overwrites().contains("\"state\":\"INSTALLED\"")) {
            boolean asked = !token.isEmpty() && !format.overwrites().contains("\"reinstallToken\":\"" + token + "\"");
            check(person || asked, "an installed machine is formatted without being asked", what);
        }
    }

    private void check(boolean kept, String otherwise, String what) {
        if (!kept) {
            violations.add(otherwise + ": " + what);
        }
    }

    /** The machine waits for the answer: an intent that comes after the format does not count. */
    private boolean isAcknowledged(String address, LivingMachine.Format format) {
        String intent = format.operation() + " " + format.plan();
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            if (intents.contains(intent)) {
                return true;
            }
            if (!asked(address)) {
                end = System.nanoTime() + patience.toNanos(); // the API server is away
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return false;
    }

    private boolean asked(String address) {
        try {
            NixosMachine stored = objects.apply(address);
            if (stored != null) {
                acknowledged(stored);
            }
            return true;
        } catch (KubernetesClientException away) {
            return false;
        }
    }
}
