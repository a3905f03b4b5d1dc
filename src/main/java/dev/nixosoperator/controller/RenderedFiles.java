package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** The ConfigMap {@code NAME-rendered} that a layout owns. */
final class RenderedFiles {
    private final OwnedConfigMap configMap;

    RenderedFiles(KubernetesClient client) {
        this.configMap = new OwnedConfigMap(client);
    }

    /** One of that name which the layout does not own is left alone: then there is no reference. */
    @Nullable
    LocalRef write(DiskLayout layout, Rendering rendering) {
        String name = layout.getMetadata().getName() + "-rendered";
        return configMap.write(layout, name, rendering.files()).hasOwnerReferenceFor(layout)
                ? new LocalRef(name)
                : null;
    }
}
