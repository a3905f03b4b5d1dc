package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * disko's {@code disko.devices} as JSON, as written or as evaluated, made a layout.
 *
 * @param devices for {@code spec.devices}: without what is internal to disko, null, a default, or follows from the rest
 * @param dropped what was left out though somebody may have meant it, a line each
 * @param findings what is not valid, or not supported
 */
public record Imported(JsonNode devices, List<String> dropped, List<Finding> findings) {
    /** Never throws, whatever the JSON is. */
    public static Imported of(JsonNode disko) {
        return new DiskoImport().run(disko);
    }
}
