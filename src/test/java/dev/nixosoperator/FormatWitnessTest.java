package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.bench.Fleet;
import dev.nixosoperator.bench.LivingMachine;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each broken promise is seen: without this the runs that find none would say nothing. */
class FormatWitnessTest {
    private static final String ADDRESS = "m1.example.org";
    private static final String INSTALLED = "{\"state\":\"INSTALLED\"}";

    private final FormatWitness witness = new FormatWitness(address -> null, Duration.ofMillis(10));
    private final Fleet fleet = new Fleet(new LivingMachine.Tempo(Duration.ZERO, Duration.ZERO), witness);
    private final LivingMachine machine = fleet.machine(ADDRESS);

    @AfterEach
    void close() {
        fleet.close();
    }

    private void sees(String operation, String plan, String overwrites) {
        witness.sees(machine, new LivingMachine.Format("uid-1", operation, plan, overwrites));
    }

    private void acknowledged(String operation, String plan) {
        NixosMachine stored = new NixosMachine();
        stored.setStatus(new KubernetesSerialization()
                .unmarshal(
                        """
                        operation:
                          id: %s
                          kind: Install
                          step: Disks
                          attempt: 1
                          intent: {planHash: %s, bootId: boot, at: "2026-01-01T00:00:00Z"}
                        """
                                .formatted(operation, plan),
                        NixosMachineStatus.class));
        witness.acknowledged(stored);
    }

    @Test
    void aFormatWithAnAcknowledgedIntentIsAllRight() {
        acknowledged("op-1", "plan-1");
        sees("op-1", "plan-1", "");
        assertThat(witness.violations()).isEmpty();
        assertThat(witness.formats()).isEqualTo(1);
    }

    @Test
    void withoutAnIntent() {
        acknowledged("op-1", "another plan");
        sees("op-1", "plan-1", "");
        assertThat(witness.violations()).singleElement().asString().startsWith("no acknowledged intent");
    }

    @Test
    void twiceInOneOperation() {
        acknowledged("op-1", "plan-1");
        sees("op-1", "plan-1", "");
        sees("op-1", "plan-1", "");
        assertThat(witness.violations())
                .anyMatch(violation -> violation.startsWith("a second format of one operation"));
    }

    @Test
    void twiceUnderOneApproval() {
        witness.approves(ADDRESS, "plan-1");
        acknowledged("op-1", "plan-1");
        acknowledged("op-2", "plan-1");
        sees("op-1", "plan-1", "");
        sees("op-2", "plan-1", "");
        assertThat(witness.violations()).singleElement().asString().startsWith("a second format under one approval");
    }

    @Test
    void twiceBecauseThePolicyAllowsIt() {
        acknowledged("op-1", "plan-1");
        acknowledged("op-2", "plan-2");
        sees("op-1", "plan-1", "");
        sees("op-2", "plan-2", "");
        assertThat(witness.violations())
                .singleElement()
                .asString()
                .startsWith("a second format that only the policy allowed");
    }

    @Test
    void overAnInstalledSystemOnlyWhenAsked() {
        acknowledged("op-1", "plan-1");
        sees("op-1", "plan-1", INSTALLED);
        assertThat(witness.violations()).singleElement().asString().startsWith("an installed machine is formatted");
        witness.asks(ADDRESS, "again");
        acknowledged("op-2", "plan-2");
        sees("op-2", "plan-2", INSTALLED);
        assertThat(witness.violations()).hasSize(1);
    }
}
