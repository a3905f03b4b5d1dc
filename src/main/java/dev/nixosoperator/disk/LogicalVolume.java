package dev.nixosoperator.disk;

import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Text;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A logical volume of disko's {@code lvm_vg}.
 *
 * @param givenName null = the key
 * @param type null = linear
 */
record LogicalVolume(
        @Nullable String givenName,
        String size,
        @Nullable String type,
        @Nullable String pool,
        List<String> extraArgs,
        @Nullable Long givenPriority,
        @Nullable Content content) {

    private static final String POOL_TYPE = "thin-pool";
    private static final String THIN = "thinlv";
    /** Nobody knows what the arguments make of it: {@code -i 2}, {@code -m1}, {@code --type raid10}. */
    private static final String ANY = "-";

    private static final Pattern SPREAD = Pattern.compile("-[im].*|--(type|stripes|mirrors)(=.*)?");
    private static final Pattern GREEDY = Pattern.compile("100%(FREE|VG|PVS)?");

    /** LVM keeps some beginnings and parts of names for itself. */
    static final Text NAME_TEXT = new Text(
            "(?!snapshot|pvmove|\\.\\.?$)(?!.*_(cdata|cmeta|corig|cvol|imeta|iorig|mimage|mlog|pmspare|rimage|rmeta|tdata|tmeta|vdata|vorigin|wcorig))"
                    + "[A-Za-z0-9+_.][A-Za-z0-9+_.-]*",
            127,
            "a name that LVM allows, of letters, digits and +_.-");

    static final Option<String> NAME =
            Option.optional("name", NAME_TEXT, "Name in the volume group. Default: the key.");
    static final Option<String> SIZE = Option.required(
            "size",
            new Text(
                    "[0-9]{1,12}(\\.[0-9]{1,6})?[bBsSkKmMgGtTpP]?|[1-9][0-9]{0,2}%(FREE|VG|PVS)?",
                    24, "a size as lvcreate reads it (10G), or a part in percent (100%, 50%VG)"),
            "Size; units count in 1024. A percentage without a word is one of the space that is free at that moment.");
    private static final Option<String> LVM_TYPE = Option.optional(
            "lvm_type",
            new Choice(List.of("mirror", "raid0", "raid1", "raid4", "raid5", "raid6", POOL_TYPE, THIN)),
            "Type; absent = linear.");
    static final Option<String> POOL =
            Option.optional("pool", NAME_TEXT, "The thin pool of a thin volume, in the same volume group.");
    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of lvcreate; an element may hold several words.");
    private static final Option<Long> PRIORITY = Option.optional(
            "priority",
            Kinds.INT,
            "Lower is made first. Default: 1000, for thin pools 501; 251 more with a size of 100%.");
    private static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.PARTITION), "What is on it; absent = left raw.");

    static final NodeType<LogicalVolume> TYPE = NodeType.plain(
            "A logical volume.",
            List.of(NAME, SIZE, LVM_TYPE, POOL, EXTRA_ARGS, PRIORITY, CONTENT),
            v -> new LogicalVolume(
                    v.find(NAME),
                    v.get(SIZE),
                    v.find(LVM_TYPE),
                    v.find(POOL),
                    v.get(EXTRA_ARGS),
                    v.find(PRIORITY),
                    v.find(CONTENT)));

    String name(String key) {
        return givenName == null ? key : givenName;
    }

    long priority() {
        return givenPriority != null ? givenPriority : (isPool() ? 501 : 1000) + (size.contains("100%") ? 251 : 0);
    }

    boolean isPool() {
        return POOL_TYPE.equals(type);
    }

    boolean isThin() {
        return THIN.equals(type);
    }

    boolean isMirrored() {
        return type != null && !isPool() && !isThin();
    }

    /** A tag among the arguments limits it to some of the group; what is striped or mirrored may leave a part of a larger member. */
    boolean takesTheRest() {
        return GREEDY.matcher(size).matches()
                && (type == null || isPool())
                && Words.split(extraArgs).stream()
                        .noneMatch(word ->
                                word.startsWith("@") || SPREAD.matcher(word).matches());
    }

    /** Each image or stripe has a physical volume of its own, see lvmraid(7), unless the arguments allow any place. */
    void checkMembers(int members, At at, Findings findings) {
        int needed =
                switch (type == null ? "" : type) {
                    case "mirror", "raid0", "raid1" -> 2;
                    case "raid4", "raid5" -> 3;
                    case "raid6" -> 5;
                    default -> 1;
                };
        boolean anywhere = extraArgs.stream().anyMatch(argument -> argument.contains("anywhere"));
        // A group without members is told as such.
        if (members != 0 && members < needed && !anywhere) {
            findings.add(
                    at.child(LVM_TYPE.name()),
                    "found " + type + " in a group of " + members + "; allowed: " + needed
                            + " physical volumes or more, or another type");
        }
    }

    void check(At at, Findings findings) {
        Words.check(EXTRA_ARGS, extraArgs, at, findings);
        Words.noDevices(EXTRA_ARGS, extraArgs, at, findings);
        if (isThin() && pool == null) {
            findings.add(at.child(POOL.name()), "missing; needed by a thin volume");
        }
        if (!isThin() && pool != null) {
            findings.add(at.child(POOL.name()), "found a pool; allowed: none but for a thin volume");
        }
        if (isThin() && size.contains("%")) {
            findings.add(
                    at.child(SIZE.name()),
                    "found a percentage; allowed: a size, for it is not taken from what is free");
        }
        if (isPool() && content != null) {
            findings.add(at.child(CONTENT.name()), "found content; allowed: none in a thin pool");
        }
    }

    Tree inside(At at, On group, String key) {
        String node = group.ref() + "/" + name(key);
        return new Tree(
                new On(at.child(CONTENT.name()), node, node, group.title() + " volume " + name(key), ""),
                Objects.requireNonNull(content));
    }

    Step create(On group, String groupName, String key) {
        Command command = Command.of(
                "make_lv",
                groupName,
                name(key),
                size.endsWith("%") ? size + "FREE" : size,
                Long.toString(bytes()),
                type != null ? type : extraArgs.isEmpty() ? "linear" : ANY,
                pool == null ? "-" : pool);
        return Step.of(group.title() + " volume " + name(key), command.with(Words.split(extraArgs)));
    }

    /** Bytes of an absolute size; else 0. */
    long bytes() {
        if (size.contains("%")) {
            return 0;
        }
        String number = size.replaceAll("[A-Za-z]", "");
        String unit = size.substring(number.length()).toLowerCase(Locale.ROOT);
        BigDecimal factor =
                switch (unit) {
                    case "b" -> BigDecimal.ONE;
                    case "s" -> BigDecimal.valueOf(512);
                    default -> BigDecimal.valueOf(1024).pow(unit.isEmpty() ? 2 : "kmgtp".indexOf(unit) + 1);
                };
        return new BigDecimal(number)
                .multiply(factor)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    /** Kernel modules that disko loads to make it. */
    Stream<String> maker() {
        return type == null || isThin() ? Stream.empty() : Stream.of("dm-" + type);
    }

    /** Kernel modules that disko has in the initrd to find it. */
    Stream<String> finders() {
        if (type == null) {
            return Stream.empty();
        }
        return switch (type) {
            case "mirror" -> Stream.of("dm-mirror");
            case "raid0", "raid1" -> Stream.of("dm-raid", type);
            case "raid4", "raid5", "raid6" -> Stream.of("dm-raid", "raid456");
            default -> Stream.of("dm-raid");
        };
    }

    String describe(String key) {
        return name(key) + " (" + size + (type == null ? "" : ", " + type) + ")"
                + (content == null ? "" : ": " + content.describe());
    }
}
