package dev.nixosoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ResourceLock(Ran.STANDARD_INPUT)
class ValidateCommandTest {
    private static Ran validate(Path... files) {
        return Ran.command(new ValidateCommand(), (Object[]) files);
    }

    static List<Path> samples() {
        return files(Path.of("config/samples"));
    }

    /** Those that a rule over several fields refuses are the API server's. */
    static List<Path> wrong() {
        return files(Path.of("src/test/resources/wrong")).stream()
                .filter(file -> !read(file).contains("# only the API server"))
                .toList();
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void findsNothingInASample(Path sample) {
        assertThat(validate(sample)).isEqualTo(new Ran(0, "ok\n", ""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysTheSameAsTheApiServer(Path manifest) {
        String expected = read(manifest).lines().findFirst().orElseThrow().replace("# expect: ", "");
        Ran result = validate(manifest);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains(manifest + ": ").contains(expected);
    }

    @Test
    void namesTheFieldDeepInALayout(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("layout.yaml"),
                """
                apiVersion: nixos-operator.dev/v1alpha1
                kind: DiskLayout
                metadata: {name: a}
                spec:
                  devices:
                    disk:
                      main:
                        device: /dev/vda
                        type: disk
                        content:
                          type: gpt
                          partitions:
                            root: {size: 100%, content: {type: filesystem, mountpoint: /}}
                """);
        Ran result = validate(file);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains(": spec.devices.disk.main.content.partitions.root.content.format: ");
    }

    @Test
    void oneLineAFindingForEveryDocumentOfEveryFile(@TempDir Path directory) throws IOException {
        Path both = Files.writeString(
                directory.resolve("both.yaml"),
                """
                apiVersion: nixos-operator.dev/v1alpha1
                kind: NixosMachine
                metadata: {name: a}
                ---
                apiVersion: v1
                kind: Secret
                ---
                apiVersion: nixos-operator.dev/v1alpha1
                kind: NixosMashine
                metadata: {name: a}
                """);
        Path broken = Files.writeString(directory.resolve("broken.yaml"), "a: [1\n");
        Path json = Files.writeString(
                directory.resolve("old.json"),
                "{\"apiVersion\": \"nixos-operator.dev/v1\", \"kind\": \"NixosMachine\"}");
        Ran result = validate(both, broken, json, directory.resolve("absent.yaml"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out().lines()).hasSize(5);
        assertThat(result.out())
                .contains("both.yaml: spec: required")
                .contains("both.yaml: kind: NixosMashine is not")
                .contains("broken.yaml: line ")
                .contains("old.json: apiVersion: nixos-operator.dev/v1 is not known")
                .contains("absent.yaml: cannot be read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                          | -: holds no document",
                "# nothing                                   | -: holds no document",
                "---                                         | -: holds no document",
                "\"str\"                                     | -: neither an object of Kubernetes, with apiVersion and kind, nor",
                "a: 1                                        | -: neither an object of Kubernetes",
                "disks: {main: {device: /dev/sda}}           | nor a tree of disko.devices, with bcachefs_filesystems, disk, lvm_vg",
                "kind: NixosMachine                          | -: apiVersion: required",
                "apiVersion: nixos-operator.dev/v1alpha1     | -: kind: required",
                "{kind: List, apiVersion: v1, items: [a: 1]} | -: neither an object of Kubernetes"
            })
    void whatNobodyKnowsIsNotCalledClean(String text, String told) {
        Ran ran = Ran.withInput(text, new ValidateCommand(), "-");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).contains(told).doesNotContain("ok");
    }

    /** As charts print them. */
    @Test
    void betweenTwoBordersThereMayBeNothing() {
        assertThat(Ran.withInput("---\n---\napiVersion: v1\nkind: Secret\n---\n", new ValidateCommand(), "-"))
                .isEqualTo(new Ran(0, "ok\n", ""));
    }

    /** JSON that is no YAML: tabs, and a character as a pair of escapes. */
    @Test
    void readsJsonAndBareTreesToo(@TempDir Path directory) throws IOException {
        Path json = Files.writeString(
                directory.resolve("layout.json"),
                "{\t\"disko\": {\"devices\": {\"disk\": {\"\\ud83d\\ude00\": {\"device\": \"sda\"}}}}}");
        assertThat(validate(json).out()).contains("spec.devices.disk.'\ud83d\ude00'.device: found 'sda'");
        assertThat(Ran.withInput("disk: {}", new ValidateCommand(), "-").out())
                .contains("-: spec.devices.disk: missing");
    }
}
