package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.disk.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Holds a document against a structural schema (<a
 * href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">CRD
 * rules</a>), unknown fields being mistakes. The rules in {@code x-kubernetes-validations} are CEL, which only the API
 * server evaluates.
 */
final class SchemaWalk {
    private static final String OPEN = "x-kubernetes-preserve-unknown-fields";

    private final List<Finding> findings = new ArrayList<>();

    private SchemaWalk() {}

    static List<Finding> of(JsonNode schema, JsonNode value, String path) {
        SchemaWalk walk = new SchemaWalk();
        walk.visit(schema, value, path);
        return List.copyOf(walk.findings);
    }

    private void visit(JsonNode schema, JsonNode value, String path) {
        if (value.isNull()) {
            // the API server drops null where a default or nothing takes its place
            return;
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            if (!value.isIntegralNumber() && !value.isTextual()) {
                add(path, "must be a whole number or a string");
            }
            return;
        }
        String type = schema.path("type").asText();
        if (!type.isEmpty() && !isOf(type, value)) {
            add(path, "must be %s, not %s".formatted(article(type), kind(value)));
            return;
        }
        among(schema, value, path);
        switch (value.getNodeType()) {
            case OBJECT -> object(schema, value, path);
            case ARRAY -> list(schema, value, path);
            case STRING -> text(schema, value.asText(), path);
            case NUMBER -> number(schema, value.doubleValue(), path);
            default -> {
                // true, false and null have no more to say
            }
        }
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" ->
                value.isIntegralNumber() || (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue()));
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private static String article(String type) {
        return switch (type) {
            case "array" -> "a list";
            case "object" -> "a map";
            case "integer" -> "a whole number";
            default -> "a " + type;
        };
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "a map";
            default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private void among(JsonNode schema, JsonNode value, String path) {
        JsonNode allowed = schema.path("enum");
        if (allowed.isArray() && !contains(allowed, value)) {
            add(path, "%s is not one of %s".formatted(value, allowed));
        }
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode one : list) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private void object(JsonNode schema, JsonNode value, String path) {
        for (JsonNode name : schema.path("required")) {
            if (!value.hasNonNull(name.asText())) {
                add(path + "." + name.asText(), "required");
            }
        }
        limit(schema, "maxProperties", value.size(), path, "entries");
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String at = path + "." + field.getKey();
            if (properties.has(field.getKey())) {
                visit(properties.get(field.getKey()), field.getValue(), at);
            } else if (others.isObject()) {
                visit(others, field.getValue(), at);
            } else if (!schema.path(OPEN).asBoolean() && !others.asBoolean()) {
                add(at, "unknown field");
            }
        }
    }

    private void list(JsonNode schema, JsonNode value, String path) {
        limit(schema, "maxItems", value.size(), path, "entries");
        if (value.size() < schema.path("minItems").asInt(0)) {
            add(
                    path,
                    "must have at least %d entries"
                            .formatted(schema.path("minItems").asInt()));
        }
        Set<JsonNode> keys = new HashSet<>();
        String key = schema.path("x-kubernetes-list-map-keys").path(0).asText();
        for (int i = 0; i < value.size(); i++) {
            String at = "%s[%d]".formatted(path, i);
            visit(schema.path("items"), value.get(i), at);
            if (!key.isEmpty()
                    && value.get(i).hasNonNull(key)
                    && !keys.add(value.get(i).get(key))) {
                add(at + "." + key, "duplicate value: " + value.get(i).get(key));
            }
        }
    }

    private void text(JsonNode schema, String value, String path) {
        limit(schema, "maxLength", value.codePointCount(0, value.length()), path, "characters");
        if (value.length() < schema.path("minLength").asInt(0)) {
            add(
                    path,
                    "must have at least %d characters"
                            .formatted(schema.path("minLength").asInt()));
        }
        String pattern = schema.path("pattern").asText();
        if (!pattern.isEmpty() && !matches(pattern, value)) {
            add(path, "\"%s\" does not match %s".formatted(value, pattern));
        }
    }

    /** A pattern that Java cannot read is left to the API server. */
    private static boolean matches(String pattern, String value) {
        try {
            return Pattern.compile(pattern).matcher(value).find();
        } catch (PatternSyntaxException onlyGoKnows) {
            return true;
        }
    }

    private void number(JsonNode schema, double value, String path) {
        if (schema.has("minimum") && value < schema.get("minimum").doubleValue()) {
            add(path, "must be at least " + schema.get("minimum"));
        }
        if (schema.has("maximum") && value > schema.get("maximum").doubleValue()) {
            add(path, "must be at most " + schema.get("maximum"));
        }
    }

    private void limit(JsonNode schema, String keyword, int size, String path, String what) {
        if (schema.has(keyword) && size > schema.get(keyword).asInt()) {
            add(
                    path,
                    "has %d %s, at most %d are allowed"
                            .formatted(size, what, schema.get(keyword).asInt()));
        }
    }

    private void add(String path, String message) {
        findings.add(new Finding(path, message));
    }
}
