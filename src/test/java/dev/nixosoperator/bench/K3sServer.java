package dev.nixosoperator.bench;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** k3s in a container, with all the controllers of a cluster. */
final class K3sServer implements ApiServer {

    /** Naming an image allows to pull it. Without, the default is used if the machine has it already. */
    static final String VARIABLE = "NIXOS_OPERATOR_TEST_K3S_IMAGE";

    private static final String DEFAULT_IMAGE = "rancher/k3s:v1.34.1-k3s1";

    private final K3sContainer container;
    private final Path kubeconfig;

    private K3sServer(K3sContainer container, Path kubeconfig) {
        this.container = container;
        this.kubeconfig = kubeconfig;
    }

    static Optional<ApiServer> find() {
        String allowed = System.getenv(VARIABLE);
        if (allowed != null) {
            return docker("version") ? Optional.of(start(allowed)) : Optional.empty();
        }
        return docker("image", "inspect", DEFAULT_IMAGE) ? Optional.of(start(DEFAULT_IMAGE)) : Optional.empty();
    }

    /** Asks the command line first: where there is no engine, Testcontainers takes seconds to find that out. */
    private static boolean docker(String... arguments) {
        List<String> argv =
                Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            boolean answered = process.waitFor(Duration.ofMillis(1500));
            process.destroyForcibly();
            return answered && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no docker command
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for Docker", e);
        }
    }

    private static ApiServer start(String image) {
        try {
            K3sContainer container =
                    new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
            // A port that Docker picks changes when the container is started again.
            container.setPortBindings(List.of("127.0.0.1:" + freePort() + ":6443"));
            container.start();
            Path directory = Files.createDirectories(Path.of("target", "kubernetes-api"));
            Path kubeconfig = Files.createTempFile(directory, "k3s-", ".kubeconfig"); // readable by us alone
            Files.writeString(kubeconfig, container.getKubeConfigYaml());
            return new K3sServer(container, kubeconfig.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public Path kubectl() {
        return Kubectl.onThisMachine();
    }

    @Override
    public boolean outlivesTests() {
        return false;
    }

    @Override
    public void down() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void up() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .until(() -> client.raw("/readyz") != null);
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
