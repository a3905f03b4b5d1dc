package dev.nixosoperator.disk;

import java.util.List;

/**
 * How the initrd opens a LUKS device of a layout, to be tried before the reboot.
 *
 * @param name below /dev/mapper
 * @param form {@code text}: newlines at the end of the file do not belong to the passphrase; {@code raw}: every byte does
 * @param file on the installer, with the first key
 * @param arguments of cryptsetup that say which part of the file it is
 */
public record Unlock(String name, String form, String file, List<String> arguments) {}
