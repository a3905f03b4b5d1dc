package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Facts;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether what {@code installed.sh} saw will boot the system, on this machine's firmware. */
final class BootProof {
    /** What boot loader installers say when they fail, some of them with exit code 0 (nixos-anywhere#159, #291, #451). */
    private static final Pattern FATAL = Pattern.compile(
            "(?i)grub-(install|bios-setup): error|will not proceed with blocklists|embedding is not possible, but"
                    + "|cannot find EFI directory|doesn't look like an EFI partition|failed to install boot ?loader"
                    + "|not a FAT EFI System Partition|could( not|n't) find (any usable )?(ESP|EFI System Partition)"
                    + "|failed to register the boot entry|no space left on device");

    private BootProof() {}

    /** A line of the log after which no reboot is safe, whatever the exit code. */
    static Optional<String> fatal(List<String> log) {
        return log.stream()
                .filter(line -> FATAL.matcher(line).find())
                .findFirst()
                .map(line -> "the boot loader's installation said '" + line.strip() + "'");
    }

    /**
     * Why not; empty: it will.
     *
     * @param facts of the machine before kexec, after which a UEFI may no longer show itself
     */
    static Optional<String> missing(Reading reading, String toplevel, @Nullable Facts facts) {
        if (!reading.yes("boot")) {
            return Optional.of("no boot entry names " + toplevel);
        }
        boolean uefi = reading.get("firmware").equals("UEFI") || (facts != null && "UEFI".equals(facts.bootMode()));
        return uefi ? onUefi(reading) : onBios(reading);
    }

    private static Optional<String> onUefi(Reading reading) {
        if (reading.yes("loader.efi")) {
            return Optional.empty();
        }
        return Optional.of(
                reading.yes("loader.bios")
                        ? "the machine starts by UEFI, and only a BIOS boot loader was installed; use systemd-boot or"
                                + " boot.loader.grub.efiSupport, and an EFI system partition (EF00) mounted at the"
                                + " boot loader's efiSysMountPoint"
                        : "no EFI system partition under /mnt holds a program that the firmware would start (the"
                                + " removable path EFI/BOOT, or one that its boot entries name); where the firmware's"
                                + " variables cannot be written, boot.loader.grub.efiInstallAsRemovable helps");
    }

    private static Optional<String> onBios(Reading reading) {
        boolean x86 = reading.get("architecture").matches("x86_64|i[3-6]86");
        if (reading.yes("loader.bios") || (!x86 && reading.yes("loader.other"))) {
            return Optional.empty();
        }
        return Optional.of(
                reading.yes("loader.efi")
                        ? "the machine starts by BIOS, and only a UEFI boot loader was installed; use"
                                + " boot.loader.grub.device with a BIOS boot partition (EF02)"
                        : "no disk under /mnt begins with a boot loader whose core image is there; use"
                                + " boot.loader.grub.device with a BIOS boot partition (EF02)");
    }
}
