package dev.nixosoperator.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Kubernetes API server, one per JVM: started when first asked for, shared by all tests, stopped when the JVM
 * ends. It is, in this order: the cluster of {@code NIXOS_OPERATOR_TEST_KUBECONFIG}, k3s in Docker, or kube-apiserver
 * and etcd on loopback. No controllers can be counted on: owner references and Jobs do nothing, a deleted namespace
 * stays Terminating, and the aggregated roles (view, edit, admin) grant nothing.
 */
public final class KubernetesApi implements AutoCloseable {

    private static @Nullable KubernetesApi running;

    private final ApiServer server;
    private final KubernetesClient client;
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();

    private KubernetesApi(ApiServer server) {
        this.server = server;
        Config config = Config.fromKubeconfig(server.kubeconfig().toFile());
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    public static synchronized KubernetesApi start() {
        if (running == null) {
            ApiServer server = GivenCluster.find()
                    .or(K3sServer::find)
                    .or(LocalApiServer::find)
                    .orElseThrow(() -> Missing.prerequisite("a Kubernetes API server, or Go to build one"));
            KubernetesApi started = new KubernetesApi(server);
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-kubernetes-api"));
            running = started;
        }
        return running;
    }

    /** A second one, for a test that takes it away while others go on. Its user closes it. */
    public static KubernetesApi another() {
        return new KubernetesApi(K3sServer.find()
                .or(LocalApiServer::find)
                .orElseThrow(() -> Missing.prerequisite("a Kubernetes API server, or Go to build one")));
    }

    /** A client with the rights of a cluster administrator, shared by all tests: not to be closed. */
    public KubernetesClient client() {
        return client;
    }

    /** The administrator's, for programs that read one. */
    public Path kubeconfigFile() {
        return server.kubeconfig();
    }

    /** Acts as another user by impersonation: the administrator's credentials, that user's rights. */
    public Config configFor(String user, String... groups) {
        return new ConfigBuilder(client.getConfiguration())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build();
    }

    /** The account need not exist: rights are bound to its name, and the API server adds its groups. */
    public Config configForServiceAccount(String namespace, String name) {
        return configFor("system:serviceaccount:" + namespace + ":" + name);
    }

    /** A fresh namespace; one per test class keeps the tests apart. */
    public String namespace() {
        String name = client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withGenerateName("test-")
                        .endMetadata()
                        .build())
                .create()
                .getMetadata()
                .getName();
        namespaces.add(name);
        return name;
    }

    public Path kubectlFile() {
        return server.kubectl();
    }

    /**
     * Runs kubectl as administrator.
     *
     * @return its stdout
     * @throws IllegalStateException if it fails, with its stderr
     */
    public String kubectl(String... arguments) {
        return kubectlWithInput("", arguments);
    }

    /** The same with {@code stdin}, for {@code apply -f -}. */
    public String kubectlWithInput(String stdin, String... arguments) {
        return new Kubectl(server.kubectl(), server.kubeconfig()).run(stdin, arguments);
    }

    /** Until our CRDs are served. */
    public void awaitCrds() {
        awaitCrd("nixosmachines");
        awaitCrd("disklayouts");
    }

    /** Not by kubectl wait: it fails at one that has no status yet. */
    public void awaitCrd(String plural) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(plural + ".nixos-operator.dev")
                .waitUntilCondition(KubernetesApi::isEstablished, 60, TimeUnit.SECONDS);
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    /** Takes the API server away from all its clients; to be followed by {@link #up()} in a {@code finally}. */
    public void down() {
        server.down();
    }

    /** Returns when it answers again, at the same address, with all that was stored. */
    public void up() {
        server.up();
    }

    public void restart() {
        down();
        up();
    }

    /** For one of {@link #another()} alone: the shared one ends with the JVM. */
    @Override
    public void close() {
        if (server.outlivesTests()) {
            namespaces.forEach(name -> client.namespaces().withName(name).delete());
        }
        client.close();
        server.close();
    }
}
