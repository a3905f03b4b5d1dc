package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code table}, for machines that need an MBR. Unlike with disko a partition that is missing is made beside those that are
 * there, and logical partitions have the numbers that the kernel gives them.
 */
record Table(String format, List<TablePartition> partitions, Hooks hooks) implements Content {
    private static final String GPT = "gpt";
    private static final int FIRST_LOGICAL = 5;

    /** How the kernel and udev name partitions; for other names nobody can tell NixOS where its file systems are. */
    private static final Pattern APPENDED = Pattern.compile("/dev/([sv]|xv)d[a-z]+");

    private static final Pattern WITH_P = Pattern.compile("/dev/(nvme|mmcblk|loop)[0-9a-z]*[0-9]");
    private static final Pattern LINK = Pattern.compile("/dev/disk/by-(id|path|diskseq)/.+");

    private static final Option<String> FORMAT =
            Option.withDefault("format", new Choice(List.of(GPT, "msdos")), GPT, "Kind of table.");
    private static final Option<List<TablePartition>> PARTITIONS = Option.withDefault(
            "partitions",
            Kind.list(new NodeKind<>(TablePartition.TYPE), 128),
            List.of(),
            "Partitions in the order of their numbers.");

    static final NodeType<Table> TYPE = NodeType.content(
            "table",
            "A partition table made with parted; the type gpt is better unless the machine needs an MBR.",
            List.of(FORMAT, PARTITIONS),
            v -> new Table(v.get(FORMAT), v.get(PARTITIONS), Hooks.of(v)));

    private record Numbered(int number, int index, TablePartition partition) {
        At at(On table) {
            return table.at().child(PARTITIONS.name()).index(index);
        }

        String title(On table) {
            return table.title() + " partition " + number
                    + (partition.name() == null ? "" : " (" + partition.name() + ")");
        }
    }

    private List<Numbered> numbered() {
        List<Numbered> result = new ArrayList<>();
        int next = 1;
        int logical = FIRST_LOGICAL;
        for (TablePartition p : partitions) {
            result.add(new Numbered(isInside(p) ? logical++ : next++, result.size(), p));
        }
        return result;
    }

    static @Nullable String partitionPath(String disk, int number) {
        if (LINK.matcher(disk).matches()) {
            return disk + "-part" + number;
        }
        if (WITH_P.matcher(disk).matches()) {
            return disk + "p" + number;
        }
        return APPENDED.matcher(disk).matches() ? disk + number : null;
    }

    @Override
    public void check(On on, Findings findings) {
        String device = on.device();
        if (device != null && partitionPath(device, 1) == null) {
            findings.add(
                    on.at(),
                    "stands on " + Findings.shown(device)
                            + "; allowed for a table: a path below /dev/disk/by-id, by-path or by-diskseq, or a kernel name such as /dev/sda");
        }
        checkOverlaps(on, findings);
        for (Numbered n : numbered()) {
            if (format.equals(GPT)) {
                checkGpt(n, on, findings);
            } else {
                checkMbr(n, on, findings);
            }
        }
    }

    private void checkOverlaps(On on, Findings findings) {
        for (Numbered n : numbered()) {
            partitions.subList(0, n.index()).stream()
                    .filter(p -> isInside(p) == isInside(n.partition()) && p.overlaps(n.partition()))
                    .findFirst()
                    .ifPresent(p -> findings.add(
                            n.at(on).child(TablePartition.START.name()),
                            "lies from " + n.partition().start() + " to "
                                    + n.partition().end()
                                    + ", where one before lies from " + p.start() + " to " + p.end()
                                    + "; allowed: a start where that one ends"));
        }
    }

    /** In the extended one. */
    private boolean isInside(TablePartition partition) {
        return !format.equals(GPT) && partition.partType().equals(TablePartition.LOGICAL);
    }

    private static void checkGpt(Numbered n, On on, Findings findings) {
        if (n.partition().name() == null) {
            findings.add(
                    n.at(on).child(TablePartition.NAME.name()),
                    "missing; allowed in a GPT: " + TablePartition.NAME.kind().allowed());
        }
        if (!n.partition().partType().equals("primary")) {
            findings.add(n.at(on).child(TablePartition.PART_TYPE.name()), "allowed in a GPT: primary");
        }
    }

