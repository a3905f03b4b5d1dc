package dev.nixosoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every directory of {@code import/} is a case: {@code disko.json} goes in, {@code layout.yaml} comes out, or is written with {@code -Dupdate=true}. */
@ResourceLock(Ran.STANDARD_INPUT)
class ImportCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Path> cases() throws IOException {
        return list("src/test/resources/import");
    }

    static List<Path> layouts() throws IOException {
        return list("src/test/resources/layouts").stream()
                .filter(dir -> Files.exists(dir.resolve("plan.txt")))
                .map(dir -> dir.resolve("layout.yaml"))
                .toList();
    }

    static List<Path> evaluated() throws IOException {
        return list("src/test/resources/layouts").stream()
                .filter(dir -> Files.exists(dir.resolve("resolved.json")))
                .toList();
    }

    private static List<Path> list(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.sorted().toList();
        }
    }

    /** YAML has more ends of lines than JSON, and what comes after one is no comment. */
    @Test
    void aCommentStaysOne() {
        Ran ran = Ran.withInput(
                """
                {"disk": {"a": {"device": "/dev/x\\u2028spec: no", "imageName": "i\\u2028spec: no",
                 "content": {"type": "filesystem", "format": "ext4", "mountpoint": "/", "device": "/dev/y"}}}}
                """,
                new ImportCommand());
        assertThat(ran.out()).contains("allowed: none, it is /dev/x spec: no\n").contains("# left out: ");
        assertThat(ran.out().substring(0, ran.out().indexOf("apiVersion"))).doesNotContain("\u2028");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsRecorded(Path dir) throws IOException {
        Ran ran = Ran.command(new ImportCommand(), dir.resolve("disko.json"), "--name", "web-1");
        Path recorded = dir.resolve("layout.yaml");
        // the types that are known are told by other tests
        String out = ran.out().replaceAll("(unknown option).*", "$1");
        if (Boolean.getBoolean("update")) {
            Files.writeString(recorded, out);
        }
        assertThat(out).isEqualTo(Files.readString(recorded));
        assertThat(ran.status()).isEqualTo(ran.out().contains("# not valid: ") ? 1 : 0);
        assertThat(ran.err().lines())
                .map(line -> line.replace(dir.resolve("disko.json") + ": ", "# not valid: "))
                .containsExactlyElementsOf(ran.out()
                        .lines()
                        .filter(line -> line.startsWith("# not"))
                        .toList());
    }

    /** Labels, numbers and paths that disko worked out are gone, and what comes of the layout is the same. */
    @Test
    void whatFollowsFromTheRestIsLeftOut() throws IOException {
        Ran ran = Ran.command(new ImportCommand(), "src/test/resources/import/as-evaluated/disko.json");
        assertThat(ran.out()).doesNotContain("_index", "disk-main-", "null\n", "Hook", "2G", "/dev/mapper");
        assertThat(ran.out())
                .contains("# left out: spec.devices.disk.main.imageSize: '8G', which is for disko's image builder\n");
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void aLayoutComesOutAsItWentIn(Path file, @TempDir Path directory) throws IOException {
        JsonNode before = devices(file);
        // What is ours and not disko's.
        before.findParents("selector").forEach(disk -> ((ObjectNode) disk).remove("selector"));
        before.findParents("preserve").forEach(kept -> ((ObjectNode) kept).remove("preserve"));
        Ran once = Ran.withInput(before.toString(), new ImportCommand());
        assertThat(once.status()).as(once.err()).isZero();
        Path made = Files.writeString(directory.resolve("layout.yaml"), once.out());
        assertThat(Ran.command(new ValidateCommand(), made).out()).isEqualTo("ok\n");
        assertThat(rendered(devices(made), directory)).isEqualTo(rendered(before, directory));
        assertThat(Ran.command(new ImportCommand(), made).out()).isEqualTo(once.out());
    }

    /** {@code resolved.json}: what the real disko makes of its examples, every option of every node. */
    @ParameterizedTest
    @MethodSource("evaluated")
    void whatDiskoEvaluatedTellsNixosTheSame(Path dir, @TempDir Path directory) throws IOException {
        Ran ran = Ran.command(new ImportCommand(), dir.resolve("resolved.json"));
        if (dir.endsWith("disko-zfs-encrypted-root")) {
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err()).contains("keylocation: found 'prompt'");
            return;
        }
        assertThat(ran.status()).as(ran.err()).isZero();
        Path made = Files.writeString(directory.resolve("layout.yaml"), ran.out());
        assertThat(Ran.command(new ValidateCommand(), made).out()).isEqualTo("ok\n");
        rendered(devices(made), directory);
        assertThat(JSON.readTree(directory.resolve("nixos.json").toFile()))
                .isEqualTo(JSON.readTree(dir.resolve("disko.json").toFile()));
        assertThat(ran.out()).doesNotContain("btrfs_subvol", "_index");
    }

    private static JsonNode devices(Path file) {
        return Objects.requireNonNull(LayoutFile.read(file).devices());
    }

    private static List<String> rendered(JsonNode devices, Path directory) throws IOException {
        assertThat(Layout.parse(devices).findings()).isEmpty();
        Ran ran = Ran.withInput(devices.toString(), new RenderCommand(), "-", "--output", directory);
        assertThat(ran.status()).as(ran.err()).isZero();
        return List.of(
                Files.readString(directory.resolve("format.sh")),
                Files.readString(directory.resolve("mount.sh")),
                Files.readString(directory.resolve("nixos.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"a\": 1}"})
    void whatIsNoLayoutIsSaid(String text) {
        Ran ran = Ran.withInput(text, new ImportCommand());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("-: ");
    }
}
