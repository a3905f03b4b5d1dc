package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code zpool}. It is made, found and imported on exactly its members: ZFS is shown no other device. Its first file system has its
 * properties from the first format on, unlike with disko.
 *
 * @param givenName null = the key
 * @param datasets each a {@link Dataset}: nothing else may stand there
 */
record Zpool(
        @Nullable String givenName,
        Topology topology,
        Map<String, String> options,
        Map<String, String> rootFsOptions,
        List<String> mountOptions,
        @Nullable String mountpoint,
        Map<String, Content> datasets,
        Hooks hooks)
        implements Owner {

    static final String MAP = "zpool";
    /** Words that zpool keeps for itself, and beginnings. */
    static final Text NAME_TEXT = new Text(
            "(?!mirror|raidz|draid|spare|log$|c[0-9])[A-Za-z][A-Za-z0-9_:.-]*",
            127,
            "a name that ZFS allows for a pool, of letters, digits and _:.-");

    private static final Option<String> NAME =
            Option.optional("name", NAME_TEXT, "Name of the pool. Default: the key.");
    private static final Option<Topology> MODE = Option.optional(
            "mode",
            new Topology.Mode(),
            "How the members stand in for each other, as one word for all of them ('' = not at all, the default; mirror, raidz, raidz1, raidz2, raidz3) or as"
                    + " an object with a topology.");
    private static final Option<Map<String, String>> OPTIONS =
            Option.withDefault("options", Dataset.PROPERTIES, Map.of(), "Properties of the pool, set when it is made.");
    private static final Option<Map<String, String>> ROOT_OPTIONS = Option.withDefault(
            "rootFsOptions",
            Dataset.PROPERTIES,
            Map.of(),
            "Properties of its first file system, which the others inherit. keylocation must be a file.");
    private static final Option<Map<String, Content>> DATASETS = Option.withDefault(
            "datasets",
            new MapOf<>(Dataset.NAME_TEXT, new ContentKind(Place.POOL), 256),
            Map.of(),
            "File systems and volumes by name.");

    static final NodeType<Zpool> TYPE = new NodeType<>(
            MAP,
            false,
            "A pool of ZFS. In the map zpool. NixOS also needs networking.hostId for it.",
            Stream.concat(
                            Stream.of(
                                    NAME,
                                    MODE,
                                    OPTIONS,
                                    ROOT_OPTIONS,
                                    Dataset.MOUNT_OPTIONS,
                                    ZfsFs.MOUNTPOINT,
                                    DATASETS),
                            Hooks.OPTIONS.stream())
                    .toList(),
            v -> new Zpool(
                    v.find(NAME),
                    Optional.ofNullable(v.find(MODE)).orElse(Topology.PLAIN),
                    v.get(OPTIONS),
                    v.get(ROOT_OPTIONS),
                    v.get(Dataset.MOUNT_OPTIONS),
                    v.find(ZfsFs.MOUNTPOINT),
                    v.get(DATASETS),
                    Hooks.of(v)));

    @Override
    public String map() {
        return MAP;
    }

    @Override
    public NodeType<? extends Member> member() {
        return Zfs.TYPE;
    }

    @Override
    public Tree tree(String key, List<Tree> members) {
        String name = name(key);
        String path = Dataset.VOLUMES + name;
        return new Tree(new On(at(key), path, name, "pool " + name, ""), new Pool(this, name, Tree.places(members)));
    }

    /** With its members. */
    record Pool(Zpool spec, String name, List<On> standsOn) implements Owned {
        @Override
        public Hooks hooks() {
            return spec.hooks().with(NAME.name(), name);
        }

        /** Its first file system, which disko calls __root. */
        private ZfsFs root() {
            Map<String, String> properties = new TreeMap<>(spec.rootFsOptions());
            String mountpoint = spec.mountpoint();
            if (ZfsFs.mountable(properties)) {
                properties.putIfAbsent(ZfsFs.MOUNTPOINT.name(), mountpoint == null ? "/" + name : mountpoint);
            }
            return new ZfsFs(null, ROOT_OPTIONS.name(), properties, spec.mountOptions(), mountpoint, Hooks.NONE);
        }

        private Stream<Tree> datasets(On on) {
            Tree root = new Tree(new On(on.at(), on.ref(), name, on.title() + " file system " + name, ""), root());
            return Stream.concat(
                    Stream.of(root),
                    spec.datasets().entrySet().stream().map(entry -> dataset(on, entry.getKey(), entry.getValue())));
        }

        private Tree dataset(On on, String key, Content content) {
            String called = ((Dataset) content).name(key);
            String path = on.ref() + "/" + called;
            return new Tree(
                    new On(
                            on.at().child(DATASETS.name()).child(key),
                            path,
                            content instanceof ZfsVolume ? path : name + "/" + called,
                            on.title() + " " + (content instanceof ZfsVolume ? "volume " : "file system ") + called,
                            ""),
                    content,
                    List.of(content.hooks().with(NAME.name(), called)));
        }

        @Override
        public Stream<Tree> children(On on) {
            return datasets(on);
        }

        /** By the path of the device, or by the name of its disk. */
        private Optional<On> member(String word) {
            At onDisk = Devices.DISKS.child(word).child("content");
            At inPartition = onDisk.child("partitions").child("zfs").child("content");
            return standsOn.stream()
                    .filter(member -> member.path().equals(word)
                            || member.at().equals(inPartition)
                            || member.at().equals(onDisk))
                    .findFirst();
        }

        @Override
        public void check(On on, Findings findings) {
            NAME_TEXT.read(Json.of(name), on.at().child(NAME.name()), findings);
            Topology topology = spec.topology();
            spec.options().forEach((property, value) -> {
                if (value.contains("/dev")) {
                    findings.add(
                            on.at().child(OPTIONS.name()).child(property),
                            "found " + Findings.shown(value) + "; allowed: no path below /dev, ZFS would write there");
                }
            });
            topology.check(on.at().child(MODE.name()), standsOn.size(), findings);
            Set<On> named = new HashSet<>();
            for (String word : topology.members()) {
                Optional<On> member = member(word);
                if (member.isEmpty() || !named.add(member.get())) {
                    findings.add(
                            on.at().child(MODE.name()),
                            (member.isEmpty() ? "found the member " : "found twice the member ") + Findings.shown(word)
                                    + "; allowed: " + paths());
                }
            }
            if (topology.redundancy() == null) {
                standsOn.stream()
                        .filter(member -> !named.contains(member))
                        .forEach(member -> findings.add(
                                on.at().child(MODE.name()),
                                "does not say what the member " + member.path() + " is for"));
            }
        }

        private String paths() {
            return Findings.some(members());
        }

        @Override
        public Stream<Claim> claims(On on) {
            return Stream.of(new Claim(on.at(), "pool name", name));
        }

        @Override
        public Stream<Step> create(On on) {
            List<String> properties = new ArrayList<>();
            Dataset.words(spec.options()).forEach(word -> properties.addAll(List.of("-o", word)));
            Map<String, String> first = new TreeMap<>(spec.rootFsOptions());
            // It must not be mounted when it is made; it gets its mount point right after.
            first.put(ZfsFs.MOUNTPOINT.name(), "none");
            Dataset.words(first).forEach(word -> properties.addAll(List.of("-O", word)));
            return Stream.of(Step.of(
                    on.title(),
                    Command.of("make_pool", name)
                            .with(properties)
                            .with(List.of("--"))
                            .with(spec.topology().words(refs(), word -> member(word)
                                    .map(On::ref)
                                    .orElse("")))));
        }

        @Override
        public Stream<Activation> activate(On on) {
            return Stream.of(new Activation(
                    Stage.DEVICE,
                    "",
                    on.title(),
                    Command.of("pool_on", name, "-").with(refs()),
                    Command.of("pool_off", name).with(refs())));
        }

        @Override
        public Stream<Step> look(On on, String path) {
            return Stream.of(new Step(
                    "import the " + on.title() + " for reading",
                    Stream.concat(
                                    Stream.of(Command.of("pool_on", name, "readonly")
                                            .with(refs())),
                                    datasets(on).flatMap(node -> ((Dataset) node.content()).loadKey(node.on())))
                            .toList()));
        }

        @Override
        public void differs(On on, Spot spot, Differences differences) {
            Set<String> there = spot.inside().datasets();
            if (there == null) {
                differences.unseen();
                return;
            }
            if (!there.contains(name)) {
                differences.add(on.at(), "is not on the machine, or not imported");
                return;
            }
            datasets(on).forEach(node -> {
                if (!there.contains(Dataset.of(node.on()))) {
                    differences.add(node.on().at(), "is not on the machine", Addition.making(node));
                } else if (spot.inside().isUnfinished(node.on().at())) {
                    differences.add(node.on().at(), "was begun, and may not be made yet", Addition.making(node));
                } else if (node.content() instanceof ZfsVolume volume) {
                    spot.inside()
                            .at(node.on().ref())
                            .ifPresentOrElse(
                                    seen -> volume.seen(node.on(), Spot.of(seen, spot.inside()), differences),
                                    differences::unseen);
                }
            });
        }

        @Override
        public Set<String> tools() {
            return Set.of("zpool", "zfs");
        }

        @Override
        public String describe() {
            return "pool " + name + ", " + spec.datasets().size() + " datasets";
        }

        @Override
        public Stream<String> lines(On on) {
            return datasets(on)
                    .map(node -> Dataset.of(node.on()) + " on the " + on.title() + ": "
                            + node.content().describe());
        }
    }
}
