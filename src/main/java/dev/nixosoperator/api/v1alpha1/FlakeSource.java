package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The flake that a system is built from.
 *
 * @param ref as the spec had it
 * @param attribute as the spec had it
 * @param locked the reference with what pins it, so that it means the same source for ever; absent: not resolved yet
 * @param revision of that source, for people: a commit, or the hash of its tree
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record FlakeSource(String ref, String attribute, @Nullable String locked, @Nullable String revision) {
    public static FlakeSource of(SystemSource.Flake flake) {
        return new FlakeSource(flake.ref(), flake.attribute(), null, null);
    }

    public boolean isOf(SystemSource.Flake flake) {
        return ref.equals(flake.ref()) && attribute.equals(flake.attribute());
    }
}
