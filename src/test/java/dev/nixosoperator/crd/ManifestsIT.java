package dev.nixosoperator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.KubernetesApiExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API server takes the CRDs and all samples, and refuses every wrong manifest for the reason that is meant. */
@ExtendWith(KubernetesApiExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsIT {
    private final KubernetesApi api;
    private final String namespace;

    ManifestsIT(KubernetesApi api) {
        this.api = api;
        this.namespace = api.namespace();
    }

    @BeforeAll
    void installCrds() {
        api.kubectl("apply", "-f", "crds/nixosmachines.nixos-operator.dev.yaml");
        api.kubectl("apply", "-f", "crds/disklayouts.nixos-operator.dev.yaml");
        api.awaitCrds();
    }

    static List<Path> samples() {
        return yaml(Path.of("config/samples"));
    }

    static List<Path> wrong() {
        return yaml(Path.of("src/test/resources/wrong"));
    }

    private static List<Path> yaml(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void takesSample(Path sample) {
        api.kubectl("apply", "-n", namespace, "--validate=strict", "-f", sample.toString());
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refuses(Path manifest) throws IOException {
        String expected = Files.readAllLines(manifest).getFirst().replace("# expect: ", "");
        IllegalStateException refused = catchThrowableOfType(
                IllegalStateException.class,
                () -> api.kubectl(
                        "create", "-n", namespace, "--dry-run=server", "--validate=strict", "-f", manifest.toString()));
        assertThat(refused).as("%s was taken", manifest).isNotNull();
        assertThat(refused).hasMessageContaining(expected);
    }

    @Test
    void explainsFields() {
        assertThat(api.kubectl("explain", "nixosmachine.spec.install.wipePolicy")
                        .replaceAll("\\s+", " "))
                .contains("RequireApproval: a plan for disks that hold something waits for an approval");
    }

    @Test
    void defaultsAreConstantsOfTheSchema() {
        api.kubectl("apply", "-n", namespace, "-f", "config/samples/01-single-disk.yaml");
        String port = api.kubectl(
                "get", "-n", namespace, "nxm/web-1", "-o", "jsonpath={.spec.connection.port} {.spec.interval}");
        assertThat(port).isEqualTo("22 10m");
    }
}
