package dev.nixosoperator.phase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Login;
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
 * @param encryptionKeys key material by its path in the installer, a trailing newline stripped where asked
 * @param extraFiles every file by itself, those of a {@code secretRef} too
 * @param hostKeyFiles with {@code FromSecret}: contents by file name such as {@code ssh_host_ed25519_key}
 */
public record MachineInputs(
        Way initial,
        Way installer,
        Way installed,
        @Nullable JsonNode devices,
        Map<String, Secret> encryptionKeys,
        List<PlacedFile> extraFiles,
        Map<String, Secret> hostKeyFiles) {
    public MachineInputs {
        encryptionKeys = Map.copyOf(encryptionKeys);
        extraFiles = List.copyOf(extraFiles);
        hostKeyFiles = Map.copyOf(hostKeyFiles);
    }

    Way way(Role role) {
        return switch (role) {
            case INITIAL -> initial;
            case INSTALLER -> installer;
            case INSTALLED -> installed;
        };
    }

    /**
     * How one logs in and which host keys are accepted.
     *
     * @param knownHosts accepted beside those pinned in status
     * @param strict {@code policy: Strict}: without a known key nobody is trusted
     */
    public record Way(Login login, Set<HostKey> knownHosts, boolean strict) {
        public Way {
            knownHosts = Set.copyOf(knownHosts);
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
}
