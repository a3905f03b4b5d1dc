package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which machine it is.
 *
 * @param hostKeys pinned public host keys, {@code type base64}; demanded at every connection
 * @param fingerprints of {@code hostKeys}, as ssh-keygen shows them
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Identity(
        @Nullable String machineId,
        @Nullable String bootId,
        @Nullable String dmiUuid,
        List<String> hostKeys,
        List<String> fingerprints) {
    public Identity {
        hostKeys = Lists.orEmpty(hostKeys);
        fingerprints = Lists.orEmpty(fingerprints);
    }
}
