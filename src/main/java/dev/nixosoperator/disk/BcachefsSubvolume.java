package dev.nixosoperator.disk;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A subvolume of disko's {@code bcachefs_filesystem}.
 *
 * @param name null = the key
 */
record BcachefsSubvolume(@Nullable String name, List<String> mountOptions, @Nullable String mountpoint) {
    private static final Option<String> NAME = Option.optional(
            "name", Subvolume.PATH, "Path in the file system, with or without a slash in front. Default: the key.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.optional(
            "mountOptions",
            Kind.list(Kinds.MOUNT_OPTION, 64),
            "More mount options; X-mount.mkdir and X-mount.subdir are always there.");
    static final Option<String> MOUNTPOINT =
            Option.optional("mountpoint", Kinds.PATH, "Where it is mounted; absent = it is only made.");

    static final NodeType<BcachefsSubvolume> TYPE = new NodeType<>(
            "bcachefs_subvolume",
            false,
            "A subvolume of bcachefs.",
            List.of(NAME, MOUNT_OPTIONS, MOUNTPOINT),
            v -> new BcachefsSubvolume(
                    v.find(NAME), Optional.ofNullable(v.find(MOUNT_OPTIONS)).orElse(List.of()), v.find(MOUNTPOINT)));

    /** In the file system, without a slash in front. */
    String path(String key) {
        String called = name == null ? key : name;
        return called.startsWith("/") ? called.substring(1) : called;
    }

    /** As disko has them, each once. */
    List<String> allMountOptions(String key) {
        return Stream.concat(Stream.of("X-mount.mkdir", "X-mount.subdir=" + path(key)), mountOptions.stream())
                .distinct()
                .toList();
    }
}
