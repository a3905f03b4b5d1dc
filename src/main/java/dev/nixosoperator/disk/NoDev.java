package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** disko's {@code nodev}: tmpfs, bind mounts and what else needs no disk. Unlike disko's, a bind mount is recognised and unmounted. */
record NoDev(
        String fsType,
        @Nullable String givenDevice,
        @Nullable String givenMountpoint,
        List<String> mountOptions,
        Hooks hooks) {

    private static final Set<String> NAMED_LIKE_TYPE = Set.of("proc", "sysfs", "tmpfs", "ramfs", "devtmpfs", "devpts");

    /** mount looks for the disk that carries it. */
    private static final String NO_TAG = "(?!((PART)?(UUID|LABEL)|ID)=)";

    /** Not where a colon shows that it is on another machine. */
    private static final String NO_WAY_AROUND = "(?!([^:\\p{Cntrl}]*/)?\\.\\.?(/|$))";

    private static final Option<String> FS_TYPE = Option.required(
            "fsType",
            new Text("[a-z0-9][a-z0-9._-]*", 64, "a type that mount knows, such as tmpfs"),
            "Type for mount.");
    private static final Option<String> DEVICE = Option.optional(
            "device",
            new Text(
                    NO_TAG + NO_WAY_AROUND + "(?!-|/*(dev|proc)/)[^\\p{Cntrl}]+",
                    1024,
                    "a source that is no device of a disk"),
            "Source of the mount; with the option bind a path in the installed system, made when it is missing. Default: the type for"
                    + " tmpfs and its like, else none.");
    private static final Option<String> MOUNTPOINT =
            Option.optional("mountpoint", Kinds.PATH, "Where it is mounted. Default: the key.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();

    static final NodeType<NoDev> TYPE = new NodeType<>(
            "nodev",
            false,
            "A mount that needs no disk. In the map nodev.",
            Stream.concat(Stream.of(FS_TYPE, DEVICE, MOUNTPOINT, MOUNT_OPTIONS), Hooks.OPTIONS.stream())
                    .toList(),
            v -> new NoDev(v.get(FS_TYPE), v.find(DEVICE), v.find(MOUNTPOINT), v.get(MOUNT_OPTIONS), Hooks.of(v)));

    Tree tree(At map, String key) {
        var mounted = new Mounted(this, givenMountpoint == null ? key : givenMountpoint);
        return new Tree(new On(map.child(key), "-", device(), "nodev " + key, ""), mounted);
    }

    private String device() {
        return givenDevice != null ? givenDevice : NAMED_LIKE_TYPE.contains(fsType) ? fsType : "none";
    }

    private boolean bind() {
        return mountOptions.stream()
                .flatMap(option -> Stream.of(option.split(",")))
                .anyMatch(option -> option.equals("bind") || option.equals("rbind"));
    }

    /** With its mount point. */
    record Mounted(NoDev node, String mountpoint) implements Content {
        /** mount hands the source to a shell then. */
        @Override
        public boolean runsPrograms() {
            return node.fsType().startsWith("fuse");
        }

        @Override
        public Hooks hooks() {
            return node.hooks();
        }

        @Override
        public void check(On on, Findings findings) {
            Words.noDeviceOptions(node.mountOptions(), on.at(), findings);
            if (node.bind()) {
                Kinds.PATH.read(Json.of(node.device()), on.at().child(DEVICE.name()), findings);
            }
        }

        @Override
        public Stream<Claim> claims(On on) {
            return Stream.of(new Claim(on.at(), "mount point", mountpoint));
        }

        @Override
        public Stream<Step> create(On on) {
            return Stream.empty();
        }

        /** Path in the installed system of what a bind mount shows; null = it is none. */
        @Override
        public @Nullable String shows() {
            return node.bind() ? node.device() : null;
        }

        @Override
        public Stream<Activation> activate(On on) {
            String kind = node.bind() ? "bind" : node.fsType();
            return Stream.of(new Activation(
                    Stage.MOUNT,
                    mountpoint,
                    shows(),
                    mountpoint,
                    Command.of("mount_nodev", kind, node.fsType(), node.device(), mountpoint)
                            .with(node.mountOptions()),
                    Command.of("unmount_nodev", kind, node.device(), mountpoint)));
        }

        @Override
        public Stream<Setting> nixos(On on) {
            return Stream.of(new Setting.FileSystem(mountpoint, node.device(), node.fsType(), node.mountOptions()));
        }

        @Override
        public Set<String> tools() {
            return node.fsType().startsWith("nfs") ? Set.of("mount." + node.fsType()) : Set.of();
        }

        @Override
        public String describe() {
            return node.fsType() + " → " + mountpoint;
        }

        @Override
        public List<String> mountPoints() {
            return List.of(mountpoint);
        }

        /** What is written there is lost at the reboot, or on another machine. */
        @Override
        public boolean lasts() {
            return node.bind();
        }
    }
}
