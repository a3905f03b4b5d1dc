package dev.nixosoperator.controller;

import dev.nixosoperator.remote.Secret;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Contents of Secrets and ConfigMaps. They are watched as metadata only, so that the operator neither lists nor keeps
 * what it was never told to use; the few that a machine names are read by name, and again when their version changes.
 */
final class ObjectReader {
    /** @param version uid and resource version: a digest of the content that tells nothing about it */
    record Content(String version, Map<String, Secret> data) {}

    private final KubernetesClient client;
    private final Function<ResourceID, Optional<? extends HasMetadata>> secretMetadata;
    private final Function<ResourceID, Optional<? extends HasMetadata>> configMapMetadata;
    private final Map<ResourceID, Content> secrets = new ConcurrentHashMap<>();
    private final Map<ResourceID, Content> configMaps = new ConcurrentHashMap<>();

    ObjectReader(
            KubernetesClient client,
            Function<ResourceID, Optional<? extends HasMetadata>> secretMetadata,
            Function<ResourceID, Optional<? extends HasMetadata>> configMapMetadata) {
        this.client = client;
        this.secretMetadata = secretMetadata;
        this.configMapMetadata = configMapMetadata;
    }

    Optional<Content> secret(String namespace, String name) {
        return read(new ResourceID(name, namespace), secretMetadata, secrets, this::readSecret);
    }

    Optional<Content> configMap(String namespace, String name) {
        return read(new ResourceID(name, namespace), configMapMetadata, configMaps, this::readConfigMap);
    }

    private static Optional<Content> read(
            ResourceID id,
            Function<ResourceID, Optional<? extends HasMetadata>> metadata,
            Map<ResourceID, Content> known,
            Function<ResourceID, @Nullable Content> reader) {
        Optional<String> version = metadata.apply(id).map(ObjectReader::version);
        if (version.isEmpty()) {
            known.remove(id);
            return Optional.empty();
        }
        Content content = known.get(id);
        if (content == null || !content.version().equals(version.get())) {
            content = reader.apply(id);
            if (content == null) {
                known.remove(id);
            } else {
                known.put(id, content);
            }
        }
        return Optional.ofNullable(content);
    }

    private static String version(HasMetadata object) {
        return object.getMetadata().getUid() + "/" + object.getMetadata().getResourceVersion();
    }

    private @Nullable Content readSecret(ResourceID id) {
        io.fabric8.kubernetes.api.model.Secret secret = client.secrets()
                .inNamespace(namespace(id))
                .withName(id.getName())
                .get();
        return secret == null ? null : new Content(version(secret), decoded(secret.getData()));
    }

    private @Nullable Content readConfigMap(ResourceID id) {
        ConfigMap map = client.configMaps()
                .inNamespace(namespace(id))
                .withName(id.getName())
                .get();
        if (map == null) {
            return null;
        }
        Map<String, Secret> data = Stream.of(map.getData())
                .filter(Objects::nonNull)
                .flatMap(texts -> texts.entrySet().stream())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        text -> Secret.of(text.getValue().getBytes(StandardCharsets.UTF_8)),
                        (one, other) -> one));
        return new Content(version(map), with(data, decoded(map.getBinaryData())));
    }

    private static Map<String, Secret> with(Map<String, Secret> texts, Map<String, Secret> binary) {
        return Stream.of(texts, binary)
                .flatMap(part -> part.entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
    }

    private static Map<String, Secret> decoded(@Nullable Map<String, String> data) {
        return data == null
                ? Map.of()
                : data.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                entry -> Secret.of(Base64.getDecoder().decode(entry.getValue()))));
    }

    private static String namespace(ResourceID id) {
        return id.getNamespace().orElseThrow();
    }
}
