package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import dev.nixosoperator.hash.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code bcachefs_filesystem}, of one device or several. It is mounted by naming exactly its members.
 *
 * @param givenName null = the key
 * @param givenUuid null = made from the name
 */
record BcachefsFilesystem(
        @Nullable String givenName,
        List<String> extraFormatArgs,
        List<String> mountOptions,
        @Nullable String mountpoint,
        @Nullable String givenUuid,
        @Nullable String passwordFile,
        Map<String, BcachefsSubvolume> subvolumes,
        Hooks hooks)
        implements Owner {

    static final String MAP = "bcachefs_filesystems";
    static final Text NAME_TEXT = new Text("[A-Za-z0-9_][A-Za-z0-9._-]*", 128, "a name of letters, digits and ._-");

    private static final String MKDIR = "X-mount.mkdir";
    private static final Option<String> NAME = Option.optional("name", NAME_TEXT, "Name. Default: the key.");
    private static final Option<List<String>> EXTRA_FORMAT_ARGS = Option.withDefault(
            "extraFormatArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of bcachefs format; an element may hold several words.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.withDefault(
            "mountOptions",
            Kind.list(Kinds.MOUNT_OPTION, 64),
            List.of(MKDIR),
            "Mount options; X-mount.mkdir is always there.");
    private static final Option<String> MOUNTPOINT =
            Option.optional("mountpoint", Kinds.PATH, "Where the whole of it is mounted, beside its subvolumes.");
    private static final Option<String> UUID = Option.optional(
            "uuid",
            new Text("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", 36, "a UUID"),
            "UUID of the file system. Default: made from its name.");
    private static final Option<String> PASSWORD_FILE = Option.optional(
            "passwordFile",
            Kinds.PATH,
            "File on the installer with the passphrase; with it the file system is encrypted.");
    private static final Option<Map<String, BcachefsSubvolume>> SUBVOLUMES = Option.withDefault(
            "subvolumes",
            new MapOf<>(Subvolume.PATH, new NodeKind<>(BcachefsSubvolume.TYPE), 256),
            Map.of(),
            "Subvolumes by name.");

    static final NodeType<BcachefsFilesystem> TYPE = NodeType.content(
            "bcachefs_filesystem",
            "A bcachefs file system. In the map bcachefs_filesystems.",
            List.of(NAME, EXTRA_FORMAT_ARGS, MOUNT_OPTIONS, MOUNTPOINT, UUID, PASSWORD_FILE, SUBVOLUMES),
            v -> new BcachefsFilesystem(
                    v.find(NAME),
                    v.get(EXTRA_FORMAT_ARGS),
                    v.get(MOUNT_OPTIONS),
                    v.find(MOUNTPOINT),
                    v.find(UUID),
                    v.find(PASSWORD_FILE),
                    v.get(SUBVOLUMES),
                    Hooks.of(v)));

    @Override
    public String map() {
        return MAP;
    }

    @Override
    public NodeType<? extends Member> member() {
        return Bcachefs.TYPE;
    }

    /** disko's own way to get one from a name. */
    private static String uuidOf(String name) {
        return Sha256.hex(name).substring(0, 32).replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    @Override
    public Tree tree(String key, List<Tree> members) {
        String name = name(key);
        String uuid = givenUuid == null ? uuidOf(name) : givenUuid;
        String path = "/dev/disk/by-uuid/" + uuid;
        return new Tree(new On(at(key), path, path, "bcachefs " + name, ""), new Whole(this, name, uuid, members));
    }

    /**
     * Something of it that is mounted.
     *
     * @param subvolume null = the whole
     */
    private record Mount(@Nullable String subvolume, String mountpoint, List<String> options, At at) {}

    /** With its members. */
    record Whole(BcachefsFilesystem spec, String name, String uuid, List<Tree> nodes) implements Owned {
        @Override
        public List<On> standsOn() {
            return Tree.places(nodes);
        }

        @Override
        public Hooks hooks() {
            return spec.hooks().with(NAME.name(), name);
        }

        private Stream<Mount> mounts(At at) {
            String whole = spec.mountpoint();
            Stream<Mount> first = whole == null
                    ? Stream.empty()
                    : Stream.of(new Mount(
                            null,
                            whole,
                            Stream.concat(Stream.of(MKDIR), spec.mountOptions().stream())
                                    .distinct()
                                    .toList(),
                            at.child(MOUNTPOINT.name())));
            return Stream.concat(first, spec.subvolumes().entrySet().stream().flatMap(entry -> {
                BcachefsSubvolume sub = entry.getValue();
                String where = sub.mountpoint();
                return where == null
                        ? Stream.empty()
                        : Stream.of(new Mount(
                                sub.path(entry.getKey()),
                                where,
                                sub.allMountOptions(entry.getKey()),
                                at.child(SUBVOLUMES.name()).child(entry.getKey())));
            }));
        }

        @Override
        public void check(On on, Findings findings) {
            NAME_TEXT.read(Json.of(name), on.at().child(NAME.name()), findings);
            Words.check(EXTRA_FORMAT_ARGS, spec.extraFormatArgs(), on.at(), findings);
            Words.noDevices(EXTRA_FORMAT_ARGS, spec.extraFormatArgs(), on.at(), findings);
            Words.noEnd(EXTRA_FORMAT_ARGS, spec.extraFormatArgs(), on.at(), findings);
            Words.noDeviceOptions(spec.mountOptions(), on.at(), findings);
            spec.subvolumes()
                    .forEach((key, sub) -> Words.noDeviceOptions(
                            sub.mountOptions(), on.at().child(SUBVOLUMES.name()).child(key), findings));
        }

        @Override
        public Stream<Claim> claims(On on) {
            return Stream.of(
                            Stream.of(
                                    new Claim(on.at(), "bcachefs name", name),
                                    new Claim(on.at().child(UUID.name()), "file system uuid", uuid)),
                            mounts(on.at()).map(m -> new Claim(m.at(), "mount point", m.mountpoint())),
                            spec.subvolumes().entrySet().stream()
                                    .map(sub -> new Claim(
                                            on.at().child(SUBVOLUMES.name()).child(sub.getKey()),
                                            "subvolume",
                                            on.at().path() + ": "
                                                    + sub.getValue().path(sub.getKey()))))
                    .flatMap(claims -> claims);
        }

        private String key() {
            String file = spec.passwordFile();
            return file == null ? "-" : file;
        }

        @Override
        public List<KeyFile> keyFiles() {
            String file = spec.passwordFile();
            return file == null ? List.of() : List.of(new KeyFile(file, KeyFile.Form.TEXT));
        }

        @Override
        public Stream<Step> create(On on) {
            List<String> format = new ArrayList<>(Words.split(spec.extraFormatArgs()));
            nodes.forEach(node -> {
                format.addAll(List.of("--", node.on().ref()));
                ((Bcachefs) node.content()).formatArgs().forEach(format::add);
            });
            Map<String, String> subvolumes = new TreeMap<>();
            spec.subvolumes().forEach((key, sub) -> subvolumes.put(sub.path(key), key));
            return Stream.concat(
                    Stream.of(Step.of(
                            on.title(), Command.of("make_bcachefs", uuid, key()).with(format))),
                    subvolumes.keySet().stream()
                            .map(path -> Step.of(
                                    on.title() + ": subvolume " + path,
                                    Command.of("make_bcachefs_subvolume", key(), path)
                                            .with(refs()))));
        }

        @Override
        public Stream<Activation> activate(On on) {
            return mounts(on.at())
                    .map(m -> new Activation(
                            Stage.MOUNT,
                            m.mountpoint(),
                            m.mountpoint(),
                            Command.of("mount_bcachefs", key(), m.mountpoint())
                                    .with(refs())
                                    .with(List.of("--"))
                                    .with(m.options()),
                            Command.of("unmount_bcachefs", m.mountpoint()).with(refs())));
        }

        /** lsblk does not tell its name. */
        @Override
        public void differs(On on, Spot spot, Differences differences) {
            differences.unseen();
        }

        @Override
        public Stream<Step> look(On on, String path) {
            return mounts(on.at())
                    .filter(m -> Location.below(m.mountpoint(), path))
                    .reduce((a, b) -> a.mountpoint().length() > b.mountpoint().length() ? a : b)
                    .map(m -> Step.of(
                            "look at " + on.title(),
                            Command.of(
                                            "print_from_bcachefs",
                                            key(),
                                            (m.subvolume() == null ? "" : "/" + m.subvolume())
                                                    + Location.inside(m.mountpoint(), path))
                                    .with(refs())))
                    .stream();
        }

        @Override
        public Stream<Setting> nixos(On on) {
            return mounts(on.at())
                    .map(m -> new Setting.FileSystem(m.mountpoint(), on.path(), "bcachefs", m.options(), true));
        }

        @Override
        public Set<String> tools() {
            return Set.of("bcachefs");
        }

        @Override
        public String describe() {
            return "bcachefs " + name
                    + mounts(At.DEVICES)
                            .map(m -> (m.subvolume() == null ? "all" : m.subvolume()) + " → " + m.mountpoint())
                            .collect(Collectors.joining(", ", ": ", ""));
        }

        @Override
        public List<String> mountPoints() {
            return mounts(At.DEVICES).map(Mount::mountpoint).toList();
        }
    }
}
