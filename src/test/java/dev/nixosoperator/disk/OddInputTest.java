package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever people write: a finding or one argument, never an exception and never code. */
class OddInputTest {
    private static final List<String> WORDS = List.of(
            "disk",
            "main",
            "type",
            "gpt",
            "luks",
            "swap",
            "filesystem",
            "content",
            "partitions",
            "format",
            "ext4",
            "mountpoint",
            "/",
            "size",
            "100%",
            "device",
            "/dev/sda",
            "settings",
            "extraArgs",
            "\0",
            "",
            "../..",
            "\n",
            "label",
            "name",
            "selector",
            "minSize",
            "9".repeat(40) + "P",
            "\ud800",
            "attributes",
            "uuid",
            "priority");

    @Test
    void parseNeverThrows() {
        var random = new Random(20261121);
        for (int i = 0; i < 1500; i++) {
            JsonNode json = mutated(TestLayouts.tree(LayoutTest.SIMPLE), random);
            Layout.Parsed parsed = Layout.parse(i % 4 == 0 ? any(random, 6) : json);
            assertThat(parsed.layout() == null).isEqualTo(!parsed.findings().isEmpty());
            Layout layout = parsed.layout();
            if (layout != null) {
                assertThat(NixosModule.filesystemsNix(layout)).isNotBlank();
                assertThat(layout.hash()).hasSize(64);
            }
        }
    }

    @Test
    void depthHasAnEnd() {
        JsonNode tree = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 5000; i++) {
            tree = JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "luks")
                    .put("name", "n" + i)
                    .set("content", tree);
        }
        ObjectNode devices = JsonNodeFactory.instance.objectNode();
        devices.putObject("disk").putObject("a").put("device", "/dev/sda").set("content", tree);
        assertThat(Layout.parse(devices).findings()).anyMatch(f -> f.message().equals("nested too deeply"));
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.putObject("disk")
                .putObject("a")
                .putObject("content")
                .put("type", "luks")
                .set("settings", tree);
        assertThat(Layout.parse(settings).findings()).isNotEmpty();
    }

    private static JsonNode mutated(JsonNode json, Random random) {
        if (random.nextInt(12) == 0) {
            return any(random, 3);
        }
        if (json.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            json.properties()
                    .forEach(f -> copy.set(
                            random.nextInt(20) == 0 ? word(random) : f.getKey(), mutated(f.getValue(), random)));
            return copy;
        }
        return json;
    }

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static JsonNode any(Random random, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0:
                return json.textNode(word(random));
            case 1:
                return json.numberNode(random.nextLong());
            case 2:
                return json.numberNode(random.nextDouble());
            case 3:
                return json.booleanNode(random.nextBoolean());
            case 4:
                return json.nullNode();
            case 5:
                return json.missingNode();
            case 6:
                ArrayNode list = json.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(any(random, depth - 1));
                }
                return list;
            default:
                ObjectNode object = json.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set(word(random), any(random, depth - 1));
                }
                return object;
        }
    }

    @Test
    void factsNeverThrow() {
        var random = new Random(7);
        JsonNode facts = Objects.requireNonNull(Json.parse(read("debian.json")));
        for (int i = 0; i < 500; i++) {
            assertThat(BlockDevices.parse(mutated(facts, random).toString())).isNotNull();
        }
        assertThat(BlockDevices.parse("").problem()).isNotNull();
        assertThat(BlockDevices.parse("null").problem()).isNotNull();
    }

    private static String read(String name) {
        try {
            return java.nio.file.Files.readString(java.nio.file.Path.of("src/test/resources/facts", name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A hook is code, the options of its node beside it are not. */
    @Test
    void optionsBesideAHookAreWordsForARealShell() throws Exception {
        List<String> words =
                odd().stream().filter(w -> w.matches("[^\\p{Cntrl}]+")).toList();
        for (int i = 0; i < words.size(); i += 50) {
            List<String> some = words.subList(i, Math.min(i + 50, words.size()));
            ObjectNode devices = (ObjectNode) TestLayouts.tree(
                    "{disk: {a: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: /}}}}");
            ObjectNode content = devices.withObject("/disk/a/content");
            content.set("extraArgs", Json.of(some));
            content.put("preCreateHook", "printf '%s\\0' \"${extraArgs[@]}\" \"$format\" \"$mountpoint\" \"$type\"");
            Layout layout = TestLayouts.layout(devices.toString());
            Step hook = layout.trees()
                    .flatMap(tree -> tree.create(on -> false))
                    .toList()
                    .getFirst();
            List<String> call = hook.commands().getFirst().words();
            List<String> wanted = new ArrayList<>(some);
            wanted.addAll(List.of("ext4", "/", "filesystem"));
            assertThat(said("bash", call.get(2) + call.get(3))).isEqualTo(wanted);
        }
    }

    @Test
    void everyWordIsOneArgumentForARealShell() throws Exception {
        List<String> words = odd();
        String script = "printf '%s\\0' " + words.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
        for (String shell : List.of("/bin/sh", "bash")) {
            assertThat(said(shell, script)).isEqualTo(words);
        }
    }

    /** What the script prints, each ended by NUL. */
    private static List<String> said(String shell, String script) throws Exception {
        Process process =
                new ProcessBuilder(shell, "-s").redirectErrorStream(true).start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        List<String> words = new ArrayList<>(List.of(out.split("\0", -1)));
        assertThat(words.removeLast()).isEmpty();
        return words;
    }

    private static List<String> odd() {
        List<String> words = new ArrayList<>(List.of(
                "",
                " ",
                "-n",
                "--",
                "~",
                "~root",
                "a=b",
                "=ls",
                "{a,b}",
                "!!",
                "*",
                "$(id)",
                "`id`",
                "'",
                "''",
                "\\",
                "\\'",
                "\"",
                "a\nb",
                "\n",
                "\t",
                "#",
                ";",
                "&",
                "|",
                "é",
                "日本",
                "$'x'",
                "%s",
                "a'b'c\"d"));
        var random = new Random(1);
        String odd = "ab'\"\\$`!*?[]{}();&|<> \n\t#~=-%é";
        for (int i = 0; i < 300; i++) {
            words.add(random.ints(random.nextInt(1, 12), 0, odd.length())
                    .mapToObj(n -> odd.substring(n, n + 1))
                    .collect(Collectors.joining()));
        }
        return words;
    }
}
