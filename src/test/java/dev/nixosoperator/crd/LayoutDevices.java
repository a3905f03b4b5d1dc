package dev.nixosoperator.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schema of {@code spec.devices}, which {@code disk} knows better than a Java type can say. */
final class LayoutDevices {
    private LayoutDevices() {}

    static void replace(ObjectNode schema) {
        ObjectNode properties = (ObjectNode) schema.at("/properties/spec/properties");
        String description = properties.path("devices").path("description").asText();
        ObjectNode devices = properties.putObject("devices");
        devices.put("type", "object");
        devices.put("x-kubernetes-preserve-unknown-fields", true);
        devices.put("description", description);
    }
}
