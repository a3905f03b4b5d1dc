package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A nested node of one type: a partition, a selector, a disk.
 *
 * @param deepest levels of it that the CRD types at most: its size is limited
 */
record NodeKind<T>(NodeType<T> node, int deepest) implements Kind<T> {
    NodeKind(NodeType<T> node) {
        this(node, LayoutSchema.LEVELS);
    }

    @Override
    public @Nullable T read(JsonNode json, At at, Findings findings) {
        return node.read(json, at, findings);
    }

    @Override
    public String allowed() {
        return node.type() == null ? "an object" : "a " + node.type();
    }

    @Override
    public JsonNode normal(JsonNode json) {
        return node.normal(json);
    }

    @Override
    public ObjectNode schema(int levels) {
        return LayoutSchema.node(List.of(node), Math.min(levels, deepest));
    }
}
