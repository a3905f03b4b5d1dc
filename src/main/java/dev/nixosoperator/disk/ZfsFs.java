package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code zfs_fs}: a file system in a pool.
 *
 * @param givenName null = the key
 * @param optionsName where the layout says its properties
 */
record ZfsFs(
        @Nullable String givenName,
        String optionsName,
        Map<String, String> options,
        List<String> mountOptions,
        @Nullable String mountpoint,
        Hooks hooks)
        implements Dataset {

    private static final String MOUNTPOINT_PROPERTY = "mountpoint";
    static final Option<String> MOUNTPOINT = Option.optional(
            "mountpoint",
            Kinds.PATH,
            "Where it is mounted; absent = it is only made. Also its property, unless options say another.");

    static final NodeType<ZfsFs> TYPE = NodeType.content(
            "zfs_fs",
            "A file system of ZFS.",
            List.of(NAME, OPTIONS, MOUNT_OPTIONS, MOUNTPOINT),
            v -> new ZfsFs(
                    v.find(NAME),
                    OPTIONS.name(),
                    v.get(OPTIONS),
                    v.get(MOUNT_OPTIONS),
                    v.find(MOUNTPOINT),
                    Hooks.of(v)));

    static boolean mountable(Map<String, String> options) {
        return !"none".equals(options.get(MOUNTPOINT_PROPERTY)) && !"off".equals(options.get("canmount"));
    }

    private @Nullable String mounted() {
        return mountable(options) ? mountpoint : null;
    }

    /** ZFS mounts what has its mount point as a property; what says legacy is mounted as any file system. */
    private List<String> allMountOptions() {
        return "legacy".equals(options.get(MOUNTPOINT_PROPERTY))
                ? mountOptions
                : Stream.concat(mountOptions.stream(), Stream.of("zfsutil")).toList();
    }

    @Override
    public Stream<Claim> claims(On on) {
        String mounted = mounted();
        return Stream.concat(
                Dataset.super.claims(on),
                mounted == null
                        ? Stream.empty()
                        : Stream.of(new Claim(on.at().child(MOUNTPOINT.name()), "mount point", mounted)));
    }

    @Override
    public Stream<Step> create(On on) {
        Map<String, String> properties = new TreeMap<>(options);
        if (mountpoint != null) {
            properties.putIfAbsent(MOUNTPOINT_PROPERTY, mountpoint);
        }
        return Stream.of(make(on, Command.of("make_dataset", Dataset.of(on)).with(Dataset.words(properties))));
    }

    @Override
    public Stream<Activation> activate(On on) {
        String mounted = mounted();
        return Stream.concat(
                Dataset.super.activate(on),
                mounted == null
                        ? Stream.empty()
                        : Stream.of(new Activation(
                                Stage.MOUNT,
                                mounted,
                                mounted,
                                Command.of("mount_dataset", Dataset.of(on), mounted)
                                        .with(allMountOptions()),
                                Command.of("unmount_dataset", Dataset.of(on), mounted))));
    }

    @Override
    public Stream<Step> look(On on, String path) {
        String mounted = mounted();
        return mounted == null
                ? Stream.empty()
                : Stream.of(Step.of(
                        "look at " + on.title(),
                        Command.of("print_from_dataset", Dataset.of(on), Location.inside(mounted, path))
                                .with(allMountOptions().contains("zfsutil") ? List.of("zfsutil") : List.of())));
    }

    @Override
    public Stream<Setting> nixos(On on) {
        String mounted = mounted();
        return mounted == null
                ? Stream.empty()
                : Stream.of(new Setting.FileSystem(mounted, Dataset.of(on), "zfs", allMountOptions()));
    }

    @Override
    public String describe() {
        String mounted = mounted();
        return mounted == null ? "zfs" : "zfs → " + mounted;
    }

    @Override
    public List<String> mountPoints() {
        String mounted = mounted();
        return mounted == null ? List.of() : List.of(mounted);
    }
}
