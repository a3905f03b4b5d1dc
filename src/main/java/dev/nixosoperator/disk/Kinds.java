package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds that hold no nodes of their own. */
final class Kinds {
    static final Kind<String> MOUNT_OPTION = new Text("[^\\p{Cntrl}\\s]+", 256, "a mount option without blanks");
    static final Kind<String> ARGUMENT = new Text("[^\\p{Cntrl}]+", 1024, "a text without control characters");
    static final Text MOUNT_PATH = new Text(
            "/|(/(?!\\.\\.?(/|$))[^/\\p{Cntrl}]+)+",
            1024,
            "an absolute path without '.', '..', '//' and a slash at the end");
    static final Kind<String> PATH = MOUNT_PATH;
    static final Kind<Boolean> BOOL = new Bool();
    /** Any that JSON's readers hold exactly. */
    static final Kind<Long> INT = new Int(-(1L << 53), 1L << 53);

    private Kinds() {}

    private static void refuse(JsonNode json, Kind<?> kind, At at, Findings findings) {
        findings.add(at, "found " + Findings.shown(json) + "; allowed: " + kind.allowed());
    }

    /** {@code max} in UTF-16 units, as Kubernetes counts at least. The pattern must be one that both RE2 and Java read, or it is left out of the schema. */
    record Text(Pattern pattern, int max, String allowed) implements Kind<String> {
        Text(String pattern, int max, String allowed) {
            this(Pattern.compile(pattern), max, allowed);
        }

        @Override
        public @Nullable String read(JsonNode json, At at, Findings findings) {
            if (json.isTextual()
                    && json.textValue().length() <= max
                    && pattern.matcher(json.textValue()).matches()
                    && Writable.isWhole(json.textValue())) {
                return json.textValue();
            }
            refuse(json, this, at, findings);
            return null;
        }

        @Override
        public ObjectNode schema(int levels) {
            return Kind.schemaOf("string").put("maxLength", max);
        }
    }

    record Choice(List<String> words) implements Kind<String> {
        @Override
        public @Nullable String read(JsonNode json, At at, Findings findings) {
            if (json.isTextual() && words.contains(json.textValue())) {
                return json.textValue();
            }
            refuse(json, this, at, findings);
            return null;
        }

        @Override
        public String allowed() {
            return words.stream().map(w -> w.isEmpty() ? "''" : w).collect(Collectors.joining(", "));
        }

        @Override
        public ObjectNode schema(int levels) {
            ObjectNode schema = Kind.schemaOf("string");
            schema.set("enum", Json.of(words));
            return schema;
        }
    }

    record Bool() implements Kind<Boolean> {
        @Override
        public @Nullable Boolean read(JsonNode json, At at, Findings findings) {
            if (json.isBoolean()) {
                return json.booleanValue();
            }
            refuse(json, this, at, findings);
            return null;
        }

        @Override
        public String allowed() {
            return "true, false";
        }

        @Override
        public ObjectNode schema(int levels) {
            return Kind.schemaOf("boolean");
        }
    }

    record Int(long min, long max) implements Kind<Long> {
        @Override
        public @Nullable Long read(JsonNode json, At at, Findings findings) {
            boolean whole = json.isIntegralNumber() && json.canConvertToLong();
            if (whole && json.longValue() >= min && json.longValue() <= max) {
                return json.longValue();
            }
            refuse(json, this, at, findings);
            return null;
        }

        @Override
        public String allowed() {
            return "a whole number from " + min + " to " + max;
        }

        @Override
        public JsonNode normal(JsonNode json) {
            return Json.of(json.longValue());
        }

        @Override
        public ObjectNode schema(int levels) {
            return Kind.schemaOf("integer")
                    .put("format", "int64")
                    .put("minimum", min)
                    .put("maximum", max);
        }
    }

    record ListOf<T>(Kind<T> item, int max) implements Kind<List<T>> {
        @Override
        public @Nullable List<T> read(JsonNode json, At at, Findings findings) {
            if (!json.isArray() || json.size() > max) {
                refuse(json, this, at, findings);
                return null;
            }
            List<T> values = new ArrayList<>();
            for (int i = 0; i < json.size(); i++) {
                T value = item.read(json.get(i), at.index(i), findings);
                if (value != null) {
                    values.add(value);
                }
            }
            return values.size() == json.size() ? List.copyOf(values) : null;
        }

        @Override
        public String allowed() {
            return "a list of at most " + max + ", each " + item.allowed();
        }

        @Override
        public JsonNode normal(JsonNode json) {
            return Json.array(Json.items(json).stream().map(item::normal).toList());
        }

        @Override
        public ObjectNode schema(int levels) {
            ObjectNode schema = Kind.schemaOf("array").put("maxItems", max);
            schema.set("items", item.schema(levels));
            return schema;
        }
    }

    /** Read in byte order of the names, as Nix does: it decides numbers of equal priority. */
    record MapOf<T>(Text key, Kind<T> value, int max) implements Kind<Map<String, T>> {
        @Override
        public @Nullable Map<String, T> read(JsonNode json, At at, Findings findings) {
            if (!json.isObject() || json.size() > max) {
                refuse(json, this, at, findings);
                return null;
            }
            Map<String, T> values = new TreeMap<>();
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                At place = at.child(field.getKey());
                boolean named = key.read(Json.of(field.getKey()), place, findings) != null;
                T read = value.read(field.getValue(), place, findings);
                if (named && read != null) {
                    values.put(field.getKey(), read);
                }
            }
            return values.size() == json.size() ? Collections.unmodifiableMap(values) : null;
        }

        @Override
        public String allowed() {
            return "an object of at most " + max + " entries, each " + value.allowed();
        }

        @Override
        public JsonNode normal(JsonNode json) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            json.properties().forEach(f -> sorted.put(f.getKey(), value.normal(f.getValue())));
            return Json.object(sorted);
        }

        @Override
        public ObjectNode schema(int levels) {
            ObjectNode schema = Kind.schemaOf("object").put("maxProperties", max);
            schema.set("additionalProperties", value.schema(levels));
            return schema;
        }
    }

    /** Anything, for options that are only handed to NixOS. Bounded by the request size of the API server alone. */
    record Free() implements Kind<ObjectNode> {
        @Override
        public @Nullable ObjectNode read(JsonNode json, At at, Findings findings) {
            if (json instanceof ObjectNode object && depth(json, at.depth()) <= NodeType.MAX_DEPTH) {
                return Writable.check(json, at, findings) ? object : null;
            }
            refuse(json, this, at, findings);
            return null;
        }

        private static int depth(JsonNode json, int above) {
            int deepest = above;
            if (above <= NodeType.MAX_DEPTH) {
                for (JsonNode child : json) {
                    deepest = Math.max(deepest, depth(child, above + 1));
                }
            }
            return deepest;
        }

        @Override
        public String allowed() {
            return "an object";
        }

        @Override
        public JsonNode normal(JsonNode json) {
            return Json.sorted(json);
        }

        @Override
        public ObjectNode schema(int levels) {
            ObjectNode schema = JsonNodeFactory.instance.objectNode();
            return schema.put("type", "object")
                    .put("maxProperties", 64)
                    .put("x-kubernetes-preserve-unknown-fields", true);
        }
    }
}
