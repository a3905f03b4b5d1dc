package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.KeyRef;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.remote.Secret;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One reading of what one spec refers to: what was read, and the first problem. */
final class Reading {
    private static final Secret NOTHING = Secret.of("");

    private final ObjectReader objects;
    private final String namespace;
    private final Set<String> versions = new HashSet<>();
    private Inputs.@Nullable Unresolved problem;

    Reading(ObjectReader objects, String namespace) {
        this.objects = objects;
        this.namespace = namespace;
    }

    void fail(Reason reason, String message) {
        if (problem == null) {
            problem = new Inputs.Unresolved(reason, message);
        }
    }

    Inputs.@Nullable Unresolved problem() {
        return problem;
    }

    Set<String> versions() {
        return versions;
    }

    /** All of a Secret; empty, with a problem, where there is none. */
    Map<String, Secret> secret(String field, String name) {
        return content(objects.secret(namespace, name), Reason.SecretNotFound, field, "Secret", name);
    }

    /** Of a Secret that is the operator's own: a change of it is no change of what the spec refers to. */
    Map<String, Secret> own(String name) {
        return objects.secret(namespace, name).map(Reading::copies).orElse(Map.of());
    }

    /** One key of a Secret. */
    Secret secret(String field, KeyRef ref) {
        return key(secret(field, ref.name()), Reason.SecretInvalid, field, "Secret", ref);
    }

    Secret configMap(String field, KeyRef ref) {
        Map<String, Secret> data = content(
                objects.configMap(namespace, ref.name()), Reason.ConfigMapNotFound, field, "ConfigMap", ref.name());
        return key(data, Reason.ConfigMapNotFound, field, "ConfigMap", ref);
    }

    private Map<String, Secret> content(
            Optional<ObjectReader.Content> content, Reason absent, String field, String kind, String name) {
        if (content.isEmpty()) {
            fail(absent, "%s: there is no %s %s in this namespace".formatted(field, kind, name));
            return Map.of();
        }
        versions.add(content.get().version());
        return copies(content.get());
    }

    /** Who uses a secret may wipe it. */
    private static Map<String, Secret> copies(ObjectReader.Content content) {
        return content.data().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> Secret.of(entry.getValue().bytes())));
    }

    private Secret key(Map<String, Secret> data, Reason absent, String field, String kind, KeyRef ref) {
        Secret value = data.get(ref.key());
        if (value == null) {
            fail(absent, "%s: %s %s has no key %s".formatted(field, kind, ref.name(), ref.key()));
            return NOTHING;
        }
        return value;
    }
}
