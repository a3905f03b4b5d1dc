package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The system asked for and the one found, as store paths.
 *
 * @param desired absent where it is not built yet
 * @param name the current system without store prefix and hash, for people
 * @param revision of the flake that {@code desired} is built from
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SystemState(
        @Nullable String desired,
        @Nullable String current,
        @Nullable String booted,
        @Nullable String name,
        @Nullable String revision) {}
