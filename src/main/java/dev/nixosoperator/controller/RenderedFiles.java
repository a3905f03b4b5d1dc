package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ConfigMap {@code NAME-rendered} that a layout owns. */
final class RenderedFiles {
    private final KubernetesClient client;

    RenderedFiles(KubernetesClient client) {
        this.client = client;
    }

    /** Written where it differs. One of that name which the layout does not own is left alone: then there is no reference. */
    @Nullable
    LocalRef write(DiskLayout layout, LayoutCheck check) {
        String name = layout.getMetadata().getName() + "-rendered";
        String namespace = layout.getMetadata().getNamespace();
        ConfigMap there =
                client.configMaps().inNamespace(namespace).withName(name).get();
        if (there != null && !there.hasOwnerReferenceFor(layout)) {
            return null;
        }
        Map<String, String> files = check.files();
        if (there == null || !files.equals(there.getData())) {
            ConfigMap wanted = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .addNewOwnerReference()
                    .withApiVersion(layout.getApiVersion())
                    .withKind(layout.getKind())
                    .withName(layout.getMetadata().getName())
                    .withUid(layout.getMetadata().getUid())
                    .withController(true)
                    .endOwnerReference()
                    .endMetadata()
                    .withData(files)
                    .build();
            if (there == null) {
                client.resource(wanted).create();
            } else {
                wanted.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
                client.resource(wanted).update();
            }
        }
        return new LocalRef(name);
    }
}
