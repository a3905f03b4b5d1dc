package dev.nixosoperator.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** A ConfigMap that one of our objects owns, and that goes with it. */
final class OwnedConfigMap {
    private final KubernetesClient client;

    OwnedConfigMap(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Written where it differs. One of that name that {@code owner} does not own is left alone.
     *
     * @return what is there now
     */
    ConfigMap write(HasMetadata owner, String name, Map<String, String> data) {
        String namespace = owner.getMetadata().getNamespace();
        ConfigMap there =
                client.configMaps().inNamespace(namespace).withName(name).get();
        if (there != null && (!there.hasOwnerReferenceFor(owner) || data.equals(there.getData()))) {
            return there;
        }
        ConfigMap wanted = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withOwnerReferences(reference(owner))
                .endMetadata()
                .withData(data)
                .build();
        if (there == null) {
            return client.resource(wanted).create();
        }
        wanted.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
        return client.resource(wanted).update();
    }

    static OwnerReference reference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }
}
