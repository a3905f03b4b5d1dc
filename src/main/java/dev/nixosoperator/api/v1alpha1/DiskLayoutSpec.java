package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;

/**
 * The layout.
 *
 * @param devices disko's {@code disko.devices}; carried as JSON, typed by the schema that {@code disk.LayoutSchema}
 *     derives from the node types
 * @param changePolicy what happens on installed machines where they differ from the layout
 */
public record DiskLayoutSpec(
        @Required @PreserveUnknownFields JsonNode devices, @Default("ReportDrift") ChangePolicy changePolicy) {
    public DiskLayoutSpec {
        changePolicy = changePolicy == null ? ChangePolicy.ReportDrift : changePolicy;
    }

    /** What a difference between the layout and an installed machine leads to. */
    public enum ChangePolicy {
        /** It is told; nothing is written. */
        ReportDrift,
        /**
         * What is missing and can be added beside what is there is made while the machine runs: last partitions, subvolumes, datasets,
         * logical volumes and swap on them; a last partition that takes the rest of its disk grows with its file system. Where anything
         * else differs nothing is done.
         */
        ApplyAdditive
    }
}
