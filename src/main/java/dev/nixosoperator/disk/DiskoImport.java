package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Kinds.Bool;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Free;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.ListOf;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One import. disko's evaluated configuration has every option of every node, also those that follow from others (labels, numbers, paths).
 * An option is left out where the layout without it means the same; that is tried, not known.
 */
final class DiskoImport {
    /** For disko's image builder alone. */
    private static final Set<String> IMAGE = Set.of("imageName", "imageSize");

    /** What disko gives by itself to options that no node here has. */
    private static final Map<String, JsonNode> NOISE =
            Map.of("imageSize", Json.of("2G"), "efiGptPartitionFirst", Json.of(true), "askPassword", Json.of(false));

    private final List<String> dropped = new ArrayList<>();
    /** Paths of devices that disko works out by itself, by the place of their node. */
    private final Map<String, String> devices = new HashMap<>();

    private final List<Leaf> leaves = new ArrayList<>();

    /** An option that may be left out. */
    private record Leaf(ObjectNode node, String option) {}

    Imported run(JsonNode disko) {
        JsonNode tree = node(Devices.TYPE, disko, At.DEVICES);
        Layout.Parsed parsed = Layout.parse(tree);
        Layout layout = parsed.layout();
        if (layout == null) {
            return new Imported(tree, dropped, parsed.findings());
        }
        leaveOut(leaves, tree, layout.meaning());
        return new Imported(Given.node(Devices.TYPE, tree), dropped, otherDevices(layout));
    }

    /** All of them, where none is needed; else of each half what is not. */
    private static void leaveOut(List<Leaf> some, JsonNode tree, String meaning) {
        List<JsonNode> values =
                some.stream().map(leaf -> leaf.node().remove(leaf.option())).toList();
        Layout without = Layout.parse(tree).layout();
        if (without != null && without.meaning().equals(meaning)) {
            return;
        }
        for (int n = 0; n < values.size(); n++) {
            some.get(n).node().set(some.get(n).option(), values.get(n));
        }
        if (some.size() > 1) {
            int half = some.size() / 2;
            leaveOut(some.subList(0, half), tree, meaning);
            leaveOut(some.subList(half, some.size()), tree, meaning);
        }
    }

    /** A node whose device was set to something else than what disko, and we, work out. */
    private List<Finding> otherDevices(Layout layout) {
        Map<String, String> known = new HashMap<>();
        layout.walk().forEach(node -> known.put(node.on().at().path(), node.on().path()));
        return devices.entrySet().stream()
                .filter(device -> known.containsKey(device.getKey())
                        && !device.getValue().equalsIgnoreCase(known.get(device.getKey())))
                .map(device -> new Finding(
                        device.getKey() + ".device",
                        "found " + Findings.shown(device.getValue()) + "; allowed: none, it is "
                                + known.get(device.getKey())))
                .sorted(java.util.Comparator.comparing(Finding::path))
                .toList();
    }

    private JsonNode node(NodeType<?> type, JsonNode json, At at) {
        if (!json.isObject() || at.depth() > NodeType.MAX_DEPTH) {
            return json;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getKey().startsWith("_") && !field.getValue().isNull()) {
                take(type, field.getKey(), field.getValue(), at, result);
            }
        }
        if (type.equals(Partition.TYPE)) {
            sizeOrEnd(result);
        }
        return result;
    }

    private void take(NodeType<?> type, String name, JsonNode value, At at, ObjectNode result) {
        Option<?> option = type.options().stream()
                .filter(o -> o.name().equals(name))
                .findFirst()
                .orElse(null);
        if (option != null) {
            if (option.fallback() == null || !value.equals(Json.of(option.fallback()))) {
                result.set(name, value(option.kind(), value, at.child(name), new Leaf(result, name)));
            }
        } else if (name.equals("type")) {
            if (type.typeRequired() || !value.asText().equals(type.type())) {
                result.set(name, value);
            }
        } else if (name.equals("device") && value.isTextual()) {
            devices.put(at.path(), value.textValue());
        } else if (IMAGE.contains(name)) {
            drop(name, value, at);
        } else if (!isEmpty(value) && !value.equals(NOISE.get(name))) {
            result.set(name, value);
        }
    }

    /** disko's default of the name is that of the disk. */
    private void drop(String option, JsonNode value, At at) {
        if (!value.equals(NOISE.get(option)) && !at.equals(Devices.DISKS.child(value.asText()))) {
            dropped.add(
                    at.child(option).path() + ": " + Findings.shown(value) + ", which is for disko's image builder");
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainerNode()
                ? value.isEmpty()
                : value.isTextual() && value.textValue().isEmpty();
    }

    private JsonNode value(Kind<?> kind, JsonNode json, At at, Leaf leaf) {
        return switch (kind) {
            case NodeKind<?> node -> node(node.node(), json, at);
            case ContentKind content -> {
                NodeType<? extends Content> type = content.typeOf(json);
                yield type == null ? json : node(type, json, at);
            }
            case MapOf<?> map -> {
                JsonNode entries = entries(map, json, at);
                // All that was in it may go.
                yield map.value() instanceof Text ? leaf(leaf, entries) : entries;
            }
            case ListOf<?> list -> items(list, json, at, leaf);
            case Topology.Mode mode -> json.isObject() ? node(Topology.Mode.OBJECT, json, at) : leaf(leaf, json);
            case Topology.OneOrMore<?> groups ->
                json.isObject() ? value(groups.item(), json, at, leaf) : items(groups.list(), json, at, leaf);
            case Text text -> leaf(leaf, json);
            case Choice choice -> leaf(leaf, json);
            case Bool bool -> leaf(leaf, json);
            case Int number -> leaf(leaf, json);
            case Free free -> leaf(leaf, json);
        };
    }

    private JsonNode leaf(Leaf leaf, JsonNode json) {
        leaves.add(leaf);
        return json;
    }

    private JsonNode entries(MapOf<?> map, JsonNode json, At at) {
        if (!json.isObject()) {
            return json;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            JsonNode value =
                    value(map.value(), entry.getValue(), at.child(entry.getKey()), new Leaf(result, entry.getKey()));
            result.set(entry.getKey(), value);
        }
        return result;
    }

    private JsonNode items(ListOf<?> list, JsonNode json, At at, Leaf leaf) {
        if (!json.isArray() || !(list.item() instanceof NodeKind<?>(NodeType<?> type, int deepest))) {
            return leaf(leaf, json);
        }
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < json.size(); i++) {
            result.add(node(type, json.get(i), at.index(i)));
        }
        return result;
    }

    /** disko works out one of the other, and here they do not stand together. */
    private static void sizeOrEnd(ObjectNode partition) {
        String size = partition.path("size").asText();
        String end = partition.path("end").asText();
        if (end.equals("+" + size) || (size.equals(Partition.REST) && end.equals("-0"))) {
            partition.remove("end");
        } else if (!end.isEmpty() && size.equals("0")) {
            partition.remove("size");
        }
    }
}
