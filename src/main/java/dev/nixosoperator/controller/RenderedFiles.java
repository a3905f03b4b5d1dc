package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.hash.Sha256;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** The ConfigMap {@code NAME-rendered} that a layout owns. */
final class RenderedFiles {
    /** Of a name in Kubernetes (RFC 1123 subdomain). */
    private static final int LONGEST = 253;

    private static final String ENDING = "-rendered";

    private final OwnedConfigMap configMap;

    RenderedFiles(KubernetesClient client) {
        this.configMap = new OwnedConfigMap(client);
    }

    /** A name that leaves no room for the ending is cut, with its hash in the place of the rest. */
    static String name(String layout) {
        int room = LONGEST - ENDING.length();
        if (layout.length() <= room) {
            return layout + ENDING;
        }
        String hash = "-" + Sha256.hex(layout).substring(0, 8);
        return layout.substring(0, room - hash.length()).replaceAll("[.-]+$", "") + hash + ENDING;
    }

    /** One of that name which the layout does not own is left alone: then there is no reference. */
    @Nullable
    LocalRef write(DiskLayout layout, Rendering rendering) {
        String name = name(layout.getMetadata().getName());
        return configMap.write(layout, name, rendering.files()).hasOwnerReferenceFor(layout)
                ? new LocalRef(name)
                : null;
    }
}
