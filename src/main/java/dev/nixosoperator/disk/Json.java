package dev.nixosoperator.disk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The one place where JSON text and Java values meet. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static JsonNode of(Object value) {
        return value instanceof String text ? TextNode.valueOf(text) : MAPPER.valueToTree(value);
    }

    static ObjectNode object(Map<String, JsonNode> fields) {
        ObjectNode object = MAPPER.createObjectNode();
        object.setAll(fields);
        return object;
    }

    static ArrayNode array(List<JsonNode> items) {
        return MAPPER.createArrayNode().addAll(items);
    }

    /** Null when the text is not JSON. */
    static @Nullable JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    static String compact(JsonNode json) {
        return json.toString();
    }

    /** For people and files: indented, with a line end. */
    static String pretty(JsonNode json) {
        return json.toPrettyString() + "\n";
    }

    static List<JsonNode> items(JsonNode json) {
        Iterator<JsonNode> elements = json.elements();
        return StreamSupport.stream(((Iterable<JsonNode>) () -> elements).spliterator(), false)
                .toList();
    }

    /** Keys sorted at every depth, null values kept: for parts of a tree that no option declares. */
    static JsonNode sorted(JsonNode json) {
        if (json.isObject()) {
            Map<String, JsonNode> fields = new TreeMap<>();
            json.properties().forEach(f -> fields.put(f.getKey(), sorted(f.getValue())));
            return object(fields);
        }
        if (json.isArray()) {
            return array(items(json).stream().map(Json::sorted).toList());
        }
        return json;
    }

    /** Text of a field, trimmed; null when absent, null or empty. */
    static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        String text =
                value.isNull() || value.isMissingNode() ? "" : value.asText().strip();
        return text.isEmpty() ? null : text;
    }
}
