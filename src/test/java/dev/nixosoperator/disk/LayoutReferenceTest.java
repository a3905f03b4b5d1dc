package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.disk.ContentKind.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/disk-layout.md} is what the types declare; {@code -Dupdate=true} writes it anew. */
class LayoutReferenceTest {
    private static final Path PAGE = Path.of("docs/disk-layout.md");

    private static final String HEAD =
            """
            # `DiskLayout.spec.devices`

            Written by `LayoutReferenceTest` (`mvn test -Dtest=LayoutReferenceTest -Dupdate=true`) from the declarations that also validate a layout
            and make the CRD's schema. The names and defaults are those of [disko](https://github.com/nix-community/disko).
            Where an option has no default and is not required, leaving it out means what its meaning says.

            """;

    private static final String HOOKS =
            """
            ## Hooks

            Every content and every disk has these, all bash of at most 16384 letters. A hook is the one thing in a layout that is code: it runs as root
            on the installer, in a shell of its own (`bash -efu`), with the options of its node as variables and the node's block device in `$device`; it must bear being
            run again. A hook that fails stops the script. A layout with hooks needs an approval, for the plan cannot tell what they do. Unlike with disko, the
            hooks of mount and unmount run once for a node, however many things are mounted in it.

            """;

    @Test
    void pageSaysWhatTheTypesDeclare() throws IOException {
        String page = page();
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page);
        assertThat(page.lines().filter(line -> line.startsWith("| `"))).noneMatch(line -> line.contains("|  |"));
    }

    private static String page() {
        var page = new StringBuilder(HEAD);
        types().forEach((title, type) -> page.append("## ")
                .append(title)
                .append("\n\n")
                .append(type.meaning())
                .append(places(type))
                .append("\n\n")
                .append(table(type.options().stream().filter(o -> !Hooks.OPTIONS.contains(o))))
                .append('\n'));
        return page.append(HOOKS).append(table(Hooks.OPTIONS.stream())).toString();
    }

    private static String places(NodeType<?> type) {
        String places = Arrays.stream(Place.values())
                .filter(place -> Content.at(place).contains(type))
                .map(place -> switch (place) {
                    case DISK -> "a disk";
                    case ARRAY -> "an array";
                    case PARTITION -> "a partition, logical volume or volume of ZFS";
                    case LUKS -> "a LUKS container";
                    case POOL -> "a pool of ZFS";
                })
                .collect(Collectors.joining(", "));
        return places.isEmpty() ? "" : " Content of " + places + ".";
    }

    private static String table(Stream<? extends Option<?>> options) {
        return "| option | allowed | default | meaning |\n|---|---|---|---|\n"
                + options.map(o -> "| `" + o.name() + "` | " + cell(o.kind().allowed()) + " | " + fallback(o) + " | "
                                + cell(o.meaning()) + " |\n")
                        .collect(Collectors.joining());
    }

    private static String fallback(Option<?> option) {
        return option.required()
                ? "required"
                : option.fallback() == null
                        ? "–"
                        : "`" + cell(Json.of(option.fallback()).toString()) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    /** All types that the tree can have, the outermost first, each once. */
    private static Map<String, NodeType<?>> types() {
        Map<String, NodeType<?>> found = new LinkedHashMap<>();
        Deque<NodeType<?>> open = new ArrayDeque<>(List.of(Devices.TYPE));
        while (!open.isEmpty()) {
            NodeType<?> type = open.removeFirst();
            if (!found.containsValue(type)) {
                String word = type.type();
                found.put(word == null ? type.meaning().replaceAll("[.;].*", "") : "`type: " + word + "`", type);
                type.options().forEach(option -> below(option.kind()).forEach(open::addLast));
            }
        }
        return found;
    }

    private static Stream<NodeType<?>> below(Kind<?> kind) {
        return switch (kind) {
            case NodeKind<?> node -> Stream.of(node.node());
            case ContentKind content -> content.types().stream().map(t -> t);
            case Kinds.MapOf<?> map -> below(map.value());
            case Kinds.ListOf<?> list -> below(list.item());
            case Topology.Mode mode -> Stream.of(Topology.Mode.OBJECT);
            case Topology.OneOrMore<?> groups -> below(groups.item());
            case Kinds.Text text -> Stream.empty();
            case Kinds.Choice choice -> Stream.empty();
            case Kinds.Bool bool -> Stream.empty();
            case Kinds.Int number -> Stream.empty();
            case Kinds.Free free -> Stream.empty();
        };
    }
}
