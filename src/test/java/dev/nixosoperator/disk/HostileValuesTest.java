package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Kinds.ListOf;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hostile value in each place where a layout takes a text: it is a finding, or each call that the scripts then make arrives in a real shell
 * with the words that it was made of. Hooks are code and left out.
 */
class HostileValuesTest {
    private static final int CASES = 100_000;
    private static final List<String> PARTS = List.of(
            "'",
            "\"",
            "`",
            "\\",
            "$",
            "$(touch /tmp/pwned)",
            "${IFS}",
            "$'\\n'",
            "\n",
            "\r\n",
            "\t",
            " ",
            "  ",
            ";",
            "&&",
            "|",
            ">",
            "<",
            "(",
            ")",
            "{a,b}",
            "*",
            "?",
            "[a]",
            "~",
            "#",
            "!",
            "=",
            ",",
            "-",
            "--",
            "-rf",
            "--help",
            "/",
            "//",
            "..",
            "/dev/sda",
            "UUID=",
            "é",
            "ß",
            "日本",
            "😀",
            "\u202e",
            "\u2028",
            "\u0000",
            "\u0007",
            "\u001b[31m",
            "\u0085",
            "\ud800",
            "%s",
            "%n",
            "a",
            "root",
            "0",
            "100%",
            "x".repeat(300),
            "y".repeat(65_536));
    private static final List<String> BEGINNINGS = List.of("", "", "/", "/dev/", "/mnt/", "a", "1", "-");

    /** What no golden layout has. */
    private static final String REST =
            """
            disk:
              a:
                device: /dev/sda
                selector: {byPath: pci-0, serial: S1, wwn: "0x1", model: M, vendor: V, transport: nvme, minSize: 1G, maxSize: 1T}
                content:
                  type: table
                  format: gpt
                  partitions:
                    - {name: root, start: 1MiB, end: 50%, flags: [boot], content: {type: mdraid, name: one}}
                    - {name: pv, start: 50%, end: 100%, content: {type: lvm_pv, vg: group}}
              b:
                device: /dev/sdb
                content:
                  type: btrfs
                  subvolumes:
                    s: {name: named, mountpoint: /, extraArgs: [-p], swap: {f: {size: 1G, options: [discard]}}}
              c: {device: /dev/sdc, content: {type: zfs, pool: tank}}
              d: {device: /dev/sdd, content: {type: zfs, pool: tank}}
              e: {device: /dev/sde, content: {type: zfs, pool: tank}}
              f: {device: /dev/sdf, content: {type: zfs, pool: tank}}
              g: {device: /dev/sdg, content: {type: bcachefs, filesystem: bca, label: a.b, extraFormatArgs: [--discard]}}
            mdadm:
              m: {name: one}
            lvm_vg:
              v: {type: lvm_vg, name: group, lvs: {l: {name: volume, size: 1G, extraArgs: [-Zn]}}}
            bcachefs_filesystems:
              bca:
                type: bcachefs_filesystem
                name: bca
                uuid: 64e50034-ebe2-eaf8-1f93-cf56266a8d86
                passwordFile: /tmp/secret.key
                mountpoint: /bca
                mountOptions: [verbose]
                extraFormatArgs: [--compression=lz4]
                subvolumes: {s: {name: named, mountpoint: /sub, mountOptions: [verbose]}}
            zpool:
              z:
                name: tank
                mountpoint: /tank
                mountOptions: [ro]
                mode: {topology: {type: topology, vdev: [{members: [c]}], log: [{members: [d]}], spare: [e], cache: [f]}}
                datasets:
                  v: {type: zfs_volume, name: volume, size: 1G, extraArgs: [-s], mountOptions: [ro]}
                  f: {type: zfs_fs, name: file/system, mountpoint: /zfs, mountOptions: [ro], options: {quota: 1G}}
            """;

    @TempDir
    Path dir;

    private final Random random = new Random(20261126);

