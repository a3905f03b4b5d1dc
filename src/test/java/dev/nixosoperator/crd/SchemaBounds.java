package dev.nixosoperator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.api.v1alpha1.GoDuration;
import java.util.Map;

/**
 * Gives every string, list and map of a schema a bound, as the API server demands where a rule reaches, and lists of
 * named things their keys. What an annotation says already is kept.
 */
final class SchemaBounds {
    private static final int STRING = 1024;
    private static final int MESSAGE = 32768;
    private static final int KEY = 4096;
    private static final int DURATION = 32;
    private static final int LIST = 64;
    private static final int MAP = 64;
    /** Lists of named things, by property name, with the key that names them. */
    private static final Map<String, String> KEYS = Map.of(
            "disks", "name",
            "encryptionKeys", "path",
            "extraFiles", "path",
            "stepTimeouts", "step",
            "conditions", "type");

    void apply(ObjectNode schema) {
        walk("", schema);
        anyWord(schema.at("/properties/status"));
    }

    /** An operator that is newer than the CRD must be able to write the words that it knows. */
    private static void anyWord(JsonNode status) {
        for (JsonNode schema : status.findParents("enum")) {
            ((ObjectNode) schema).remove("enum");
            ((ObjectNode) schema).put("maxLength", STRING);
        }
    }

    private void walk(String name, ObjectNode schema) {
        // A property that is named "format" or "type" is a schema itself, thus an object: only texts are keywords here.
        if (schema.path("format").isTextual() && schema.path("format").asText().startsWith("int")) {
            schema.remove("format");
        }
        switch (schema.path("type").asText()) {
            case "string" -> {
                if (!schema.has("enum") && !schema.has("maxLength")) {
                    schema.put("maxLength", longest(name, schema));
                }
            }
            case "array" -> {
                if (!schema.has("maxItems")) {
                    schema.put("maxItems", LIST);
                }
                ObjectNode items = (ObjectNode) schema.get("items");
                key(name, schema, items);
                walk(name, items);
            }
            case "object" -> {
                if (schema.path("additionalProperties") instanceof ObjectNode values) {
                    if (!schema.has("maxProperties")) {
                        schema.put("maxProperties", MAP);
                    }
                    walk("", values);
                }
                schema.path("properties")
                        .properties()
                        .forEach(property -> walk(property.getKey(), (ObjectNode) property.getValue()));
            }
            case "integer" -> {
                whole(schema, "minimum");
                whole(schema, "maximum");
            }
            default -> {
                // numbers, booleans and int-or-string have no length
            }
        }
    }

    private static void whole(ObjectNode schema, String limit) {
        if (schema.has(limit)) {
            schema.put(limit, schema.get(limit).longValue());
        }
    }

    private static int longest(String name, JsonNode schema) {
        if (schema.path("pattern").asText().equals(GoDuration.PATTERN)) {
            return DURATION;
        }
        return switch (name) {
            case "message" -> MESSAGE;
            case "key", "hostKeys", "expectedHostKeys" -> KEY;
            default -> STRING;
        };
    }

    private static void key(String name, ObjectNode schema, JsonNode items) {
        String key = KEYS.get(name);
        boolean required = false;
        for (JsonNode field : items.path("required")) {
            required |= field.asText().equals(key);
        }
        if (key != null && required && !schema.has("x-kubernetes-list-type")) {
            schema.put("x-kubernetes-list-type", "map");
            schema.putArray("x-kubernetes-list-map-keys").add(key);
        }
    }
}
