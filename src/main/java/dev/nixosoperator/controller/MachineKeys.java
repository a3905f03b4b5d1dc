package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.phase.OwnKey;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The key that the operator makes for one installation ({@link OwnKey}), in the Secret {@code NAME-machine-key} that the
 * machine owns: there before the status names Kexec, so that no restart forgets it, and gone once the machine is proven.
 */
final class MachineKeys {
    private static final String PRIVATE = "ssh-privatekey";
    private static final String PUBLIC = "ssh-publickey";

    private final KubernetesClient client;
    private final Function<ResourceID, Optional<? extends HasMetadata>> metadata;

    MachineKeys(KubernetesClient client, Function<ResourceID, Optional<? extends HasMetadata>> metadata) {
        this.client = client;
        this.metadata = metadata;
    }

    /** The one that was made, whatever the login is by now; null where there is none. */
    @Nullable
    MachineKey known(NixosMachine machine, Login initial, Reading reading) {
        String name = name(machine);
        HasMetadata there = metadata.apply(id(machine)).orElse(null);
        if (there == null || !OwnKey.mayServe(machine.getSpec())) {
            return null;
        }
        if (!there.hasOwnerReferenceFor(machine)) {
            if (OwnKey.isWanted(machine.getSpec(), initial)) {
                reading.fail(
                        Reason.SecretInvalid,
                        "the operator keeps a key of its own in Secret %s, but that one is not this machine's; rename or delete it"
                                .formatted(name));
            }
            return null;
        }
        Map<String, dev.nixosoperator.remote.Secret> data = reading.own(name);
        dev.nixosoperator.remote.Secret key = data.get(PRIVATE);
        dev.nixosoperator.remote.Secret line = data.get(PUBLIC);
        return key == null || line == null ? null : new MachineKey(key, line.utf8());
    }

    /** Makes the key where the decision is to enter Kexec; asks the API server where the cache does not know it yet. */
    MachineInputs ready(NixosMachine machine, Decision decision, MachineInputs inputs) {
        Operation operation = decision.memory().operation();
        boolean wanted = decision instanceof Decision.Run
                && inputs.machineKey() == null
                && OwnKey.isWanted(machine.getSpec(), inputs.initial().login());
        if (!wanted || operation == null || operation.step().compareTo(Step.Kexec) < 0) {
            return inputs;
        }
        Secret there = get(machine);
        if (there == null && operation.step() == Step.Kexec) {
            there = client.resource(made(machine)).create();
        }
        return there == null ? inputs : inputs.with(key(there));
    }

    /** Of a machine that was seen in its installed system. */
    void clear(NixosMachine machine) {
        boolean ours = metadata.apply(id(machine))
                .filter(there -> there.hasOwnerReferenceFor(machine))
                .isPresent();
        if (ours) {
            client.secrets()
                    .inNamespace(machine.getMetadata().getNamespace())
                    .withName(name(machine))
                    .delete();
        }
    }

    private @Nullable Secret get(NixosMachine machine) {
        Secret there = client.secrets()
                .inNamespace(machine.getMetadata().getNamespace())
                .withName(name(machine))
                .get();
        if (there != null && !there.hasOwnerReferenceFor(machine)) {
            throw new IllegalStateException(
                    "Secret " + name(machine) + " is not this machine's; the cache will say so");
        }
        return there;
    }

    private static Secret made(NixosMachine machine) {
        MachineKey key = MachineKey.generate("nixos-operator %s/%s"
                .formatted(
                        machine.getMetadata().getNamespace(),
                        machine.getMetadata().getName()));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name(machine))
                .withNamespace(machine.getMetadata().getNamespace())
                .withOwnerReferences(OwnedConfigMap.reference(machine))
                .endMetadata()
                .withType("kubernetes.io/ssh-auth")
                .withImmutable(true)
                .addToData(
                        PRIVATE,
                        Base64.getEncoder().encodeToString(key.privateKey().bytes()))
                .addToData(
                        PUBLIC,
                        Base64.getEncoder().encodeToString(key.publicKey().getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static MachineKey key(Secret secret) {
        Base64.Decoder decoder = Base64.getDecoder();
        return new MachineKey(
                dev.nixosoperator.remote.Secret.of(
                        decoder.decode(secret.getData().get(PRIVATE))),
                new String(decoder.decode(secret.getData().get(PUBLIC)), StandardCharsets.UTF_8));
    }

    private static ResourceID id(NixosMachine machine) {
        return new ResourceID(name(machine), machine.getMetadata().getNamespace());
    }

    static String name(NixosMachine machine) {
        return machine.getMetadata().getName() + "-machine-key";
    }
}
