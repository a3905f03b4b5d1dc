package dev.nixosoperator.disk;

import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One entry of disko's {@code gpt.partitions}. Sizes as sgdisk reads them, see {@link Sectors}. */
record Partition(
        @Nullable String name,
        @Nullable String givenType,
        @Nullable String size,
        String start,
        @Nullable String givenEnd,
        @Nullable Long givenAlignment,
        @Nullable Long givenPriority,
        @Nullable String label,
        @Nullable String uuid,
        List<Long> attributes,
        @Nullable Hybrid hybrid,
        boolean preserve,
        @Nullable Content content) {

    static final String REST = "100%";
    static final String BIOS_BOOT = "EF02";
    private static final Pattern NOTHING = Pattern.compile("[+-]?0+[KMGTPs]?");
    private static final String GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
    private static final String POSITION_HELP = "a number with K, M, G, T, P or s (sectors) behind it";

    /** Of the codes of sgdisk that are in use; the others only sgdisk knows. */
    private static final Map<String, String> GUIDS = Map.of(
            "8200",
            "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f",
            "8300",
            "0fc63daf-8483-4772-8e79-3d69d8477de4",
            "8309",
            "ca7d7ccb-63ed-4c53-861c-1742536059cc",
            "8E00",
            "e6d6d379-f507-44c2-a23c-238f2a3df928",
            "BF01",
            "6a898cc3-1dd2-11b2-99a6-080020736631",
            "EF00",
            "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
            BIOS_BOOT,
            "21686148-6449-6e6f-744e-656564454649",
            "FD00",
            "a19d880f-05fc-4d3b-a006-743f0f84911e");

    private static final Option<String> NAME =
            Option.optional("name", new Text("[^\\p{Cntrl}/]+", 128, "a text without '/'"), "Default: the key.");
    private static final Option<String> TYPE_CODE = Option.optional(
            "type",
            new Text("[0-9A-Fa-f]{4}|" + GUID, 36, "four hex digits as sgdisk knows them (EF00), or a GUID"),
            "Partition type. Default: 8200 for swap, else 8300.");
    static final Option<String> SIZE = Option.optional(
            "size",
            new Text(REST + "|" + Sectors.NUMBER, 17, "100%, or a whole number with K, M, G, T or P (500M)"),
            "Size; 100% or absent = all that is left.");
    private static final Option<String> START = Option.withDefault(
            "start",
            new Text("[+-]?[0-9]{1,15}[KMGTPs]?", 18, POSITION_HELP + " (1M); 0 = next free place"),
            "0",
            "Where it begins.");
    static final Option<String> END = Option.optional(
            "end",
            new Text("[+-]?[0-9]{1,15}[KMGTPs]?", 18, POSITION_HELP + " (500M, +500M, -10G)"),
            "Where it ends: 500M from the start of the disk, +500M from its own start, -10G before the end of the disk.");
    private static final Option<Long> ALIGNMENT =
            Option.optional("alignment", new Int(0, 1 << 20), "In sectors; 0 = the default of sgdisk.");
    private static final Option<Long> PRIORITY = Option.optional(
            "priority",
            Kinds.INT,
            "Order of creation and numbers. Default: 9001 with size 100%, 100 for type EF02, else 1000.");
    static final Text LABEL_TEXT = new Text(
            "(?! )[ -~&&[^/:]]{1,36}(?<! )",
            36,
            "1 to 36 printable ASCII characters without '/' and ':', no blank at the ends");
    static final Option<String> LABEL = Option.optional(
            "label", LABEL_TEXT, "Default: disk-<disk>-<partition>, hashed when longer than 36 characters.");
    private static final Option<String> UUID =
            Option.optional("uuid", new Text(GUID, 36, "a UUID"), "Default: a random one at creation.");
    private static final Option<List<Long>> ATTRIBUTES = Option.withDefault(
            "attributes", Kind.list(new Int(0, 63), 64), List.of(), "GPT attribute bits that are set.");
    static final Option<Hybrid> HYBRID = Option.optional(
            "hybrid", new NodeKind<>(Hybrid.TYPE), "Shows it in the MBR too; at most three partitions.");
    static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.PARTITION), "What is on it; absent = left raw.");

    static final NodeType<Partition> TYPE = NodeType.plain(
            "A partition.",
            List.of(
                    NAME,
                    TYPE_CODE,
                    SIZE,
                    START,
                    END,
                    ALIGNMENT,
                    PRIORITY,
                    LABEL,
                    UUID,
                    ATTRIBUTES,
                    HYBRID,
                    Preserved.OPTION,
                    CONTENT),
            v -> new Partition(
                    v.find(NAME),
                    v.find(TYPE_CODE),
                    v.find(SIZE),
                    v.get(START),
                    v.find(END),
                    v.find(ALIGNMENT),
                    v.find(PRIORITY),
                    v.find(LABEL),
                    v.find(UUID),
                    v.get(ATTRIBUTES),
                    v.find(HYBRID),
                    v.get(Preserved.OPTION),
                    v.find(CONTENT)));

    String type() {
        return givenType != null ? givenType : content instanceof Swap ? "8200" : "8300";
    }

    long priority() {
        if (givenPriority != null) {
            return givenPriority;
        }
        return REST.equals(size) ? 9001 : type().equals(BIOS_BOOT) ? 100 : 1000;
    }

    String end() {
        if (givenEnd != null) {
            return givenEnd;
        }
        return size == null ? "+0" : size.equals(REST) ? "-0" : "+" + size;
    }

    long alignment() {
        if (givenAlignment != null) {
            return givenAlignment;
        }
        return start.endsWith("s") || end().endsWith("s") ? 1 : 0;
    }

    /** sgdisk reads no distance, from wherever it counts, as the end of what is free. */
    boolean takesTheRest() {
        return givenEnd == null
                ? size == null || size.equals(REST) || Sectors.bytes(size) == 0
                : NOTHING.matcher(givenEnd).matches();
    }

    boolean startsAtNextFree() {
        return NOTHING.matcher(start).matches();
    }

    /** The option that says where it ends. */
    Option<String> whatEnds() {
        return givenEnd == null ? SIZE : END;
    }

    /** Of the disk: how long these are only the machine knows. */
    boolean isInSectors() {
        return bytes() != 0
                && Character.isDigit(
                        String.valueOf(size).charAt(String.valueOf(size).length() - 1));
    }

    /** Bytes, when the layout says so, at least; else 0. */
    long bytes() {
        return size == null || givenEnd != null ? 0 : Sectors.bytes(size);
    }

    /**
     * Bytes, at most.
     *
     * @param disk bytes of the whole disk
     * @param others bytes that the other partitions need
     */
    long atMost(long disk, long others) {
        long room = Math.max(0, disk - others);
        long bytes = Sectors.bytes(end().replaceAll("[+s-]", ""));
        if (bytes == 0) {
            return room;
        }
        return Math.min(room, end().startsWith("-") ? Math.max(0, disk - bytes) : bytes);
    }

    /** As the installed system shows it. */
    PartitionEntry entry(String called, Differences differences) {
        String code = type();
        String guid = code.length() > 4 ? code : GUIDS.get(code.toUpperCase(Locale.ROOT));
        if (guid == null) {
            differences.unseen();
        }
        return new PartitionEntry(
                called,
                uuid == null ? null : uuid.toLowerCase(Locale.ROOT),
                guid == null ? null : guid.toLowerCase(Locale.ROOT),
                attributeMask());
    }

    /** As {@code sgdisk --info} shows attributes: 16 hex digits. */
    String attributeMask() {
        long mask = attributes.stream().mapToLong(bit -> 1L << bit).reduce(0, (a, b) -> a | b);
        return String.format(Locale.ROOT, "%016X", mask);
    }
}
