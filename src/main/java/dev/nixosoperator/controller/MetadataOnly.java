package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Watches objects without their contents. fabric8 knows no PartialObjectMetadata, but the API server sends it to whoever
 * asks for it by the Accept header (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions">API concepts</a>), for lists,
 * objects and watch events alike; so a client of its own with that header does.
 */
public final class MetadataOnly implements AutoCloseable {
    private final KubernetesClient client;

    /** @param like its configuration is used */
    public MetadataOnly(KubernetesClient like) {
        client = new KubernetesClientBuilder()
                .withConfig(like.getConfiguration())
                .withKubernetesSerialization(LenientJson.serialization())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("METADATA", new AsMetadata()))
                .build();
    }

    /** A list must be asked for as a list; a watch is made of single objects. */
    private static final class AsMetadata implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            String query = request.uri().getQuery();
            boolean watch = query != null && query.contains("watch=true");
            builder.setHeader(
                    "Accept",
                    "application/json;as=%s;g=meta.k8s.io;v=v1"
                            .formatted(watch ? "PartialObjectMetadata" : "PartialObjectMetadataList"));
        }
    }

    /** @param machines those that name the object */
    InformerEventSource<GenericKubernetesResource, NixosMachine> watch(
            String kind,
            EventSourceContext<NixosMachine> context,
            Function<GenericKubernetesResource, Set<ResourceID>> machines) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(new GroupVersionKind("", "v1", kind), NixosMachine.class)
                        .withName(kind)
                        .withKubernetesClient(client)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(machines::apply)
                        .withPrimaryToSecondaryMapper(machine -> Set.of())
                        .build(),
                context);
    }

    /** What a watch begins with. */
    List<GenericKubernetesResource> list(String kind, String namespace) {
        return client.genericKubernetesResources("v1", kind)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    @Override
    public void close() {
        client.close();
    }
}
