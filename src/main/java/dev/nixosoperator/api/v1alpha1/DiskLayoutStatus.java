package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator makes of a layout.
 *
 * @param hash sha256 of the canonical form of {@code spec.devices}
 * @param machines how many machines use the layout
 * @param summary one line a mount point
 * @param renderedRef the ConfigMap with the rendered files
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DiskLayoutStatus(
        @Nullable Long observedGeneration,
        @Nullable String hash,
        @Nullable Integer machines,
        List<String> summary,
        @Nullable LocalRef renderedRef,
        List<Condition> conditions) {
    public DiskLayoutStatus {
        summary = Lists.orEmpty(summary);
        conditions = Lists.orEmpty(conditions);
    }
}
