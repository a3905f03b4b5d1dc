package dev.nixosoperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which machine it is.
 *
 * @param hostKeys pinned public host keys, {@code type base64}; demanded at every connection for which the spec gives
 *     none
 * @param expectedHostKeys those that the installed system presents, known before the reboot; they replace {@code
 *     hostKeys} once the system is proven, and are accepted beside all others until then, and always beside those that
 *     the spec gives
 * @param fingerprints of {@code hostKeys}, as ssh-keygen shows them
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Identity(
        @Nullable String machineId,
        @Nullable String bootId,
        @Nullable String dmiUuid,
        List<String> hostKeys,
        List<String> expectedHostKeys,
        List<String> fingerprints) {
    public Identity {
        hostKeys = Lists.orEmpty(hostKeys);
        expectedHostKeys = Lists.orEmpty(expectedHostKeys);
        fingerprints = Lists.orEmpty(fingerprints);
    }
}
