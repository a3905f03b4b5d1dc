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
 * @param user login user: root, or one that may become root (see {@code privilege})
 * @param credentialsSecretRef Secret with {@code ssh-privatekey} (and {@code passphrase} and {@code ssh-certificate}
 *     where there are) or {@code password} or both
 * @param privilege how a user who is not root becomes root
 * @param hostKeys which host keys are accepted
 * @param jumpHosts machines that are passed on the way, in this order
 * @param connectTimeout longest time for one try to connect and log in
 * @param keepAlive how often a silent connection is probed
 * @param algorithms older algorithms that this machine needs; by default none of them is offered to it
 * @param installer what differs while the kexec installer runs
 * @param installed what differs once the installed system runs
 */
public record Connection(
        @Required @Size(min = 1, max = 253) @Pattern(HOST) String host,
        @Default("22") @Min(1) @Max(65535) int port,
        @Default("root") @Size(min = 1, max = 32) @Pattern(USER) String user,
        @Required LocalRef credentialsSecretRef,
        Privilege privilege,
        HostKeys hostKeys,
        @Size(max = 3) List<JumpHost> jumpHosts,
        @Default("15s") @Pattern(GoDuration.PATTERN) GoDuration connectTimeout,
        @Default("15s") @Pattern(GoDuration.PATTERN) GoDuration keepAlive,
        Algorithms algorithms,
        @Nullable Installer installer,
        @Nullable Installed installed) {
    static final String HOST = "^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?$";
    static final String USER = "^[a-z_][a-z0-9_-]*$";

    public Connection {
        port = port == 0 ? 22 : port;
        user = user == null ? "root" : user;
        privilege = privilege == null ? Privilege.DEFAULT : privilege;
        hostKeys = hostKeys == null ? HostKeys.DEFAULT : hostKeys;
        jumpHosts = Lists.orEmpty(jumpHosts);
        connectTimeout = connectTimeout == null ? GoDuration.of("15s") : connectTimeout;
        keepAlive = keepAlive == null ? GoDuration.of("15s") : keepAlive;
        algorithms = algorithms == null ? Algorithms.NONE : algorithms;
    }

    /**
     * How a user who is not root becomes root.
     *
     * @param method the program that does it
     * @param passwordSecretKeyRef the user's password, where the program asks for one
     */
    @ValidationRule(
            value = "!has(self.passwordSecretKeyRef) || !has(self.method) || self.method != 'None'",
            message = "with method None there is no use for a password",
            fieldPath = ".passwordSecretKeyRef")
    public record Privilege(@Default("Auto") Method method, @Nullable KeyRef passwordSecretKeyRef) {
        static final Privilege DEFAULT = new Privilege(Method.Auto, null);

        public Privilege {
            method = method == null ? Method.Auto : method;
        }

        /** See {@link Privilege}. */
        public enum Method {
            /** Whichever of sudo and doas lets the user. */
            Auto,
            /** The user is root, or nothing is done. */
            None,
            Sudo,
            Doas
        }
    }

    /**
     * Which host keys are accepted.
     *
     * @param policy what happens when no key is known yet
     * @param knownHosts keys as OpenSSH writes them ({@code ssh-ed25519 AAAA…}, a known_hosts line works too); known keys
     *     win over first use. {@code @cert-authority} and {@code @revoked} are understood, host names are not read
     * @param certAuthorities public keys that may sign host certificates; a certificate must be issued for {@code host} as
     *     it is written here
     * @param knownHostsConfigMapKeyRef a known_hosts file; its lines about this host and port count
     */
    @ValidationRule(
            value =
                    "!(has(self.policy) && self.policy == 'Strict') || (has(self.knownHosts) && self.knownHosts.size() > 0)"
                            + " || (has(self.certAuthorities) && self.certAuthorities.size() > 0)"
                            + " || has(self.knownHostsConfigMapKeyRef)",
            message =
                    "policy Strict needs knownHosts, certAuthorities or knownHostsConfigMapKeyRef: without them no machine"
                            + " would ever be accepted",
            fieldPath = ".knownHosts")
    public record HostKeys(
            @Default("TrustOnFirstUse") Policy policy,
            List<@Size(min = 1, max = 4096) String> knownHosts,
            List<@Size(min = 1, max = 4096) String> certAuthorities,
            @Nullable KeyRef knownHostsConfigMapKeyRef) {
        static final HostKeys DEFAULT = new HostKeys(Policy.TrustOnFirstUse, List.of(), List.of(), null);

        public HostKeys {
            policy = policy == null ? Policy.TrustOnFirstUse : policy;
            knownHosts = Lists.orEmpty(knownHosts);
            certAuthorities = Lists.orEmpty(certAuthorities);
        }

        /** See {@link HostKeys}. */
        public enum Policy {
            /** The first key seen is pinned in status and demanded ever after. */
            TrustOnFirstUse,
            /** Only keys that are given are accepted, and what the authorities sign. */
            Strict
        }
    }

    /**
     * A machine that is passed on the way; it must allow TCP forwarding, and needs no root.
     *
     * @param host address or DNS name, as seen from the jump host before it
     * @param port TCP port
     * @param user login user
     * @param credentialsSecretRef Secret as for the machine itself; no other host sees what is in it
     * @param hostKeys which host keys are accepted
     */
    public record JumpHost(
            @Required @Size(min = 1, max = 253) @Pattern(HOST) String host,
            @Default("22") @Min(1) @Max(65535) int port,
            @Default("root") @Size(min = 1, max = 32) @Pattern(USER) String user,
            @Required LocalRef credentialsSecretRef,
            HostKeys hostKeys) {
        public JumpHost {
            port = port == 0 ? 22 : port;
            user = user == null ? "root" : user;
            hostKeys = hostKeys == null ? HostKeys.DEFAULT : hostKeys;
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
