package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a disk by what it is. All criteria given must match; what a machine does not tell of a disk does not match.
 *
 * @param model as a whole, without case, blanks and underscores being the same; so is the vendor
 * @param minSize bytes, inclusive
 * @param maxSize bytes, inclusive
 * @param transport as lsblk names it: sata, nvme, usb, sas, virtio
 * @param byPath name below /dev/disk/by-path, or the whole path
 * @param onlyDisk it is the only disk of the machine that cannot be pulled out
 */
public record Selector(
        @Nullable String serial,
        @Nullable String wwn,
        @Nullable String model,
        @Nullable String vendor,
        @Nullable Long minSize,
        @Nullable Long maxSize,
        @Nullable Boolean rotational,
        @Nullable String transport,
        @Nullable String byPath,
        boolean onlyDisk) {
    /** All criteria, for messages. */
    static final String CRITERIA =
            "serial, wwn, model, vendor, minSize, maxSize, rotational, transport, byPath, onlyDisk: true";

    private static final String BY_PATH_DIRECTORY = "/dev/disk/by-path/";
    private static final Text AMOUNT =
            new Text("[0-9]{1,18}(\\.[0-9]{1,9})?([kKMGTPE]i?)?B?", 32, "an amount such as 500G, 1.8T or 465Gi");

    private static final Option<String> SERIAL =
            Option.optional("serial", Kinds.ARGUMENT, "Serial number of the disk.");
    private static final Option<String> WWN = Option.optional("wwn", Kinds.ARGUMENT, "World wide name of the disk.");
    private static final Option<String> MODEL =
            Option.optional("model", Kinds.ARGUMENT, "Its model as lsblk shows it, as a whole.");
    private static final Option<String> VENDOR =
            Option.optional("vendor", Kinds.ARGUMENT, "Its vendor as lsblk shows it, as a whole.");
    private static final Option<String> MIN =
            Option.optional("minSize", AMOUNT, "At least so many bytes (500G, 465Gi).");
    private static final Option<String> MAX =
            Option.optional("maxSize", AMOUNT, "At most so many bytes (500G, 465Gi).");
    private static final Option<Boolean> ROTATIONAL =
            Option.optional("rotational", Kinds.BOOL, "true: it turns; false: it does not (SSD, NVMe).");
    private static final Option<String> TRANSPORT = Option.optional(
            "transport",
            new Text("[A-Za-z0-9]{1,16}", 16, "a word such as sata, nvme, usb, sas or virtio"),
            "How it is connected, as lsblk shows it (sata, nvme, usb, sas, virtio).");
    private static final Option<String> BY_PATH = Option.optional(
            "byPath",
            new Text(
                    "(" + BY_PATH_DIRECTORY + ")?(?!\\.\\.?$)[^/\\p{Cntrl}]+",
                    256,
                    "a name below /dev/disk/by-path, or the whole path"),
            "Where it is plugged in: a name below /dev/disk/by-path.");
    private static final Option<Boolean> ONLY_DISK = Option.withDefault(
            "onlyDisk", Kinds.BOOL, false, "It is the machine's only disk, removable ones not counted.");

    static final NodeType<Selector> TYPE = NodeType.plain(
            "Chooses the disk by what it is; all criteria must match, and exactly one disk of the machine.",
            List.of(SERIAL, WWN, MODEL, VENDOR, MIN, MAX, ROTATIONAL, TRANSPORT, BY_PATH, ONLY_DISK),
            v -> new Selector(
                    v.find(SERIAL),
                    v.find(WWN),
                    v.find(MODEL),
                    v.find(VENDOR),
                    amount(v.find(MIN)),
                    amount(v.find(MAX)),
                    v.find(ROTATIONAL),
                    v.find(TRANSPORT),
                    v.find(BY_PATH),
                    v.get(ONLY_DISK)));

    /** More than a long holds is more than any disk has: never as if nothing was asked for. */
    private static @Nullable Long amount(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Long bytes = Bytes.parse(text);
        return bytes == null ? Long.MAX_VALUE : bytes;
    }

    /** Nothing is asked for: such a selector matches no disk. */
    public boolean isEmpty() {
        return !onlyDisk
                && Stream.of(serial, wwn, model, vendor, minSize, maxSize, rotational, transport, byPath)
                        .allMatch(Objects::isNull);
    }

    /** What {@code disk} fails at, in words that stand behind its name; empty: it matches. */
    List<String> misses(BlockDevice disk, BlockDevices machine) {
        List<String> misses = new ArrayList<>();
        if (isEmpty()) {
            misses.add("nothing is asked for");
        }
        text("serial", serial, Identity.serial(serial), disk.serial(), Identity.serial(disk.serial()), misses);
        text("wwn", wwn, Identity.wwn(wwn), disk.wwn(), Identity.wwn(disk.wwn()), misses);
        Hardware hardware = disk.hardware();
        text("model", model, Identity.word(model), hardware.model(), Identity.word(hardware.model()), misses);
        text("vendor", vendor, Identity.word(vendor), hardware.vendor(), Identity.word(hardware.vendor()), misses);
        String way = hardware.transport();
        text("transport", transport, Identity.word(transport), way, Identity.word(way), misses);
        if (minSize != null && disk.size() < minSize) {
            misses.add("smaller than " + Bytes.human(minSize));
        }
        if (maxSize != null && disk.size() > maxSize) {
            misses.add("larger than " + Bytes.human(maxSize));
        }
        if (rotational != null && !rotational.equals(hardware.rotational())) {
            misses.add(hardware.rotational() == null ? "rotational unknown" : "rotational " + hardware.rotational());
        }
        if (byPath != null && !disk.links().contains(path(byPath))) {
            misses.add("not at " + path(byPath));
        }
        if (onlyDisk && !isOnly(disk, machine)) {
            misses.add(disk.hardware().isFixed() ? "not the only disk" : "removable");
        }
        return misses;
    }

    private static void text(
            String what,
            @Nullable String wanted,
            String comparable,
            @Nullable String found,
            String foundComparable,
            List<String> misses) {
        if (wanted != null && (foundComparable.isEmpty() || !comparable.equals(foundComparable))) {
            misses.add(
                    found == null || foundComparable.isEmpty()
                            ? what + " unknown"
                            : what + " " + Findings.shown(found));
        }
    }

    private static boolean isOnly(BlockDevice disk, BlockDevices machine) {
        List<BlockDevice> fixed =
                machine.disks().stream().filter(d -> d.hardware().isFixed()).toList();
        return fixed.size() == 1 && fixed.contains(disk);
    }

    private static String path(String byPath) {
        return byPath.startsWith("/") ? byPath : BY_PATH_DIRECTORY + byPath;
    }

    @Override
    public String toString() {
        return Stream.of(
                        serial == null ? "" : "serial " + serial,
                        wwn == null ? "" : "wwn " + wwn,
                        model == null ? "" : "model " + model,
                        vendor == null ? "" : "vendor " + vendor,
                        minSize == null ? "" : "at least " + Bytes.human(minSize),
                        maxSize == null ? "" : "at most " + Bytes.human(maxSize),
                        rotational == null ? "" : rotational ? "rotational" : "not rotational",
                        transport == null ? "" : "transport " + transport.toLowerCase(Locale.ROOT),
                        byPath == null ? "" : "at " + path(byPath),
                        onlyDisk ? "the only disk" : "")
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
