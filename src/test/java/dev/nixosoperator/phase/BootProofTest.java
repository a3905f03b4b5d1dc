package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Facts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which boot loader a machine needs, by its firmware, and what its installation must not say. */
class BootProofTest {
    @ParameterizedTest(name = "{0} ({1} before kexec), {2}, {3}")
    @CsvSource({
        "BIOS, BIOS, x86_64,  loader.bios,  ''",
        "UEFI, UEFI, x86_64,  loader.efi,   ''",
        "BIOS, UEFI, x86_64,  loader.efi,   ''",
        "BIOS, UEFI, x86_64,  loader.bios,  only a BIOS boot loader",
        "UEFI, '',   x86_64,  loader.bios,  only a BIOS boot loader",
        "BIOS, BIOS, x86_64,  loader.efi,   only a UEFI boot loader",
        "BIOS, '',   x86_64,  loader.other, EF02",
        "BIOS, '',   aarch64, loader.other, ''",
        "UEFI, UEFI, x86_64,  none,         EFI/BOOT",
        "BIOS, BIOS, x86_64,  none,         core image",
    })
    void theLoaderFitsTheFirmware(String firmware, String before, String architecture, String loader, String missing) {
        Reading reading = Reading.parse(
                "boot=yes\nfirmware=%s\narchitecture=%s\n%s=yes\n".formatted(firmware, architecture, loader));
        String told =
                BootProof.missing(reading, TestMachine.TOPLEVEL, facts(before)).orElse("");
        if (missing.isEmpty()) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).contains(missing);
        }
    }

    private static @Nullable Facts facts(String bootMode) {
        return bootMode.isEmpty() ? null : new Facts(null, null, null, null, null, null, bootMode, List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nix/store/x-grub/sbin/grub-install: error: cannot find EFI directory.",
                "grub-install: error: embedding is not possible, but this is required for RAID and LVM install.",
                "grub-install: error: will not proceed with blocklists.",
                "Could not prepare Boot variable: No space left on device",
                "efibootmgr: failed to register the boot entry: Operation not permitted",
                "File system \"/boot\" is not a FAT EFI System Partition (ESP) file system.",
                "Failed to install bootloader",
            })
    void aLoaderThatFailedIsHeardWhateverTheExitCode(String line) {
        assertThat(BootProof.fatal(List.of("installing the boot loader...", line, "installation finished!")))
                .hasValueSatisfying(told -> assertThat(told).contains(line));
    }

    @Test
    void whatEveryInstallationSaysIsHarmless() {
        assertThat(BootProof.fatal(List.of(
                        "setting up /etc...",
                        "updating GRUB 2 menu...",
                        "Warning: os-prober will be executed to detect other bootable partitions.",
                        "Installing for i386-pc platform.",
                        "Installation finished. No error reported.",
                        "Not booted with EFI or running in a container, skipping EFI variable setup.",
                        "installation finished!")))
                .isEmpty();
    }
}
