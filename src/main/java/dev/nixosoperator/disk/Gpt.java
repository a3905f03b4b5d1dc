package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** disko's {@code gpt}. */
record Gpt(boolean efiGptPartitionFirst, Map<String, Partition> partitions, Hooks hooks) implements Content {
    private static final int MAX_PARTITIONS = 128;

    private static final Option<Map<String, Partition>> PARTITIONS = Option.withDefault(
            "partitions",
            new MapOf<>(
                    new Text("[^\\p{Cntrl}]+", 128, "a name without control characters"),
                    new NodeKind<>(Partition.TYPE),
                    MAX_PARTITIONS),
            Map.of(),
            "Partitions by name.");

    private static final Option<Boolean> PROTECTION_FIRST = Option.withDefault(
            "efiGptPartitionFirst",
            Kinds.BOOL,
            true,
            "In a hybrid MBR: whether the entry that protects the GPT comes first; else it comes last.");

    static final NodeType<Gpt> TYPE = NodeType.content(
            "gpt",
            "A GPT partition table.",
            List.of(PROTECTION_FIRST, PARTITIONS),
            v -> new Gpt(v.get(PROTECTION_FIRST), v.get(PARTITIONS), Hooks.of(v)));

    /** A partition with its number: the rank by priority, then by name. */
    record Numbered(int number, String key, Partition partition) {
        String name() {
            return partition.name() == null ? key : partition.name();
        }

        String label(On table) {
            return partition.label() == null ? Labels.byDefault(table.owner() + "-" + name()) : partition.label();
        }

        /** disko's rule for the path that NixOS uses. */
        String device(On table) {
            if (partition.uuid() != null) {
                return "/dev/disk/by-partuuid/" + partition.uuid().toLowerCase(Locale.ROOT); // as udev writes it
            }
            return table.partitions() == null ? "/dev/disk/by-partlabel/" + link(table) : link(table);
        }

        /** What must lead to it: the name that udev makes of its label, or, where it makes none, a path. */
        String link(On table) {
            return table.partitions() == null ? Labels.encoded(label(table)) : table.partitions() + number;
        }

        At at(On table) {
            return table.at().child(PARTITIONS.name()).child(key);
        }

        String title(On table) {
            return table.title() + " partition " + number + " (" + name() + ")";
        }
    }

