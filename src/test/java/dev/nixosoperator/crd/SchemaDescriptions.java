package dev.nixosoperator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;

/** Puts the javadoc of the API's records into the schema, and the meaning of enum values with it. */
record SchemaDescriptions(Javadoc javadoc) {

    void apply(ObjectNode schema, Class<?> kind, Class<?> spec, Class<?> status) {
        javadoc.type(kind).ifPresent(text -> describe(schema, text));
        describeRecord((ObjectNode) schema.at("/properties/spec"), spec);
        describeRecord((ObjectNode) schema.at("/properties/status"), status);
    }

    private void describeRecord(ObjectNode schema, Class<?> type) {
        if (!schema.has("description")) {
            javadoc.type(type).ifPresent(text -> describe(schema, text));
        }
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode property = schema.path("properties").path(component.getName());
            if (property instanceof ObjectNode node) {
                javadoc.member(type, component.getName()).ifPresent(text -> describe(node, text));
                descend(node, component.getGenericType());
            }
        }
    }

    private void descend(ObjectNode schema, Type type) {
        if (type instanceof ParameterizedType list && schema.path("items") instanceof ObjectNode items) {
            descend(items, list.getActualTypeArguments()[0]);
        } else if (type instanceof Class<?> record && record.isRecord() && schema.has("properties")) {
            describeRecord(schema, record);
        } else if (type instanceof Class<?> constants && constants.isEnum()) {
            describeEnum(schema, constants);
        } else if (type instanceof Class<?> value && value.isRecord() && !schema.has("description")) {
            javadoc.type(value).ifPresent(text -> describe(schema, text));
        }
    }

    private void describeEnum(ObjectNode schema, Class<?> constants) {
        StringBuilder text = new StringBuilder(schema.path("description").asText(""));
        for (Object constant : constants.getEnumConstants()) {
            Optional<String> meaning = javadoc.member(constants, constant.toString());
            meaning.ifPresent(words -> text.append(text.isEmpty() ? "" : " ")
                    .append(constant)
                    .append(": ")
                    .append(lowerFirst(words)));
        }
        if (!text.isEmpty()) {
            describe(schema, text.toString());
        }
    }

    private static String lowerFirst(String words) {
        return Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }

    private static void describe(ObjectNode schema, String text) {
        String sentence = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        schema.put("description", sentence.matches("(?s).*[.!?]") ? sentence : sentence + ".");
    }
}
