package dev.nixosoperator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The local server dies with the JVM that started it, and with its script, even when those have no time to tidy up. */
class KubernetesApiLeftoversIT {

    private Process jvm;
    private List<ProcessHandle> servers;

    /** The child JVM. */
    public static void main(String[] arguments) throws IOException {
        try (ApiServer server = LocalApiServer.find().orElseThrow()) {
            System.out.println(server.kubeconfig());
            System.in.read(); // until we are killed
        }
    }

    @BeforeEach
    void startJvm() throws IOException {
        if (LocalApiServer.assets().isEmpty()) {
            throw Missing.prerequisite("Go to build an API server with");
        }
        jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        KubernetesApiLeftoversIT.class.getName())
                .redirectError(Redirect.INHERIT)
                .start();
        assertThat(jvm.inputReader().readLine()).endsWith("kubeconfig");
        servers = jvm.descendants().filter(KubernetesApiLeftoversIT::isServer).toList();
        assertThat(servers).hasSize(2);
    }

    @AfterEach
    void endJvm() {
        jvm.destroyForcibly();
    }

    @Test
    void endWithTheJvm() {
        jvm.destroyForcibly();

        awaitTheirEnd();
    }

    @Test
    void endWithTheScript() {
        jvm.children().forEach(ProcessHandle::destroyForcibly);

        awaitTheirEnd();
    }

    private void awaitTheirEnd() {
        await().atMost(Duration.ofSeconds(10)).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static boolean isServer(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("/etcd") || command.endsWith("/kube-apiserver"))
                .isPresent();
    }
}
