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
import java.util.Map;

/**
 * A tree as it was given, in disko's words alone: without selector and preserve, which disko does not know, and without null, which stands for "not
 * given" here but is no value of most of disko's options. Only for trees without findings.
 */
final class Given {
    private Given() {}

    static JsonNode node(NodeType<?> type, JsonNode json) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        if (json.has("type")) {
            result.set("type", json.get("type"));
        }
        for (Option<?> option : type.options()) {
            JsonNode value = json.path(option.name());
            if (!value.isMissingNode() && !value.isNull() && !isOurs(option)) {
                result.set(option.name(), of(option.kind(), value));
            }
        }
        return result;
    }

    private static boolean isOurs(Option<?> option) {
        boolean selector =
                option.kind() instanceof NodeKind<?>(NodeType<?> type, int deepest) && type.equals(Selector.TYPE);
        return selector || option.equals(Preserved.OPTION);
    }

    private static JsonNode of(Kind<?> kind, JsonNode json) {
        return switch (kind) {
            case NodeKind<?> node -> node(node.node(), json);
            case ContentKind content -> content(content, json);
            case ListOf<?> list ->
                Json.of(Json.items(json).stream().map(i -> of(list.item(), i)).toList());
            case MapOf<?> map -> {
                ObjectNode result = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> field : json.properties()) {
                    result.set(field.getKey(), of(map.value(), field.getValue()));
                }
                yield result;
            }
            case Topology.Mode mode -> json.isObject() ? node(Topology.Mode.OBJECT, json) : json;
            case Topology.OneOrMore<?> groups -> json.isObject() ? of(groups.item(), json) : of(groups.list(), json);
            case Text text -> json;
            case Choice choice -> json;
            case Bool bool -> json;
            case Int number -> json;
            case Free free -> json;
        };
    }

    private static JsonNode content(ContentKind kind, JsonNode json) {
        NodeType<? extends Content> type = kind.typeOf(json);
        return type == null ? json : node(type, json);
    }
}
