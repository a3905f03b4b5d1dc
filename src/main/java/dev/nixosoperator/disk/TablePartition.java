package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One entry of disko's {@code table.partitions}. */
record TablePartition(
        @Nullable String name,
        String partType,
        @Nullable String fsType,
        String start,
        String end,
        List<String> givenFlags,
        boolean bootable,
        boolean preserve,
        @Nullable Content content) {

    /** Powers of 2: disks from 64 GiB to 32 PiB. */
    private static final int SMALLEST = 36;

    private static final int LARGEST = 55;

    /** What is asked for in GB may come half of one earlier or later; what is asked for in percent, half a percent. */
    private static final long GIGABYTE = 1_000_000_000;

    /** Before 3.7 parted does not know the word, and what has no word is marked as the same: data of Linux. */
    private static final String BCACHEFS = "bcachefs";

    static final String LOGICAL = "logical";
    static final String EXTENDED = "extended";

    static final Option<String> NAME = Option.optional("name", Partition.LABEL_TEXT, "Name; required in a GPT.");
    static final Option<String> PART_TYPE = Option.withDefault(
            "part-type",
            new Choice(List.of("primary", LOGICAL, EXTENDED)),
            "primary",
            "Kind of entry in an MBR; logical ones lie in the extended one and have the numbers from 5.");
    private static final Option<String> FS_TYPE = Option.optional(
            "fs-type",
            new Choice(List.of(
                    BCACHEFS,
                    "btrfs",
                    "ext2",
                    "ext3",
                    "ext4",
                    "fat16",
                    "fat32",
                    "hfs",
                    "hfs+",
                    "linux-swap",
                    "ntfs",
                    "reiserfs",
                    "udf",
                    "xfs")),
            "What the table says is on it; nothing is made by it.");
    static final Option<String> START =
            Option.withDefault("start", PartedPosition.KIND, "0%", "Where it begins, as parted reads it.");
    private static final Option<String> END =
            Option.withDefault("end", PartedPosition.KIND, "100%", "Where it ends, as parted reads it.");
    private static final Option<List<String>> FLAGS = Option.withDefault(
            "flags",
            Kind.list(new Text("[a-z][a-z0-9_-]*", 32, "a flag that parted knows"), 16),
            List.of(),
            "Flags of parted, such as esp or bios_grub.");
    private static final Option<Boolean> BOOTABLE =
            Option.withDefault("bootable", Kinds.BOOL, false, "The same as the flag boot.");
    static final Option<Content> CONTENT = Option.optional(
            "content", new ContentKind(ContentKind.Place.PARTITION), "What is on it; absent = left raw.");

    static final NodeType<TablePartition> TYPE = NodeType.plain(
            "A partition of a table.",
            List.of(NAME, PART_TYPE, FS_TYPE, START, END, FLAGS, BOOTABLE, Preserved.OPTION, CONTENT),
            v -> new TablePartition(
                    v.find(NAME),
                    v.get(PART_TYPE),
                    v.find(FS_TYPE),
                    v.get(START),
                    v.get(END),
                    v.get(FLAGS),
                    v.get(BOOTABLE),
                    v.get(Preserved.OPTION),
                    v.find(CONTENT)));

    List<String> flags() {
        return Stream.concat(bootable ? Stream.of("boot") : Stream.empty(), givenFlags.stream())
                .distinct()
                .toList();
    }

    /** For parted; "-" = none. */
    String markedAs() {
        return fsType == null || fsType.equals(BCACHEFS) ? "-" : fsType;
    }

    long bytesOf(long device) {
        return Math.max(0, endOn(device) - startOn(device));
    }

    /** More than parted's rounding could mend, whatever the size of the disk. */
    boolean overlaps(TablePartition other) {
        return LongStream.rangeClosed(SMALLEST, LARGEST)
                .map(power -> 1L << power)
                .allMatch(
                        disk -> Math.min(endOn(disk), other.endOn(disk)) - Math.max(startOn(disk), other.startOn(disk))
                                > Math.max(GIGABYTE, disk / 100));
    }

    private long startOn(long device) {
        return PartedPosition.of(start).bytes(device);
    }

    private long endOn(long device) {
        return PartedPosition.of(end).bytes(device);
    }
}
