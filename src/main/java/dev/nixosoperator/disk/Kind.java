package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Kinds.Bool;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Free;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.ListOf;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What values an option may have: how they are read, described, compared, and how Kubernetes is told. */
sealed interface Kind<T>
        permits Text, Choice, Bool, Int, ListOf, MapOf, Free, NodeKind, ContentKind, Topology.Mode, Topology.OneOrMore {

    /** The value, or null with a finding. Never throws. */
    @Nullable
    T read(JsonNode json, At at, Findings findings);

    /** For messages: "allowed: …". */
    String allowed();

    /** The same value for two spellings that mean the same. Only for values without findings. */
    default JsonNode normal(JsonNode json) {
        return json;
    }

    /** OpenAPI v3, structural and bounded. {@code levels}: how many nodes more are typed before the tree is open. */
    ObjectNode schema(int levels);

    static <T> Kind<List<T>> list(Kind<T> item, int max) {
        return new ListOf<>(item, max);
    }

    static ObjectNode schemaOf(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
