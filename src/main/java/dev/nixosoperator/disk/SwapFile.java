package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * disko's swap file on btrfs: made, and told to NixOS; not used during the installation.
 *
 * @param path below its subvolume; null = the key
 */
record SwapFile(String size, @Nullable String path, @Nullable Long priority, List<String> options) {

    private static final Option<String> SIZE = Option.required(
            "size", new Text("[1-9][0-9]{0,11}[KMGTP]", 13, "a whole number with K, M, G, T or P (2G)"), "Size.");
    private static final Option<String> PATH = Option.optional(
            "path",
            new Text(
                    "(?!\\.\\.?(/|$))[^/\\p{Cntrl}]+(/(?!\\.\\.?(/|$))[^/\\p{Cntrl}]+)*",
                    512,
                    "a relative path without '.' and '..'"),
            "Where it lies in its subvolume. Default: the key.");
    private static final Option<Long> PRIORITY =
            Option.optional("priority", new Int(0, 32767), "Higher is used first; absent = the kernel decides.");
    private static final Option<List<String>> OPTIONS = Option.withDefault(
            "options", Kind.list(Kinds.MOUNT_OPTION, 64), List.of("defaults"), "Options of swapon for NixOS.");

    static final NodeType<SwapFile> TYPE = NodeType.plain(
            "A swap file on btrfs.",
            List.of(SIZE, PATH, PRIORITY, OPTIONS),
            v -> new SwapFile(v.get(SIZE), v.find(PATH), v.find(PRIORITY), v.get(OPTIONS)));

    static final Option<Map<String, SwapFile>> FILES = Option.withDefault(
            "swap",
            new MapOf<>(new Text("(?!\\.\\.?$)[^/\\p{Cntrl}]+", 128, "a file name"), new NodeKind<>(TYPE), 64),
            Map.of(),
            "Swap files by name; they need a mountpoint.");

    String file(String key) {
        return path == null ? key : path;
    }

    /** As the installed system finds it in what is mounted there. */
    String seen(String mountpoint, String key) {
        return (mountpoint.equals("/") ? "" : mountpoint) + "/" + file(key);
    }

    Setting nixos(String mountpoint, String key) {
        return new Setting.SwapFile(seen(mountpoint, key), priority, options);
    }
}
