package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * How the closure gets onto the machine.
 *
 * @param substituters binary caches beside {@code system.storePath.from}, http(s); a system that the machine builds takes what
 *     it can from them, or from cache.nixos.org where none is given
 * @param trustedPublicKeys keys of which one must have signed each path that is not content-addressed
 * @param substituteOnTarget whether the machine fetches from the caches itself; false: the operator reads them, checks
 *     signatures and content, and hands over what the machine lacks, which needs no way to anywhere then
 */
public record CopyOptions(
        List<@Size(max = 1024) @Pattern("^https?://[^\\s'\"]+$") String> substituters,
        List<@Size(max = 256) @Pattern("^[^\\s:]+:[A-Za-z0-9+/=]{44}$") String> trustedPublicKeys,
        @Default("true") Boolean substituteOnTarget) {
    static final CopyOptions DEFAULT = new CopyOptions(List.of(), List.of(), true);

    public CopyOptions {
        substituters = Lists.orEmpty(substituters);
        trustedPublicKeys = Lists.orEmpty(trustedPublicKeys);
        substituteOnTarget = substituteOnTarget == null || substituteOnTarget;
    }
}
