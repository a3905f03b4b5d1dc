package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the machine over SSH.
 *
 * @param host IPv4 or IPv6 address (with zone) or DNS name
 * @param port TCP port
 * @param user login user: root, or one that may run sudo without a password
 * @param credentialsSecretRef Secret with {@code ssh-privatekey} and, where the key has one, {@code passphrase}
 * @param hostKeys which host keys are accepted
 * @param connectTimeout longest time for one try to connect and log in
 * @param keepAlive how often a silent connection is probed
 * @param installer what differs while the kexec installer runs
 * @param installed what differs once the installed system runs
 */
public record Connection(
        @Required @Size(min = 1, max = 253) @Pattern(HOST) String host,
        @Default("22") @Min(1) @Max(65535) int port,
        @Default("root") @Size(min = 1, max = 32) @Pattern(USER) String user,
        @Required LocalRef credentialsSecretRef,
        HostKeys hostKeys,
        @Default("15s") @Pattern(GoDuration.PATTERN) GoDuration connectTimeout,
        @Default("15s") @Pattern(GoDuration.PATTERN) GoDuration keepAlive,
        @Nullable Installer installer,
        @Nullable Installed installed) {
    static final String HOST = "^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?$";
    static final String USER = "^[a-z_][a-z0-9_-]*$";

    public Connection {
        port = port == 0 ? 22 : port;
        user = user == null ? "root" : user;
        hostKeys = hostKeys == null ? HostKeys.DEFAULT : hostKeys;
        connectTimeout = connectTimeout == null ? GoDuration.of("15s") : connectTimeout;
        keepAlive = keepAlive == null ? GoDuration.of("15s") : keepAlive;
    }

    /**
     * Which host keys are accepted.
     *
     * @param policy what happens when no key is known yet
     * @param knownHosts keys as OpenSSH writes them ({@code ssh-ed25519 AAAA…}, a known_hosts line works too); known keys
     *     win over first use
     */
    @ValidationRule(
            value =
                    "!(has(self.policy) && self.policy == 'Strict') || (has(self.knownHosts) && self.knownHosts.size() > 0)",
            message = "policy Strict needs knownHosts: without them no machine would ever be accepted",
            fieldPath = ".knownHosts")
    public record HostKeys(
            @Default("TrustOnFirstUse") Policy policy, List<@Size(min = 1, max = 2048) String> knownHosts) {
        static final HostKeys DEFAULT = new HostKeys(Policy.TrustOnFirstUse, List.of());

        public HostKeys {
            policy = policy == null ? Policy.TrustOnFirstUse : policy;
            knownHosts = Lists.orEmpty(knownHosts);
        }

        /** See {@link HostKeys}. */
        public enum Policy {
            /** The first key seen is pinned in status and demanded ever after. */
            TrustOnFirstUse,
            /** Only {@code knownHosts} are accepted. */
            Strict
        }
    }

    /** What differs while the installer runs; the user is always root there. */
    public record Installer(
            @Nullable @Size(min = 1, max = 253) @Pattern(HOST) String host,
            @Nullable @Min(1) @Max(65535) Integer port,
            @Nullable LocalRef credentialsSecretRef,
            @Nullable HostKeys hostKeys) {}

    /** What differs once the installed system runs. */
    public record Installed(
            @Nullable @Size(min = 1, max = 253) @Pattern(HOST) String host,
            @Nullable @Min(1) @Max(65535) Integer port,
            @Nullable @Size(min = 1, max = 32) @Pattern(USER) String user,
            @Nullable LocalRef credentialsSecretRef,
            @Nullable HostKeys hostKeys) {}
}
