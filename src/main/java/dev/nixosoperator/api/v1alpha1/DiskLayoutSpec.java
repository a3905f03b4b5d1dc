package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Required;

/**
 * The layout.
 *
 * @param devices disko's {@code disko.devices}; carried as JSON, typed by the schema that {@code disk.LayoutSchema}
 *     derives from the node types
 */
public record DiskLayoutSpec(@Required @PreserveUnknownFields JsonNode devices) {}
