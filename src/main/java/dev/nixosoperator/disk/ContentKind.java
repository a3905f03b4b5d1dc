package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node of one of the content types that may stand at this place. Types are looked up late: they refer to each other. */
record ContentKind(Place place) implements Kind<Content> {

    /** disko's {@code deviceType} (of a disk, of an array) and {@code partitionType}, inside a container, and in a pool of ZFS. */
    enum Place {
        DISK,
        ARRAY,
        PARTITION,
        LUKS,
        POOL
    }

    @Override
    public @Nullable Content read(JsonNode json, At at, Findings findings) {
        NodeType<? extends Content> type = typeOf(json);
        if (type == null) {
            findings.add(
                    json.isObject() ? at.child("type") : at,
                    "found " + Findings.shown(json.isObject() ? json.path("type") : json) + "; allowed here: "
                            + (json.isObject() ? words() : allowed()));
            return null;
        }
        return type.read(json, at, findings);
    }

    /** By the word in {@code type}; null: none that may stand here. */
    @Nullable
    NodeType<? extends Content> typeOf(JsonNode json) {
        JsonNode given = json.path("type");
        for (NodeType<? extends Content> type : types()) {
            if (given.isTextual() && given.textValue().equals(type.type())) {
                return type;
            }
        }
        return null;
    }

    List<NodeType<? extends Content>> types() {
        return Content.at(place);
    }

    private String words() {
        return types().stream().map(t -> String.valueOf(t.type())).sorted().collect(Collectors.joining(", "));
    }

    @Override
    public String allowed() {
        return "an object with type " + words();
    }

    @Override
    public JsonNode normal(JsonNode json) {
        NodeType<? extends Content> type = typeOf(json);
        return type == null ? json : type.normal(json);
    }

    @Override
    public ObjectNode schema(int levels) {
        return LayoutSchema.node(types(), levels);
    }
}
