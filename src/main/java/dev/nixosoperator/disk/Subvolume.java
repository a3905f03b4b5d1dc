package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of disko's {@code btrfs.subvolumes}.
 *
 * @param name null = the key
 */
record Subvolume(
        @Nullable String name,
        List<String> extraArgs,
        List<String> mountOptions,
        @Nullable String mountpoint,
        Map<String, SwapFile> swap) {

    /** It stands in mount options, where a comma ends it, and in fstab, where a blank does. */
    static final Text PATH = new Text(
            "/?(?!\\.\\.?(/|$))[^/,\\s\\p{Cntrl}]+(/(?!\\.\\.?(/|$))[^/,\\s\\p{Cntrl}]+)*",
            512,
            "a path without blanks, commas, '.' and '..'");

    private static final Option<String> NAME = Option.optional(
            "name", PATH, "Path in the file system, with or without a slash in front. Default: the key.");
    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of btrfs subvolume create; an element may hold several words.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();
    static final Option<String> MOUNTPOINT = Option.optional(
            "mountpoint",
            Kinds.PATH,
            "Where it is mounted; absent = it is only made, and seen where its parent is mounted.");

    static final NodeType<Subvolume> TYPE = new NodeType<>(
            "btrfs_subvol",
            false,
            "A subvolume.",
            List.of(NAME, EXTRA_ARGS, MOUNT_OPTIONS, MOUNTPOINT, SwapFile.FILES),
            v -> new Subvolume(
                    v.find(NAME), v.get(EXTRA_ARGS), v.get(MOUNT_OPTIONS), v.find(MOUNTPOINT), v.get(SwapFile.FILES)));

    String called(String key) {
        return name == null ? key : name;
    }

    /** In the file system, without a slash in front. */
    String path(String key) {
        String called = called(key);
        return called.startsWith("/") ? called.substring(1) : called;
    }

    void check(At at, Findings findings) {
        Words.check(EXTRA_ARGS, extraArgs, at, findings);
        Words.noDevices(EXTRA_ARGS, extraArgs, at, findings);
        Words.noDeviceOptions(mountOptions, at, findings);
    }
}
