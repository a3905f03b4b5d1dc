package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.nix.NixText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every directory of {@code layouts/} is a case. {@code layout.yaml} goes in, {@code facts.json} is the machine (absent = empty disks),
 * {@code disko.json} is what the real disko tells NixOS, {@code resolved.json} what {@code ImportCommandTest} imports; all else is compared, or written with {@code -Dlayouts.write=true}.
 * Of scripts only what comes after the prelude is kept.
 */
class GoldenLayoutsTest {
    private static final Path CASES = Path.of("src/test/resources/layouts");
    private static final Set<String> INPUT =
            Set.of("layout.yaml", "facts.json", "disko.json", "resolved.json", "disks.txt");
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Path> cases() throws IOException {
        try (Stream<Path> all = Files.list(CASES)) {
            return all.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsRecorded(Path dir) throws IOException {
        Map<String, String> made = make(dir);
        if (Boolean.getBoolean("layouts.write")) {
            for (Map.Entry<String, String> file : made.entrySet()) {
                Files.writeString(dir.resolve(file.getKey()), file.getValue());
            }
        }
        for (Map.Entry<String, String> file : made.entrySet()) {
            assertThat(dir.resolve(file.getKey())).hasContent(file.getValue());
        }
        Set<String> wanted = new TreeSet<>(made.keySet());
        wanted.addAll(INPUT);
        assertThat(names(dir)).as("no unused files").isSubsetOf(wanted);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nixosIsToldWhatDiskoTellsIt(Path dir) throws IOException {
        Path disko = dir.resolve("disko.json");
        if (Files.exists(disko)) {
            Layout layout = Objects.requireNonNull(Layout.parse(tree(dir)).layout());
            JsonNode ours = JSON.readTree(NixosModule.json(layout).toString());
            assertThat(ours).isEqualTo(JSON.readTree(disko.toFile()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void diskoIsToldWhatTheLayoutSays(Path dir) throws IOException {
        JsonNode tree = tree(dir);
        Layout layout = Layout.parse(tree).layout();
        if (layout != null) {
            removeOurs(tree);
            removeNull(tree);
            assertThat(NixText.data(DiskoModule.nix(layout)).at("/disko/devices"))
                    .isEqualTo(tree);
        }
    }

    /** Options that disko does not have. */
    private static void removeOurs(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("selector", "preserve"));
        }
        node.forEach(GoldenLayoutsTest::removeOurs);
    }

    /** Null stands for "not given", and is no value of most of disko's options. */
    private static void removeNull(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        node.forEach(GoldenLayoutsTest::removeNull);
    }

    private static Map<String, String> make(Path dir) throws IOException {
        Map<String, String> files = new TreeMap<>();
        Layout.Parsed parsed = Layout.parse(tree(dir));
        Layout layout = parsed.layout();
        if (layout == null) {
            files.put("findings.txt", lines(parsed.findings()));
            return files;
        }
        Path facts = dir.resolve("facts.json");
        BlockDevices machine =
                Files.exists(facts) ? BlockDevices.parse(Files.readString(facts)) : TestFacts.emptyFor(layout);
        Resolution.Resolved resolved = TestFacts.resolved(layout, machine);
        Plan plan = Plan.of(layout, resolved, TestFacts.MACHINE, DiskMode.DESTROY_FORMAT_MOUNT);
        files.put("plan.txt", text(plan));
        Scripts scripts = Scripts.render(layout, resolved, DiskMode.DESTROY_FORMAT_MOUNT);
        files.put("destroy.sh", body(scripts.destroy()));
        files.put("format.sh", body(scripts.format()));
        files.put("look.sh", body(scripts.look()));
        files.put("mount.sh", body(scripts.mount()));
        files.put("unmount.sh", body(scripts.unmount()));
        files.put("filesystems.nix", NixosModule.filesystemsNix(layout));
        files.put("nixos.json", NixosModule.nixosJson(layout));
        return files;
    }

    static String body(String script) {
        return script.substring(script.indexOf(ScriptWriter.BORDER));
    }

    private static JsonNode tree(Path dir) throws IOException {
        return TestLayouts.tree(Files.readString(dir.resolve("layout.yaml")));
    }

    private static Set<String> names(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String lines(List<?> items) {
        return items.stream().map(i -> i + "\n").collect(Collectors.joining());
    }

    private static String text(Plan plan) {
        return "hash " + plan.hash() + "\nneeds approval: " + plan.needsApproval() + "\n"
                + plan.disks().stream()
                        .map(d -> d.name() + " = " + d.device() + ", serial " + d.serial() + ", wwn " + d.wwn() + ", "
                                + Bytes.human(d.size()) + ", " + d.model() + "\n  now: " + d.content() + "\n  action: "
                                + d.action() + "\n"
                                + d.result().stream()
                                        .map(r -> "  then: " + r + "\n")
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining())
                + plan.warnings().stream().map(w -> "warning: " + w + "\n").collect(Collectors.joining());
    }
}
