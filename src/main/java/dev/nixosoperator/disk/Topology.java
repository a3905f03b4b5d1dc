package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.ListOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is made of its members: disko's {@code zpool.mode}.
 *
 * @param redundancy of all members together; null when {@code classes} says more
 */
record Topology(@Nullable String redundancy, List<VdevClass> classes) {
    private static final Choice REDUNDANCY = new Choice(List.of("", "mirror", "raidz", "raidz1", "raidz2", "raidz3"));
    private static final Text MEMBER = new Text(
            "[^\\p{Cntrl}\\s]+",
            128,
            "the name of a disk that has a partition named 'zfs', or the path of a device, without blanks");
    private static final ListOf<String> MEMBERS = new ListOf<>(MEMBER, 64);

    static final Topology PLAIN = new Topology("", List.of());

    /** How many members each takes at least. */
    private static final Map<String, Integer> LEAST =
            Map.of("", 1, "mirror", 2, "raidz", 2, "raidz1", 2, "raidz2", 3, "raidz3", 4);

    /** One group of members that stand in for each other. */
    record Vdev(String redundancy, List<String> members) {
        private static final Option<String> MODE =
                Option.withDefault("mode", REDUNDANCY, "", "How the members stand in for each other; '' = not at all.");
        private static final Option<List<String>> OF = Option.required(
                "members", MEMBERS, "Names of disks that have a partition named zfs, or paths of members.");
        static final NodeType<Vdev> TYPE =
                NodeType.plain("A group of members.", List.of(MODE, OF), v -> new Vdev(v.get(MODE), v.get(OF)));
    }

    /**
     * What a group of members is for.
     *
     * @param word of {@code zpool create}; empty for data
     */
    record VdevClass(String word, List<Vdev> vdevs) {}

    private static final Option<List<Vdev>> DATA = vdevs("vdev", "Groups that hold the data.");
    private static final Option<List<String>> SPARE = members("spare", "Hot spares.");
    private static final Option<List<Vdev>> LOG = vdevs("log", "Groups for the intent log.");
    private static final Option<List<Vdev>> DEDUP = vdevs("dedup", "Groups for the tables of deduplication.");
    private static final Option<List<Vdev>> SPECIAL =
            vdevs("special", "Groups for metadata and small blocks; one alone may stand without a list.");
    private static final Option<List<String>> CACHE = members("cache", "Devices of the second level read cache.");

    /** In the order of disko. */
    private static final NodeType<Topology> TYPE = new NodeType<>(
            "topology",
            true,
            "What the members of a pool are for.",
            List.of(DATA, SPARE, LOG, DEDUP, SPECIAL, CACHE),
            v -> new Topology(
                    null,
                    List.of(
                            new VdevClass("", v.get(DATA)),
                            new VdevClass(SPARE.name(), List.of(new Vdev("", v.get(SPARE)))),
                            new VdevClass(LOG.name(), v.get(LOG)),
                            new VdevClass(DEDUP.name(), v.get(DEDUP)),
                            new VdevClass(SPECIAL.name(), v.get(SPECIAL)),
                            new VdevClass(CACHE.name(), List.of(new Vdev("", v.get(CACHE)))))));

    private static Option<List<Vdev>> vdevs(String name, String meaning) {
        return Option.withDefault(name, new OneOrMore<>(new NodeKind<>(Vdev.TYPE), 64), List.of(), meaning);
    }

    private static Option<List<String>> members(String name, String meaning) {
        return Option.withDefault(name, MEMBERS, List.of(), meaning);
    }

    /** As the layout names them; nothing where {@link #redundancy} takes all. */
    List<String> members() {
        return classes.stream()
                .flatMap(c -> c.vdevs().stream())
                .flatMap(vdev -> vdev.members().stream())
                .toList();
    }

