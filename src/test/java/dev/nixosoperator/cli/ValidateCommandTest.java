package dev.nixosoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ValidateCommandTest {
    private record Result(int status, String out) {}

    private static Result validate(Path... files) {
        StringWriter out = new StringWriter();
        int status = new CommandLine(new ValidateCommand())
                .setOut(new PrintWriter(out))
                .execute(Stream.of(files).map(Path::toString).toArray(String[]::new));
        return new Result(status, out.toString());
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
        assertThat(validate(sample)).isEqualTo(new Result(0, "ok\n"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysTheSameAsTheApiServer(Path manifest) {
        String expected = read(manifest).lines().findFirst().orElseThrow().replace("# expect: ", "");
        Result result = validate(manifest);
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
        Result result = validate(file);
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
        Result result = validate(both, broken, json, directory.resolve("absent.yaml"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out().lines()).hasSize(5);
        assertThat(result.out())
                .contains("both.yaml: spec: required")
                .contains("both.yaml: kind: NixosMashine is not")
                .contains("broken.yaml: line ")
                .contains("old.json: apiVersion: nixos-operator.dev/v1 is not known")
                .contains("absent.yaml: cannot be read");
    }
}
