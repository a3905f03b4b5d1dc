package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.phase.Role;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.KnownHost;
import dev.nixosoperator.remote.KnownKeys;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ConfigMap {@code NAME-known-hosts} that a machine owns: the host keys that the operator demands, as ssh reads
 * them.
 */
final class KnownHosts {
    private static final String FILE = "known_hosts";

    private final OwnedConfigMap configMap;
    private final Function<ResourceID, Optional<? extends HasMetadata>> metadata;
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    KnownHosts(KubernetesClient client, Function<ResourceID, Optional<? extends HasMetadata>> metadata) {
        this.configMap = new OwnedConfigMap(client);
        this.metadata = metadata;
    }

    /** @param version of the ConfigMap that holds the lines, or that is not ours to write */
    private record Written(String lines, String version) {}

    /** The API server is asked only when the lines, or the ConfigMap, are not those of last time. */
    void write(NixosMachine machine, MachineInputs inputs) {
        Identity identity = machine.getStatus().identity();
        String lines = identity == null ? "" : lines(machine, inputs, identity);
        String uid = machine.getMetadata().getUid();
        String name = machine.getMetadata().getName() + "-known-hosts";
        if (lines.isEmpty() || new Written(lines, version(machine, name)).equals(written.get(uid))) {
            return;
        }
        ConfigMap now = configMap.write(machine, name, Map.of(FILE, lines));
        written.put(uid, new Written(lines, now.getMetadata().getResourceVersion()));
    }

    private String version(NixosMachine machine, String name) {
        return metadata.apply(new ResourceID(name, machine.getMetadata().getNamespace()))
                .map(found -> found.getMetadata().getResourceVersion())
                .orElse("");
    }

    void forget(String uid) {
        written.remove(uid);
    }

    static String lines(NixosMachine machine, MachineInputs inputs, Identity identity) {
        return Stream.of(Role.values())
                .flatMap(role -> lines(
                        KnownHost.name(MachineAccess.endpoint(machine.getSpec().connection(), role)),
                        MachineAccess.trusted(inputs.way(role), identity),
                        inputs.way(role).known()))
                .distinct()
                .sorted()
                .collect(Collectors.joining());
    }

    private static Stream<String> lines(String host, Set<HostKey> keys, KnownKeys known) {
        return Stream.of(
                        lines("", host, keys),
                        lines("@cert-authority ", host, known.authorities()),
                        lines("@revoked ", host, known.revoked()))
                .flatMap(lines -> lines);
    }

    private static Stream<String> lines(String marker, String host, Set<HostKey> keys) {
        return keys.stream().map(key -> marker + host + " " + key.openSsh() + "\n");
    }
}
