package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.Choice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** disko's {@code filesystem}. */
record Filesystem(
        String format, List<String> extraArgs, List<String> mountOptions, @Nullable String mountpoint, Hooks hooks)
        implements Content {

    /** Formats without owners and symbolic links: no system can live there. */
    private static final Set<String> FOREIGN = Set.of("vfat", "exfat", "ntfs");

    /** Formats that grow while they are mounted, with the program that does it. */
    private static final Map<String, String> GROWING = Map.of(
            "ext2", "resize2fs", "ext3", "resize2fs", "ext4", "resize2fs", "xfs", "xfs_growfs", "btrfs", "btrfs");

    private static final Option<String> FORMAT = Option.required(
            "format",
            new Choice(List.of("btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "ntfs", "vfat", "xfs")),
            "File system, made with mkfs.<format>.");
    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of mkfs, each element one argument.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();
    private static final Option<String> MOUNTPOINT =
            Option.optional("mountpoint", Kinds.PATH, "Where it is mounted; absent = it is only made.");

    static final NodeType<Filesystem> TYPE = NodeType.content(
            "filesystem",
            "A file system.",
            List.of(FORMAT, EXTRA_ARGS, MOUNT_OPTIONS, MOUNTPOINT),
            v -> new Filesystem(
                    v.get(FORMAT), v.get(EXTRA_ARGS), v.get(MOUNT_OPTIONS), v.find(MOUNTPOINT), Hooks.of(v)));

    @Override
    public void check(On on, Findings findings) {
        if (mountpoint != null
                && FOREIGN.contains(format)
                && (mountpoint.equals("/") || (mountpoint + "/").startsWith("/nix/"))) {
            findings.add(
                    on.at().child(FORMAT.name()),
                    "found " + Findings.shown(format) + "; allowed at " + mountpoint
                            + ": a file system that knows owners and symbolic links, such as ext4");
        }
        Words.noDevices(EXTRA_ARGS, extraArgs, on.at(), findings);
        Words.noDeviceOptions(mountOptions, on.at(), findings);
    }

    @Override
    public Stream<Claim> claims(On on) {
        return mountpoint == null
                ? Stream.empty()
                : Stream.of(new Claim(on.at().child(MOUNTPOINT.name()), "mount point", mountpoint));
    }

    @Override
    public Stream<Step> create(On on) {
        Command make = Command.of("make_filesystem", on.ref(), format).with(extraArgs);
        return Stream.of(Step.of(on.title() + ": " + format, make));
    }

    @Override
    public Stream<Activation> activate(On on) {
        if (mountpoint == null) {
            return Stream.empty();
        }
        return Stream.of(new Activation(
                Stage.MOUNT,
                mountpoint,
                mountpoint,
                Command.of("mount_filesystem", on.ref(), format, mountpoint).with(mountOptions),
                Command.of("unmount_filesystem", on.ref(), mountpoint)));
    }

    @Override
    public Stream<Step> look(On on, String path) {
        String inside = mountpoint == null ? path : Location.inside(mountpoint, path);
        return Stream.of(Step.of("look at " + on.title(), Command.of("print_file", on.ref(), format, inside)));
    }

    @Override
    public Stream<Setting> nixos(On on) {
        return mountpoint == null
                ? Stream.empty()
                : Stream.of(new Setting.FileSystem(mountpoint, on.path(), format, mountOptions));
    }

    @Override
    public Set<String> tools() {
        return format.equals("ntfs") ? Set.of("mkfs.ntfs", "mount.ntfs") : Set.of("mkfs." + format);
    }

    @Override
    public Set<String> signatures() {
        return Set.of(format);
    }

    @Override
    public void differs(On on, Spot spot, Differences differences) {
        if (mountpoint != null) {
            Drift.mounted(on.at().child(MOUNTPOINT.name()), mountpoint, mountOptions, spot, differences);
        }
    }

    @Override
    public Optional<Addition> grow(On on) {
        String tool = GROWING.get(format);
        return tool == null || mountpoint == null
                ? Optional.empty()
                : Optional.of(Addition.of(
                        Step.of(on.title() + ": grow " + format, Command.of("grow_filesystem", on.ref(), format)),
                        Set.of(tool)));
    }

    @Override
    public String describe() {
        return mountpoint == null ? format : format + " → " + mountpoint;
    }

    @Override
    public List<String> mountPoints() {
        return mountpoint == null ? List.of() : List.of(mountpoint);
    }
}
