package dev.nixosoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.nix.NixText;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every directory of {@code render/} is a case: {@code layout.*} goes in, what comes out is compared, or written with {@code -Dupdate=true}.
 * Of scripts only what comes after the prelude is kept.
 */
@ResourceLock(Ran.STANDARD_INPUT)
class RenderCommandTest {
    private static final Path CASES = Path.of("src/test/resources/render");
    private static final String BORDER = "# ---- from the layout ----";
    private static final String TREE =
            "disk: {main: {device: /dev/vda, content: {type: gpt, partitions: {root: {size: 100%, content: {type: filesystem,"
                    + " format: ext4, mountpoint: /}}}}}}";

    @TempDir
    Path directory;

    static List<Path> cases() throws IOException {
        return list(CASES);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private Ran render(Object... arguments) {
        return Ran.command(
                new RenderCommand(),
                Stream.concat(Stream.of(arguments), Stream.of("--output", directory.resolve("out")))
                        .toArray());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsRecorded(Path dir) throws IOException {
        Path layout = list(dir).stream()
                .filter(file -> file.getFileName().toString().startsWith("layout."))
                .findFirst()
                .orElseThrow();
        Object[] disk =
                dir.endsWith("bare-json") ? new Object[] {layout, "--disk", "main=/dev/vdb"} : new Object[] {layout};
        Ran ran = render(disk);
        assertThat(ran.status()).as(ran.err()).isZero();
        List<Path> made = list(directory.resolve("out"));
        assertThat(ran.out().lines())
                .containsExactlyElementsOf(made.stream().map(Path::toString).toList());
        for (Path file : made) {
            Path recorded = dir.resolve(file.getFileName());
            String text = Files.readString(file);
            if (Boolean.getBoolean("update")) {
                Files.writeString(recorded, body(text));
            }
            assertThat(body(text)).isEqualTo(Files.readString(recorded));
            assertThat(Files.isExecutable(file)).isEqualTo(file.toString().endsWith(".sh"));
        }
        assertThat(list(dir)).as("no unused files").hasSize(made.size() + 1);
    }

    private static String body(String text) {
        return text.contains(BORDER) ? text.substring(text.indexOf(BORDER)) : text;
    }

    @Test
    void bothNixosFilesSayTheSame() throws IOException {
        assertThat(render(CASES.resolve("manifest/layout.yaml")).status()).isZero();
        var json =
                new ObjectMapper().readTree(directory.resolve("out/nixos.json").toFile());
        String module = Files.readString(directory.resolve("out/filesystems.nix"));
        var nix = NixText.data(module.substring(module.indexOf("{ ... }:") + "{ ... }:".length()));
        assertThat(nix.path("fileSystems")).isEqualTo(json.path("fileSystems"));
        assertThat(nix.at("/boot/initrd/luks")).isEqualTo(json.at("/boot/initrd/luks"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "{devices: {%s}}", "{disko: {devices: {%s}}}", "{disko.devices: {%s}}"})
    void aBareTreeIsALayoutToo(String form) {
        Ran ran = Ran.withInput(form.formatted(TREE), new RenderCommand(), "-", "--output", directory.resolve("out"));
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(directory.resolve("out/mount.sh")).content().contains("disk_at d1 main /dev/vda");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "disk: {main: {content: {type: filesystem}}} | -: spec.devices.disk.main.content.format: missing",
                "disk: {main: {content: {type: gpt, partitions: {r: {content: {type: filesystem, format: ext4, mountpoint: /}}}}}}"
                        + " | -: spec.devices.disk.main.device: missing; the scripts need it: give --disk main=",
                "apiVersion: v1 | -: found 0 layouts; allowed: one",
                "devices: [ | -: line 1: not YAML or JSON",
                "disk: {a: {}, a: {}} | -: line 1: not YAML or JSON: Duplicate field"
            })
    void writesNothingWhereThereIsAMistake(String layout, String message) {
        Ran ran = Ran.withInput(layout, new RenderCommand(), "-", "--output", directory.resolve("out"));
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).contains(message);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aDiskThatTheLayoutDoesNotHaveIsNotForgotten() {
        Ran ran = Ran.withInput(TREE, new RenderCommand(), "-", "--output", directory, "--disk", "data=/dev/vdb");
        assertThat(ran).isEqualTo(new Ran(1, "", "-: --disk names data, but the layout has only: main\n"));
    }

    @Test
    void saysWhenItCannotWrite() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "");
        Ran ran = render(CASES.resolve("manifest/layout.yaml"));
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).isEqualTo(file + ": cannot be written: there is a file of that name\n");
        Ran nowhere = Ran.command(
                new RenderCommand(), CASES.resolve("manifest/layout.yaml"), "--output", "/proc/nixos-operator");
        assertThat(nowhere)
                .isEqualTo(new Ran(
                        1, "", "/proc/nixos-operator: cannot be written: there is no such file or directory\n"));
    }
}
