package dev.nixosoperator.phase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.KnownKeys;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the spec refers to, read by the controller.
 *
 * @param initial into the machine as it is found ({@code connection})
 * @param installer into the installer ({@code connection.installer} over {@code connection})
 * @param installed into the installed system ({@code connection.installed} over {@code connection})
 * @param devices {@code spec.devices} of the DiskLayout; null without one
 * @param changePolicy of the DiskLayout
 * @param encryptionKeys key material by its path in the installer, a trailing newline stripped where asked
 * @param extraFiles every file by itself, those of a {@code secretRef} too
 * @param hostKeyFiles with {@code FromSecret}: contents by file name such as {@code ssh_host_ed25519_key}
 * @param machineKey the operator's own key, which gets into the installer in place of {@code installer}'s login; null:
 *     none was made
 */
public record MachineInputs(
        Way initial,
        Way installer,
        Way installed,
        @Nullable JsonNode devices,
        ChangePolicy changePolicy,
        Map<String, Secret> encryptionKeys,
        List<PlacedFile> extraFiles,
        Map<String, Secret> hostKeyFiles,
        @Nullable MachineKey machineKey) {
    public MachineInputs {
        encryptionKeys = Map.copyOf(encryptionKeys);
        extraFiles = List.copyOf(extraFiles);
        hostKeyFiles = Map.copyOf(hostKeyFiles);
    }

    /** Without a key of the operator's own; what differs is only told. */
    public MachineInputs(
            Way initial,
            Way installer,
            Way installed,
            @Nullable JsonNode devices,
            Map<String, Secret> encryptionKeys,
            List<PlacedFile> extraFiles,
            Map<String, Secret> hostKeyFiles) {
        this(
                initial,
                installer,
                installed,
                devices,
                ChangePolicy.ReportDrift,
                encryptionKeys,
                extraFiles,
                hostKeyFiles,
                null);
    }

    public MachineInputs with(MachineKey key) {
        return new MachineInputs(
                initial, installer, installed, devices, changePolicy, encryptionKeys, extraFiles, hostKeyFiles, key);
    }

    public Way way(Role role) {
        return switch (role) {
            case INITIAL -> initial;
            case INSTALLER -> machineKey == null ? installer : installer.as(Login.of(machineKey.privateKey()));
            case INSTALLED -> installed;
        };
    }

    /**
     * How one logs in and which host keys are accepted.
     *
     * @param privilege how the login becomes root
     * @param jumpHosts passed on the way
     * @param known what the spec says of host keys; it wins over what is pinned in status
     * @param strict {@code policy: Strict}: without a known key nobody is trusted
     */
    public record Way(Login login, Privilege privilege, List<Hop> jumpHosts, KnownKeys known, boolean strict) {
        public Way {
            jumpHosts = List.copyOf(jumpHosts);
        }

        /** The plain way: as root, or as whoever becomes root without a password. */
        public Way(Login login, Set<HostKey> knownHosts, boolean strict) {
            this(login, Privilege.AUTO, List.of(), KnownKeys.of(knownHosts), strict);
        }

        Way as(Login other) {
            return new Way(other, privilege, jumpHosts, known, strict);
        }

        /** Whether who answers is told a secret: unlike a key, a password is given away by its use. */
        boolean tellsASecret() {
            return login.password() != null || privilege.password() != null;
        }

        /** Whether the spec says which host keys are good; else the first one seen is. */
        public boolean givesKeys() {
            return strict || known.decides();
        }
    }

    /**
     * A file of the installed system.
     *
     * @param path absolute, in the installed system
     * @param mode octal digits
     * @param owner {@code uid:gid}
     */
    public record PlacedFile(String path, Secret content, String mode, String owner) {}

    /**
     * A jump host.
     *
     * @param known its keys as the spec gives them; none: the one that is pinned in status, or the first
     */
    public record Hop(Endpoint endpoint, Login login, KnownKeys known, boolean strict) {
        boolean givesKeys() {
            return strict || known.decides();
        }

        boolean tellsASecret() {
            return login.password() != null;
        }
    }
}
