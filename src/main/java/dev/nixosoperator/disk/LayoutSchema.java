package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The CRD's schema of {@code spec.devices}, made from the same declarations that validate. A union by {@code type} is one object with the
 * options of all its types: structural schemas cannot have alternatives with different properties. Which option belongs to which type,
 * and what is required, the operator checks.
 */
public final class LayoutSchema {
    /** devices, disk, table, partition, luks, content. */
    static final int LEVELS = 6;

    static final String OPEN = "x-kubernetes-preserve-unknown-fields";
    private static final Set<String> UPPER = Set.of("maxLength", "maxItems", "maxProperties", "maximum");

    private LayoutSchema() {}

    /** OpenAPI v3, structural; every list, map and string is bounded down to where the tree is open. */
    public static ObjectNode openApi() {
        return node(List.of(Devices.TYPE), LEVELS);
    }

    /** The schema of a node that may have one of these types. */
    static ObjectNode node(List<? extends NodeType<?>> types, int levels) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        if (types.size() == 1) {
            schema.put("description", types.getFirst().meaning());
        }
        if (levels == 0) {
            return schema.put(OPEN, true);
        }
        Map<String, ObjectNode> properties = new TreeMap<>();
        for (NodeType<?> type : types) {
            for (Option<?> option : type.options()) {
                properties.merge(option.name(), property(option, levels - 1), LayoutSchema::union);
            }
        }
        ObjectNode fields = schema.putObject("properties");
        addType(types, fields, schema);
        fields.setAll(properties);
        if (types.size() == 1) {
            types.getFirst().options().stream().filter(Option::required).forEach(o -> schema.withArray("required")
                    .add(o.name()));
        }
        return schema;
    }

    private static void addType(List<? extends NodeType<?>> types, ObjectNode fields, ObjectNode schema) {
        Set<String> words = new TreeSet<>();
        types.stream().map(NodeType::type).filter(Objects::nonNull).forEach(words::add);
        if (!words.isEmpty()) {
            fields.putObject("type").put("type", "string").set("enum", Json.of(words));
        }
        if (types.stream().allMatch(NodeType::typeRequired)) {
            schema.withArray("required").add("type");
        }
    }

    private static ObjectNode property(Option<?> option, int levels) {
        ObjectNode schema = option.kind().schema(levels);
        String fallback = option.fallback() == null ? "" : " Default: " + Json.of(option.fallback()) + ".";
        schema.put("description", option.meaning() + fallback);
        if (!option.required() && option.fallback() == null) {
            schema.put("nullable", true);
        }
        return schema;
    }

    /** What either of two options of the same name may be. */
    private static ObjectNode union(ObjectNode a, ObjectNode b) {
        if (!a.path("type").equals(b.path("type"))) {
            return either(a, b);
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : a.properties()) {
            String key = field.getKey();
            JsonNode other = b.path(key);
            if (field.getValue().equals(other)) {
                result.set(key, other);
            } else if (UPPER.contains(key) && other.isNumber()) {
                result.put(key, Math.max(field.getValue().asLong(), other.asLong()));
            } else if (key.equals("enum") && other.isArray()) {
                Set<String> words = new TreeSet<>();
                field.getValue().forEach(w -> words.add(w.asText()));
                other.forEach(w -> words.add(w.asText()));
                result.set(key, Json.of(words));
            } else if (key.equals("minimum") && other.isNumber()) {
                result.put(key, Math.min(field.getValue().asLong(), other.asLong()));
            } else if (field.getValue() instanceof ObjectNode left && other instanceof ObjectNode right) {
                result.set(key, key.equals("properties") ? both(left, right) : union(left, right));
            } else if (key.equals("description") || key.equals("nullable")) {
                result.set(key, field.getValue());
            }
        }
        if (b.path("nullable").asBoolean()) {
            result.put("nullable", true);
        }
        return result;
    }

    /** A map or a list: without a type, what is said of maps holds for maps and what is said of lists for lists. */
    private static ObjectNode either(ObjectNode a, ObjectNode b) {
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.put("description", a.path("description").asText()).put(OPEN, true);
        for (ObjectNode one : List.of(a, b)) {
            for (String key : List.of("additionalProperties", "maxProperties", "items", "maxItems")) {
                if (one.has(key)) {
                    either.set(key, one.get(key));
                }
            }
        }
        return either;
    }

    private static ObjectNode both(ObjectNode left, ObjectNode right) {
        ObjectNode all = left.deepCopy();
        right.properties()
                .forEach(f -> all.set(
                        f.getKey(),
                        left.get(f.getKey()) instanceof ObjectNode mine && f.getValue() instanceof ObjectNode theirs
                                ? union(mine, theirs)
                                : f.getValue()));
        return all;
    }
}
