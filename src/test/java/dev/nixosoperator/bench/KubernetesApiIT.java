package dev.nixosoperator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server does what the operator's tests rely on. */
@ExtendWith(KubernetesApiExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class KubernetesApiIT {

    private static final String DEFINITION =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: lamps.bench.nixosoperator.dev
            spec:
              group: bench.nixosoperator.dev
              names: {kind: Lamp, plural: lamps, singular: lamp}
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                selectableFields:
                - jsonPath: .spec.color
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        x-kubernetes-validations:
                        - rule: self.watts <= 60 || self.color == 'red'
                          message: only a red lamp may be that bright
                        properties:
                          color: {type: string, maxLength: 20}
                          watts: {type: integer}
                      status:
                        type: object
                        properties:
                          lit: {type: boolean}
            """;

    private final KubernetesApi api;
    private final KubernetesClient client;
    private final String namespace;

    KubernetesApiIT(KubernetesApi api) {
        this.api = api;
        this.client = api.client();
        this.namespace = api.namespace();
    }

    @BeforeAll
    void defineLamps() {
        client.resource(DEFINITION).serverSideApply();
        await().until(() -> client
                .resources(CustomResourceDefinition.class)
                .withName("lamps.bench.nixosoperator.dev")
                .get()
                .getStatus()
                .getConditions()
                .stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True")));
    }

    @Test
    void enforcesRulesOfTheSchema() {
        assertThatThrownBy(() -> apply(lamp("too-bright", "blue", 100)))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(422))
                .hasMessageContaining("only a red lamp may be that bright");
    }

    @Test
    void selectsByDeclaredFields() {
        apply(lamp("white-one", "white", 10));
        apply(lamp("yellow-one", "yellow", 10));

        assertThat(lamps().inNamespace(namespace)
                        .withField("spec.color", "white")
                        .list()
                        .getItems())
                .extracting(lamp -> lamp.getMetadata().getName())
                .containsExactly("white-one");
    }

    @Test
    void refusesStatusFromAStaleObject() {
        GenericKubernetesResource seen = apply(lamp("status", "green", 10));
        seen.setAdditionalProperty("status", Map.of("lit", true));
        GenericKubernetesResource written = client.resource(seen).updateStatus();

        assertThat(written.<Boolean>get("status", "lit")).isTrue();
        assertThatThrownBy(() -> client.resource(seen).updateStatus())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
    }

    @Test
    void refusesFieldsOfAnotherManager() {
        apply(lamp("managed", "green", 10));

        assertThatThrownBy(() -> client.resource(lamp("managed", "yellow", 10))
                        .fieldManager("somebody-else")
                        .serverSideApply())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409))
                .hasMessageContaining(".spec.color");
    }

    @Test
    void givesImpersonatedAccountsTheirRightsOnly() {
        try (KubernetesClient worker = new KubernetesClientBuilder()
                .withConfig(api.configForServiceAccount(namespace, "worker"))
                .build()) {
            assertThatThrownBy(() -> worker.configMaps().inNamespace(namespace).list())
                    .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                            .isEqualTo(403));

            String in = "--namespace=" + namespace;
            api.kubectl("create", "role", "reader", "--verb=list", "--resource=configmaps", in);
            api.kubectl(
                    "create",
                    "rolebinding",
                    "worker",
                    "--role=reader",
                    "--serviceaccount=" + namespace + ":worker",
                    in);

            await().ignoreExceptions().untilAsserted(() -> assertThat(
                            worker.configMaps().inNamespace(namespace).list().getItems())
                    .isNotNull());
        }
    }

    @Test
    void keepsObjectsAndWatchesOverARestart() {
        try (SharedIndexInformer<?> informer =
                client.configMaps().inNamespace(namespace).withLabel("restart").inform()) {
            createConfigMap("before");

            api.down();
            try {
                assertThatThrownBy(() -> api.kubectl("--request-timeout=2s", "get", "namespaces"))
                        .hasMessageContaining("refused");
            } finally {
                api.up();
            }

            createConfigMap("after");
            await().until(() -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void runsKubectl() {
        assertThat(api.kubectl("get", "namespace", namespace, "--output=name"))
                .isEqualTo("namespace/" + namespace + "\n");
        assertThatThrownBy(() -> api.kubectl("get", "namespace", "no-such")).hasMessageContaining("NotFound");
    }

    private GenericKubernetesResource apply(GenericKubernetesResource lamp) {
        return client.resource(lamp).fieldManager("bench").serverSideApply();
    }

    private GenericKubernetesResource lamp(String name, String color, int watts) {
        return client.getKubernetesSerialization()
                .unmarshal(
                        """
                apiVersion: bench.nixosoperator.dev/v1
                kind: Lamp
                metadata: {name: %s, namespace: %s}
                spec: {color: %s, watts: %d}
                """
                                .formatted(name, namespace, color, watts),
                        GenericKubernetesResource.class);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            lamps() {
        return client.genericKubernetesResources("bench.nixosoperator.dev/v1", "Lamp");
    }

    private void createConfigMap(String name) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .addToLabels("restart", "")
                        .endMetadata()
                        .build())
                .create();
    }
}
