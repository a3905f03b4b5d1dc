package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.nix.NixValue;
import java.util.Map;
import java.util.TreeMap;

/** JSON as a Nix expression that evaluates to the same. */
final class NixData {
    private NixData() {}

    static NixValue of(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT, POJO -> {
                Map<String, NixValue> attrs = new TreeMap<>();
                json.properties().forEach(f -> attrs.put(f.getKey(), of(f.getValue())));
                yield new NixValue.Attrs(attrs);
            }
            case ARRAY ->
                new NixValue.Items(Json.items(json).stream().map(NixData::of).toList());
            case NUMBER ->
                json.isIntegralNumber() && json.canConvertToLong()
                        ? new NixValue.Int(json.longValue())
                        : new NixValue.Real(json.doubleValue());
            case BOOLEAN -> new NixValue.Bool(json.booleanValue());
            case NULL, MISSING -> new NixValue.Null();
            case STRING, BINARY -> new NixValue.Text(json.asText());
        };
    }
}
