package dev.nixosoperator.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.LayoutSchema;

/** The schema of {@code spec.devices}, which {@code disk} knows better than a Java type can say. */
final class LayoutDevices {
    private LayoutDevices() {}

    static void replace(ObjectNode schema) {
        ObjectNode properties = (ObjectNode) schema.at("/properties/spec/properties");
        properties.set("devices", LayoutSchema.openApi());
    }
}
