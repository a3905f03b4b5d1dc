package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;

/**
 * The copy that each reconciliation gets of what is in the cache. JOSDK makes it by writing JSON and reading it again,
 * which costs more than all our own work; but spec and status are records that nobody can change.
 */
public final class Copies implements Cloner {
    private final KubernetesSerialization json;

    /** @param json for objects that are not ours */
    public Copies(KubernetesSerialization json) {
        this.json = json;
    }

    @Override
    @SuppressWarnings("unchecked") // a copy is of the type of its original
    public <T extends HasMetadata> T clone(T original) {
        return (T)
                switch (original) {
                    case NixosMachine machine -> copy(machine, new NixosMachine());
                    case DiskLayout layout -> copy(layout, new DiskLayout());
                    default -> json.clone(original);
                };
    }

    private static <A, B, T extends CustomResource<A, B>> T copy(T from, T to) {
        to.setMetadata(new ObjectMetaBuilder(from.getMetadata()).build());
        to.setSpec(from.getSpec());
        to.setStatus(from.getStatus());
        return to;
    }
}