    /** Where a text stands. */
    private record Place(JsonNode tree, List<Object> path) {}

    @Test
    void eachIsAFindingOrOneArgument() throws IOException, InterruptedException {
        List<Place> places = places();
        Set<List<String>> calls = new LinkedHashSet<>();
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            Place place = places.get(i % places.size());
            JsonNode tree = place.tree().deepCopy();
            put(tree, place.path(), value());
            Layout.Parsed parsed = Layout.parse(tree);
            Layout layout = parsed.layout();
            assertThat(layout == null).isEqualTo(!parsed.findings().isEmpty());
            if (layout != null) {
                accepted++;
                calls(layout).map(Command::words).forEach(calls::add);
            }
        }
        assertArrive(List.copyOf(calls));
        System.out.printf(
                "%d hostile values in %d places: %d accepted, %d different calls%n",
                CASES, places.size(), accepted, calls.size());
        assertThat(accepted).isGreaterThan(CASES / 20);
    }

    private static Stream<Command> calls(Layout layout) {
        Activations activations = new Activations(layout);
        Location marker = layout.locate(Scripts.MARKER);
        return Stream.of(
                        layout.trees().flatMap(tree -> tree.create(on -> false)),
                        activations.up().stream(),
                        activations.down().stream(),
                        marker.opens(layout.trees().toList()).stream()
                                .flatMap(node -> node.content().look(node.on(), marker.path())))
                .flatMap(steps -> steps)
                .flatMap(step -> step.commands().stream())
                .filter(command -> !command.words().getFirst().equals("hook"));
    }

    /** In one shell: each call prints the number of its words and then the words, all ended by NUL. */
    private void assertArrive(List<List<String>> calls) throws IOException, InterruptedException {
        Path script = dir.resolve("calls.sh");
        Files.writeString(
                script,
                "show() { printf '%s\\0' \"$#\" \"$@\"; }\n"
                        + calls.stream()
                                .map(call -> "show " + new Command(call).render() + "\n")
                                .collect(Collectors.joining()));
        Path said = dir.resolve("said");
        Process bash = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(bash.waitFor()).isZero();
        List<String> wanted = calls.stream()
                .flatMap(call -> Stream.concat(Stream.of(Integer.toString(call.size())), call.stream()))
                .toList();
        List<String> got =
                List.of(Files.readString(said, StandardCharsets.UTF_8).split("\0", -1));
        assertThat(got.subList(0, got.size() - 1)).isEqualTo(wanted);
    }

    private String value() {
        var value = new StringBuilder(BEGINNINGS.get(random.nextInt(BEGINNINGS.size())));
        for (int n = random.nextInt(4); n >= 0; n--) {
            value.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return value.toString();
    }

    /** Each option that takes a text, and each key of a map, in the smallest of the golden layouts that has it. */
    private static List<Place> places() throws IOException {
        List<Place> places = new ArrayList<>();
        Set<String> covered = new TreeSet<>();
        for (JsonNode tree : layouts()) {
            find(Devices.TYPE, tree, new ArrayList<>(), (path, option) -> {
                boolean key = path.getLast() instanceof Key;
                if (covered.add(option + (key ? " (key)" : ""))) {
                    places.add(new Place(tree, List.copyOf(path)));
                }
            });
        }
        assertThat(covered).containsAll(declared());
        return places;
    }

    private static List<JsonNode> layouts() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources/layouts"))) {
            List<JsonNode> trees = new ArrayList<>(List.of(TestLayouts.tree(REST)));
            assertThat(Layout.parse(trees.getFirst()).findings()).isEmpty();
            for (Path file : all.map(dir -> dir.resolve("layout.yaml")).sorted().toList()) {
                JsonNode tree = TestLayouts.tree(Files.readString(file));
                if (Layout.parse(tree).layout() != null) {
                    trees.add(tree);
                }
            }
            trees.sort(Comparator.comparingInt(tree -> tree.toString().length()));
            return trees;
        }
    }

    @FunctionalInterface
    private interface Found {
        void at(List<Object> path, String option);
    }

    private static void find(NodeType<?> type, JsonNode json, List<Object> path, Found found) {
        for (Option<?> option : type.options()) {
            JsonNode value = json.path(option.name());
            if (!Hooks.OPTIONS.contains(option) && !value.isMissingNode() && !value.isNull()) {
                path.add(option.name());
                find(option.kind(), value, path, name(type, option), found);
                path.removeLast();
            }
        }
    }

    private static void find(Kind<?> kind, JsonNode json, List<Object> path, String option, Found found) {
        switch (kind) {
            case Text text -> found.at(path, option);
            case NodeKind<?> node -> find(node.node(), json, path, found);
            case ContentKind content -> {
                NodeType<? extends Content> type = content.typeOf(json);
                if (type != null) {
                    find(type, json, path, found);
                }
            }
            case ListOf<?> list -> {
                for (int i = 0; i < json.size(); i++) {
                    path.add(i);
                    find(list.item(), json.get(i), path, option, found);
                    path.removeLast();
                }
            }
            case MapOf<?> map ->
                json.properties().forEach(entry -> {
                    path.add(entry.getKey());
                    path.add(Key.BEFORE);
                    found.at(path, option);
                    path.removeLast();
                    find(map.value(), entry.getValue(), path, option, found);
                    path.removeLast();
                });
            case Topology.Mode mode when json.isObject() -> find(Topology.Mode.OBJECT, json, path, found);
            case Topology.OneOrMore<?> groups when json.isArray() -> find(groups.list(), json, path, option, found);
            default -> {} // choices, numbers, and what only NixOS reads
        }
    }

    private static String name(NodeType<?> type, Option<?> option) {
        return (type.type() == null ? type.meaning() : type.type()) + ": " + option.name();
    }

    /** The options that take a text, by the declarations. */
    private static Set<String> declared() {
        Set<String> options = new TreeSet<>();
        Set<NodeType<?>> seen = new HashSet<>();
        declared(Devices.TYPE, seen, options);
        return options;
    }

    private static void declared(NodeType<?> type, Set<NodeType<?>> seen, Set<String> options) {
        if (seen.add(type)) {
            type.options().stream()
                    .filter(option -> !Hooks.OPTIONS.contains(option))
                    .forEach(option -> declared(option.kind(), name(type, option), seen, options));
        }
    }

    private static void declared(Kind<?> kind, String option, Set<NodeType<?>> seen, Set<String> options) {
        switch (kind) {
            case Text text -> options.add(option);
            case NodeKind<?> node -> declared(node.node(), seen, options);
            case ContentKind content -> content.types().forEach(type -> declared(type, seen, options));
            case ListOf<?> list -> declared(list.item(), option, seen, options);
            case MapOf<?> map -> {
                options.add(option + " (key)");
                declared(map.value(), option, seen, options);
            }
            case Topology.Mode mode -> declared(Topology.Mode.OBJECT, seen, options);
            case Topology.OneOrMore<?> groups -> declared(groups.item(), option, seen, options);
            default -> {}
        }
    }

    /** In a path: not the value of the key before it, but that key. */
    private enum Key {
        BEFORE
    }

    private static void put(JsonNode tree, List<Object> path, String value) {
        boolean key = path.getLast() instanceof Key;
        List<Object> way = key ? path.subList(0, path.size() - 1) : path;
        JsonNode node = tree;
        for (Object step : way.subList(0, way.size() - 1)) {
            node = step instanceof Integer index ? node.get(index) : node.get(step.toString());
        }
        switch (node) {
            case ArrayNode list -> list.set((Integer) way.getLast(), Json.of(value));
            case ObjectNode object -> {
                if (key) {
                    object.set(value, object.remove(way.getLast().toString()));
                } else {
                    object.set(way.getLast().toString(), Json.of(value));
                }
            }
            default -> throw new IllegalStateException(way.toString());
        }
    }
}