    private void checkMbr(Numbered n, On on, Findings findings) {
        At type = n.at(on).child(TablePartition.PART_TYPE.name());
        if (n.number() == FIRST_LOGICAL && !n.partition().partType().equals(TablePartition.LOGICAL)) {
            findings.add(type, "is the fifth; allowed in an MBR: four that are not logical");
        }
        List<TablePartition> before = partitions.subList(0, n.index());
        boolean extended = before.stream().anyMatch(p -> p.partType().equals(TablePartition.EXTENDED));
        switch (n.partition().partType()) {
            case TablePartition.LOGICAL -> {
                if (!extended) {
                    findings.add(type, "found logical; allowed only after an extended one");
                }
            }
            case TablePartition.EXTENDED -> {
                if (extended) {
                    findings.add(type, "found a second extended one; allowed: one");
                }
                if (n.partition().content() != null) {
                    findings.add(
                            n.at(on).child(TablePartition.CONTENT.name()),
                            "found content; allowed: none in an extended one");
                }
            }
            default -> {}
        }
    }

    @Override
    public Stream<Tree> children(On on) {
        return numbered().stream().flatMap(n -> {
            Content content = n.partition().content();
            return content == null
                    ? Stream.empty()
                    : Stream.of(new Tree(
                            new On(
                                    n.at(on).child(TablePartition.CONTENT.name()),
                                    on.partition(n.number()),
                                    partitionPath(on.path(), n.number()),
                                    n.title(on),
                                    on.owner()),
                            content));
        });
    }

    @Override
    public Stream<At> preserves(On on) {
        return numbered().stream().filter(n -> n.partition().preserve()).map(n -> n.at(on));
    }

    /** Looked for before anything is made: then the calls that would make them find them, and only compare. */
    private Stream<Command> preserved(On on) {
        return numbered().stream()
                .filter(n -> n.partition().preserve())
                .map(n -> Command.of("preserved", on.partition(n.number())));
    }

    @Override
    public Stream<Step> create(On on) {
        return Stream.concat(
                Stream.of(new Step(
                        on.title() + ": partition table",
                        Stream.concat(preserved(on), Stream.of(Command.of("parted_table", on.ref(), format)))
                                .toList())),
                numbered().stream().map(n -> createPartition(n, on)));
    }

    private Step createPartition(Numbered n, On on) {
        TablePartition p = n.partition();
        Command command = Command.of(
                "parted_partition",
                on.ref(),
                format,
                Integer.toString(n.number()),
                format.equals(GPT) ? String.valueOf(p.name()) : p.partType(),
                p.markedAs(),
                p.start(),
                p.end());
        return Step.of(n.title(on), command.with(p.flags()));
    }

    /** One line a partition. */
    @Override
    public Stream<String> lines(On on) {
        return numbered().stream().map(n -> {
            TablePartition p = n.partition();
            Content content = p.content();
            return n.number() + " " + (format.equals(GPT) ? p.name() : p.partType()) + " (" + p.start() + " to "
                    + p.end() + (p.preserve() ? ", preserved" : "") + "): "
                    + (content == null ? "raw" : content.describe());
        });
    }

    @Override
    public Set<String> tools() {
        return Set.of("parted", "partx", "sfdisk", "sgdisk");
    }

    @Override
    public Set<String> signatures() {
        return Set.of(format.equals(GPT) ? "gpt" : "dos");
    }

    @Override
    public void differs(On on, Spot spot, Differences differences) {
        Map<String, Tree> contents = Drift.byRef(children(on));
        List<Drift.Wanted> wanted = numbered().stream()
                .map(n -> new Drift.Wanted(
                        n.number(),
                        n.at(on),
                        format.equals(GPT) ? PartitionEntry.named(n.partition().name()) : PartitionEntry.OPEN,
                        0,
                        0,
                        Optional.of(Addition.of(createPartition(n, on), tools())),
                        contents.get(on.partition(n.number())),
                        Optional.empty()))
                .toList();
        Drift.partitions(on.at(), wanted, spot, differences);
    }

    @Override
    public String describe() {
        return "table " + format + ", " + partitions.size() + " partitions";
    }

    @Override
    public long bytesFor(Content child, long mine) {
        return partitions.stream()
                .filter(p -> child.equals(p.content()))
                .mapToLong(p -> p.bytesOf(mine))
                .findFirst()
                .orElse(mine);
    }

    @Override
    public Stream<String> leavesRaw(On on) {
        return numbered().stream()
                .filter(n -> n.partition().content() == null
                        && !n.partition().partType().equals(TablePartition.EXTENDED))
                .flatMap(n -> Stream.ofNullable(partitionPath(on.path(), n.number())));
    }
}
