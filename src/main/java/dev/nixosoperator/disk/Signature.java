package dev.nixosoperator.disk;

import org.jspecify.annotations.Nullable;

/**
 * Something that libblkid recognises at the beginning or end of a device, seen by an own probe.
 *
 * @param type as blkid names it: ext4, LVM2_member, gpt, crypto_LUKS
 * @param uuid of the file system, member or table; null when there is none
 */
public record Signature(String type, @Nullable String uuid, @Nullable String label) {}