    List<Numbered> numbered() {
        List<Map.Entry<String, Partition>> order = partitions.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> e.getValue().priority()))
                .toList();
        List<Numbered> result = new ArrayList<>();
        for (Map.Entry<String, Partition> entry : order) {
            result.add(new Numbered(result.size() + 1, entry.getKey(), entry.getValue()));
        }
        return result;
    }

    @Override
    public void check(On on, Findings findings) {
        List<Numbered> greedy = numbered().stream()
                .filter(n -> n.partition().takesTheRest() && !n.partition().preserve())
                .toList();
        checkLater(on, greedy, findings);
        for (Numbered second : greedy.stream().skip(1).toList()) {
            findings.add(
                    second.at(on).child(Partition.SIZE.name()),
                    "takes all that is left, as "
                            + Findings.shown(greedy.getFirst().name()) + " does; allowed: one such partition");
        }
        hybrids().stream()
                .skip(Hybrid.MAX)
                .forEach(n -> findings.add(
                        n.at(on).child(Partition.HYBRID.name()), "is one too many; allowed: at most 3 in an MBR"));
        for (Numbered n : numbered()) {
            Partition p = n.partition();
            if (p.size() != null && p.givenEnd() != null) {
                findings.add(n.at(on).child(Partition.SIZE.name()), "stands beside end; allowed: one of the two");
            }
            if (p.content() != null && p.type().equals(Partition.BIOS_BOOT)) {
                findings.add(n.at(on).child(Partition.CONTENT.name()), "found content; allowed: none with type EF02");
            }
            Labels.check(n.label(on), n.at(on).child(Partition.LABEL.name()), findings);
        }
    }

    /** Behind the first that takes the rest nothing is left, unless somebody said where things begin. */
    private void checkLater(On on, List<Numbered> greedy, Findings findings) {
        if (greedy.isEmpty()) {
            return;
        }
        Numbered first = greedy.getFirst();
        List<Numbered> later = numbered().subList(first.number(), partitions.size()).stream()
                .filter(n -> !greedy.contains(n) && !n.partition().preserve())
                .toList();
        boolean inOrder = numbered().stream().limit(first.number()).allMatch(n -> n.partition()
                .startsAtNextFree());
        if (inOrder && !later.isEmpty()) {
            findings.add(
                    first.at(on).child(first.partition().whatEnds().name()),
                    "takes all that is left, before "
                            + Findings.some(later.stream()
                                    .map(n -> Findings.shown(n.name()))
                                    .toList())
                            + " is made; allowed: a size, or a priority above that of the others");
        }
    }

    @Override
    public Stream<Claim> claims(On on) {
        return numbered().stream()
                .flatMap(n -> Stream.concat(
                        Stream.of(new Claim(n.at(on).child("label"), "partition label", n.label(on))),
                        Stream.ofNullable(n.partition().uuid())
                                .map(u -> new Claim(n.at(on).child("uuid"), "uuid", u.toLowerCase(Locale.ROOT)))));
    }

    @Override
    public Stream<Tree> children(On on) {
        return numbered().stream().flatMap(n -> {
            Content content = n.partition().content();
            return content == null ? Stream.empty() : Stream.of(new Tree(inside(n, on), content));
        });
    }

    private static On inside(Numbered n, On table) {
        return new On(
                n.at(table).child(Partition.CONTENT.name()),
                table.partition(n.number()),
                n.device(table),
                n.title(table),
                table.owner());
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
        Step table = new Step(
                on.title() + ": partition table",
                Stream.concat(preserved(on), Stream.of(Command.of("gpt_table", on.ref())))
                        .toList());
        return Stream.of(Stream.of(table), numbered().stream().map(n -> createPartition(n, on)), createHybrid(on))
                .flatMap(steps -> steps);
    }

    private List<Numbered> hybrids() {
        return numbered().stream().filter(n -> n.partition().hybrid() != null).toList();
    }

    private Stream<Step> createHybrid(On on) {
        List<String> shown = numbered().stream()
                .flatMap(n -> Stream.ofNullable(n.partition().hybrid()).map(h -> h.word(n.number())))
                .toList();
        return shown.isEmpty()
                ? Stream.empty()
                : Stream.of(Step.of(
                        on.title() + ": hybrid MBR",
                        Command.of("gpt_hybrid", on.ref(), efiGptPartitionFirst ? "first" : "last")
                                .with(shown)));
    }

    private static Step createPartition(Numbered n, On on) {
        Partition p = n.partition();
        Command command = Command.of(
                "gpt_partition",
                on.ref(),
                Integer.toString(n.number()),
                n.label(on),
                n.link(on),
                p.type(),
                p.uuid() == null ? "R" : p.uuid(),
                p.start(),
                p.end(),
                Long.toString(p.alignment()),
                p.isInSectors() ? p.size() + "s" : Long.toString(p.bytes()),
                p.attributeMask());
        List<String> bits =
                p.attributes().stream().distinct().map(String::valueOf).toList();
        return Step.of(n.title(on), command.with(bits));
    }

    @Override
    public Stream<Setting> nixos(On on) {
        boolean biosBoot = partitions.values().stream().anyMatch(p -> p.type().equals(Partition.BIOS_BOOT));
        String device = on.device();
        return biosBoot && device != null ? Stream.of(new Setting.GrubDevice(device)) : Stream.empty();
    }

    /** One line a partition: number, label, size and what is on it. */
    @Override
    public Stream<String> lines(On on) {
        return numbered().stream().map(n -> {
            Partition p = n.partition();
            String size = p.takesTheRest() ? "the rest" : p.size() == null ? "to " + p.end() : p.size();
            Content content = p.content();
            return n.number() + " " + n.label(on) + " (" + size + (p.hybrid() == null ? "" : ", in the MBR too")
                    + (p.preserve() ? ", preserved" : "") + "): "
                    + (content == null ? "raw, type " + p.type() : content.describe());
        });
    }

    @Override
    public Set<String> tools() {
        return hybrids().isEmpty() ? Set.of("sgdisk", "partx") : Set.of("sgdisk", "partx", "sfdisk");
    }

    @Override
    public Set<String> signatures() {
        return Set.of("gpt");
    }

    @Override
    public void differs(On on, Spot spot, Differences differences) {
        Map<String, Tree> contents = Drift.byRef(children(on));
        // An MBR beside it tells the same places once more.
        boolean alone = hybrids().isEmpty();
        List<Drift.Wanted> wanted = numbered().stream()
                .map(n -> {
                    Tree content = contents.get(on.partition(n.number()));
                    return new Drift.Wanted(
                            n.number(),
                            n.at(on),
                            n.partition().entry(n.label(on), differences),
                            n.partition().isInSectors() ? 0 : n.partition().bytes(),
                            n.partition().alignment() * 2 * Sectors.LARGEST,
                            alone ? Optional.of(Addition.of(createPartition(n, on), tools())) : Optional.empty(),
                            content,
                            alone && n.partition().takesTheRest() ? grow(n, on, content) : Optional.empty());
                })
                .toList();
        Drift.partitions(on.at(), wanted, spot, differences);
    }

    /** Together with what is on it, or not at all. */
    private static Optional<Addition> grow(Numbered n, On on, @Nullable Tree content) {
        Addition partition = Addition.of(
                Step.of(n.title(on) + ": grow", Command.of("grow_partition", on.ref(), Integer.toString(n.number()))),
                Set.of("sgdisk", "sfdisk", "partx"));
        return content == null
                ? Optional.empty()
                : content.content().grow(content.on()).map(partition::then);
    }

    @Override
    public String describe() {
        return "gpt, " + partitions.size() + " partitions";
    }

    @Override
    public long bytesFor(Content child, long mine) {
        return partitions.values().stream()
                .filter(p -> child.equals(p.content()))
                .mapToLong(p -> p.atMost(mine, minimumBytes() - p.bytes()))
                .findFirst()
                .orElse(mine);
    }

    @Override
    public long minimumBytes() {
        long sum = 0;
        for (Partition p : partitions.values()) {
            long bytes = p.bytes();
            sum = bytes > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + bytes;
        }
        return sum;
    }

    @Override
    public Stream<String> leavesRaw(On on) {
        return numbered().stream()
                .filter(n ->
                        n.partition().content() == null && !n.partition().type().equals(Partition.BIOS_BOOT))
                .map(n -> n.device(on));
    }
}