    /**
     * What each group needs.
     *
     * @param all how many members the pool has
     */
    void check(At at, int all, Findings findings) {
        if (redundancy != null) {
            enough(at, redundancy, all, findings);
            return;
        }
        At inside = at.child(Mode.TOPOLOGY.name());
        if (classes.stream()
                .noneMatch(c -> c.word().isEmpty()
                        && c.vdevs().stream().anyMatch(vdev -> !vdev.members().isEmpty()))) {
            findings.add(inside.child(DATA.name()), "has no members; allowed: at least one, for the data");
        }
        for (VdevClass group : classes) {
            At place = inside.child(group.word().isEmpty() ? DATA.name() : group.word());
            for (Vdev vdev : group.vdevs()) {
                if (!vdev.redundancy().isEmpty()) {
                    enough(place, vdev.redundancy(), vdev.members().size(), findings);
                }
                if (group.word().equals(LOG.name()) && vdev.redundancy().startsWith("raidz")) {
                    findings.add(
                            place, "found " + Findings.shown(vdev.redundancy()) + "; allowed for a log: '', mirror");
                }
            }
        }
    }

    private static void enough(At at, String redundancy, int members, Findings findings) {
        int least = LEAST.getOrDefault(redundancy, 1);
        // A pool without any has its own finding.
        if (members > 0 && members < least) {
            findings.add(
                    at,
                    "has " + members + (members == 1 ? " member" : " members") + "; " + redundancy + " needs " + least);
        }
    }

    /**
     * Arguments of {@code zpool create}.
     *
     * @param all the members in the order of the layout
     * @param ref of a member by the layout's name for it
     */
    List<String> words(List<String> all, UnaryOperator<String> ref) {
        if (redundancy != null) {
            return Stream.concat(word(redundancy), all.stream()).toList();
        }
        List<String> words = new ArrayList<>();
        for (VdevClass group : classes) {
            if (group.vdevs().stream().anyMatch(vdev -> !vdev.members().isEmpty())) {
                word(group.word()).forEach(words::add);
            }
            // Those without a word of their own come first: after one they would count to it.
            group.vdevs().stream()
                    .sorted(Comparator.comparing(vdev -> !vdev.redundancy().isEmpty()))
                    .forEach(vdev -> {
                        word(vdev.redundancy()).forEach(words::add);
                        vdev.members().stream().map(ref).forEach(words::add);
                    });
        }
        return words;
    }

    private static Stream<String> word(String word) {
        return word.isEmpty() ? Stream.empty() : Stream.of(word);
    }

    /** A word, or {@code {topology: …}}. */
    record Mode() implements Kind<Topology> {
        private static final Option<Topology> TOPOLOGY =
                Option.required("topology", new NodeKind<>(TYPE), "What each member is for.");
        static final NodeType<Topology> OBJECT =
                NodeType.plain("What the members are for.", List.of(TOPOLOGY), v -> v.get(TOPOLOGY));

        @Override
        public @Nullable Topology read(JsonNode json, At at, Findings findings) {
            if (json.isObject()) {
                return OBJECT.read(json, at, findings);
            }
            String word = REDUNDANCY.read(json, at, findings);
            return word == null ? null : word.isEmpty() ? PLAIN : new Topology(word, List.of());
        }

        @Override
        public String allowed() {
            return REDUNDANCY.allowed() + ", or an object with " + TOPOLOGY.name();
        }

        @Override
        public JsonNode normal(JsonNode json) {
            return json.isObject() ? OBJECT.normal(json) : json;
        }

        @Override
        public ObjectNode schema(int levels) {
            return JsonNodeFactory.instance.objectNode().put(LayoutSchema.OPEN, true);
        }
    }

    /** A list; one element may stand without it. */
    record OneOrMore<T>(NodeKind<T> item, int max) implements Kind<List<T>> {
        ListOf<T> list() {
            return new ListOf<>(item, max);
        }

        @Override
        public @Nullable List<T> read(JsonNode json, At at, Findings findings) {
            if (json.isObject()) {
                T one = item.read(json, at, findings);
                return one == null ? null : List.of(one);
            }
            return list().read(json, at, findings);
        }

        @Override
        public String allowed() {
            return list().allowed();
        }

        @Override
        public JsonNode normal(JsonNode json) {
            return json.isObject() ? Json.of(List.of(item.normal(json))) : list().normal(json);
        }

        @Override
        public ObjectNode schema(int levels) {
            return JsonNodeFactory.instance.objectNode().put(LayoutSchema.OPEN, true);
        }
    }
}
