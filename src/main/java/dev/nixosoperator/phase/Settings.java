package dev.nixosoperator.phase;

import java.nio.file.Path;

/**
 * What the operator's configuration says to steps.
 *
 * @param kexecImage URL of the kexec archive where the spec names none, with {@code <arch>} for the machine's
 *     architecture
 * @param cache directory for downloaded archives
 */
public record Settings(String kexecImage, Path cache) {
    /** The installer of nix-community/nixos-images for the current NixOS release. */
    public static final String DEFAULT_KEXEC_IMAGE =
            "https://github.com/nix-community/nixos-images/releases/download/nixos-25.11/"
                    + "nixos-kexec-installer-noninteractive-<arch>-linux.tar.gz";
}
