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
 * @param presented a host key that was shown and refused; gone once a known one is shown
 * @param acceptedHostKey echo of the accept-host-key annotation once it was obeyed; what it says cannot accept a key
 *     again until the annotation changes
 * @param jumpHosts pinned host keys of the jump hosts for which the spec gives none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Identity(
        @Nullable String machineId,
        @Nullable String bootId,
        @Nullable String dmiUuid,
        List<String> hostKeys,
        List<String> expectedHostKeys,
        List<String> fingerprints,
        @Nullable Presented presented,
        @Nullable String acceptedHostKey,
        List<JumpHost> jumpHosts) {
    public Identity {
        hostKeys = Lists.orEmpty(hostKeys);
        expectedHostKeys = Lists.orEmpty(expectedHostKeys);
        fingerprints = Lists.orEmpty(fingerprints);
        jumpHosts = Lists.orEmpty(jumpHosts);
    }

    public Identity withJumpHosts(List<JumpHost> known) {
        return new Identity(
                machineId,
                bootId,
                dmiUuid,
                hostKeys,
                expectedHostKeys,
                fingerprints,
                presented,
                acceptedHostKey,
                known);
    }

    /**
     * A jump host that was passed.
     *
     * @param host {@code host:port}
     * @param hostKeys {@code type base64}
     */
    public record JumpHost(String host, List<String> hostKeys) {
        public JumpHost {
            hostKeys = Lists.orEmpty(hostKeys);
        }
    }

    /**
     * A host key that was refused.
     *
     * @param key {@code type base64}
     * @param fingerprint as ssh-keygen shows it: what the accept-host-key annotation names
     * @param acceptable whether the annotation may accept it; false where the spec says which keys are good
     */
    public record Presented(String key, String fingerprint, boolean acceptable) {}
}
