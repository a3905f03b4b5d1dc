package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The process as users start it: from the jar where the build has made one. */
@ExtendWith(KubernetesApiExtension.class)
class MainIT {

    @Test
    void startsSaysThatItIsReadyAndEndsWhenTold(KubernetesApi api, @TempDir Path directory) throws Exception {
        api.kubectl("apply", "-f", "crds/nixosmachines.nixos-operator.dev.yaml");
        api.kubectl("apply", "-f", "crds/disklayouts.nixos-operator.dev.yaml");
        String namespace = api.namespace();
        int port = freePort();
        Path log = directory.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(
                        command("--namespaces", namespace, "--leader-election", "--lease-namespace", namespace))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("KUBECONFIG", api.kubeconfigFile().toString());
        builder.environment().put("NIXOS_OPERATOR_METRICS_PORT", String.valueOf(port));
        builder.environment().put("LOG_FORMAT", "json");
        Process process = builder.start();
        try {
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> get(port, "/readyz")
                    .equals("200 ok\n"));
            assertThat(get(port, "/metrics")).contains("nixos_operator_steps_running");
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(log))
                .allMatch(line -> line.startsWith("{") || line.startsWith("WARNING: "), "is JSON")
                .anyMatch(line -> line.contains("the operator runs"));
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String jar = System.getProperty("nixos-operator.jar", "");
        if (!jar.isEmpty() && Files.exists(Path.of(jar))) {
            command.addAll(List.of("-jar", jar));
        } else {
            // not that of the tests, which is on the class path, too
            command.add("-Dlogback.configurationFile=logback.xml");
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }
}
