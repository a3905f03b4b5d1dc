package dev.nixosoperator.disk;

import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code disk}, with a {@code selector} added.
 *
 * @param name used in default labels; null = the key with '/' replaced
 * @param device absolute path; may be absent when the machine or a selector names the disk
 * @param destroy false: the disk is not wiped, only what is missing is made
 * @param preserve nothing of it is made either
 * @param hooks around those of the content
 */
record Disk(
        @Nullable String name,
        @Nullable String device,
        @Nullable Selector selector,
        boolean destroy,
        boolean preserve,
        @Nullable Content content,
        Hooks hooks) {

    private static final Option<String> NAME =
            Option.optional("name", new Text("[^\\p{Cntrl}/]+", 256, "a text without '/'"), "Part of default labels.");
    private static final Option<String> DEVICE = Option.optional(
            "device",
            new Text("/dev(/(?!\\.\\.?(/|$))[^/\\p{Cntrl}]+)+", 512, "an absolute path below /dev"),
            "The disk, best as /dev/disk/by-id/….");
    private static final Option<Selector> SELECTOR =
            Option.optional("selector", new NodeKind<>(Selector.TYPE), "Chooses the disk by what it is.");
    private static final Option<Boolean> DESTROY =
            Option.withDefault("destroy", Kinds.BOOL, true, "false: never wiped, only what is missing is made.");
    private static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.DISK), "What is on it; absent = wiped and left raw.");

    static final NodeType<Disk> TYPE = new NodeType<>(
            "disk",
            false,
            "A whole disk.",
            Stream.concat(Stream.of(NAME, DEVICE, SELECTOR, DESTROY, Preserved.OPTION, CONTENT), Hooks.OPTIONS.stream())
                    .toList(),
            v -> new Disk(
                    v.find(NAME),
                    v.find(DEVICE),
                    v.find(SELECTOR),
                    v.get(DESTROY) && !v.get(Preserved.OPTION),
                    v.get(Preserved.OPTION),
                    v.find(CONTENT),
                    Hooks.of(v)));

    Stream<Tree> tree(String key, int number) {
        if (content == null) {
            return Stream.empty();
        }
        String called = name == null ? key.replace('/', '_') : name;
        var on = new On(at(key), "d" + number, device, "disk " + key, "disk-" + called);
        return Stream.of(new Tree(on, content, List.of(hooks.with("name", called), content.hooks())));
    }

    /** All that is on it is lost. */
    boolean isWiped(DiskMode mode) {
        return destroy && mode == DiskMode.DESTROY_FORMAT_MOUNT;
    }

    /** Where the content of the disk with this key stands. */
    static At at(String key) {
        return Devices.DISKS.child(key).child(CONTENT.name());
    }

    void check(At at, Findings findings) {
        if (selector != null && selector.isEmpty()) {
            findings.add(at.child(SELECTOR.name()), "empty; allowed: at least one of " + Selector.CRITERIA);
        }
        if (content == null && !hooks.none()) {
            findings.add(at, "found hooks; allowed: none on a disk that is left raw");
        }
        if (device == null && content != null && !(content instanceof Gpt)) {
            findings.add(
                    at.child(DEVICE.name()),
                    "missing; needed because NixOS must name a disk that is used without a partition table");
        }
    }
}
