package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.Kinds.MapOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code btrfs}. As with disko, further devices stand in {@code extraArgs}: here they must be of this layout and made before.
 *
 * @param mountpoint of the file system as a whole
 */
record Btrfs(
        List<String> extraArgs,
        List<String> mountOptions,
        @Nullable String mountpoint,
        Map<String, SwapFile> swap,
        Map<String, Subvolume> subvolumes,
        Hooks hooks)
        implements Content {

    static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of mkfs.btrfs; an element may hold several words. A path is a further device: a partition"
                    + " (/dev/disk/by-partlabel/…, by-partuuid/…) or LUKS container (/dev/mapper/…) of this layout that is"
                    + " made before, on a disk that comes earlier by name or higher up in the same table.");
    private static final Option<List<String>> MOUNT_OPTIONS = Option.mountOptions();
    private static final Option<String> MOUNTPOINT =
            Option.optional("mountpoint", Kinds.PATH, "Where the whole of it is mounted, beside its subvolumes.");
    private static final Option<Map<String, Subvolume>> SUBVOLUMES = Option.withDefault(
            "subvolumes",
            new MapOf<>(Subvolume.PATH, new NodeKind<>(Subvolume.TYPE), 256),
            Map.of(),
            "Subvolumes by name.");

    static final NodeType<Btrfs> TYPE = NodeType.content(
            "btrfs",
            "A btrfs file system with subvolumes and swap files.",
            List.of(EXTRA_ARGS, MOUNT_OPTIONS, MOUNTPOINT, SwapFile.FILES, SUBVOLUMES),
            v -> new Btrfs(
                    v.get(EXTRA_ARGS),
                    v.get(MOUNT_OPTIONS),
                    v.find(MOUNTPOINT),
                    v.get(SwapFile.FILES),
                    v.get(SUBVOLUMES),
                    Hooks.of(v)));

    /**
     * Something of it that is mounted.
     *
     * @param subvolume as the layout calls it; null = the whole
     */
    private record Mount(@Nullable String subvolume, String mountpoint, List<String> options, At at) {
        List<String> withSubvolume() {
            return subvolume == null
                    ? options
                    : Stream.concat(options.stream(), Stream.of("subvol=" + subvolume))
                            .toList();
        }
    }

    private Stream<Mount> mounts(At at) {
        Stream<Mount> whole = mountpoint == null
                ? Stream.empty()
                : Stream.of(new Mount(null, mountpoint, mountOptions, at.child(MOUNTPOINT.name())));
        return Stream.concat(
                subvolumes.entrySet().stream().flatMap(e -> {
                    Subvolume sub = e.getValue();
                    String where = sub.mountpoint();
                    return where == null
                            ? Stream.empty()
                            : Stream.of(new Mount(
                                    sub.called(e.getKey()),
                                    where,
                                    sub.mountOptions(),
                                    at(at, e.getKey()).child(Subvolume.MOUNTPOINT.name())));
                }),
                whole);
    }

    private static At at(At at, String key) {
        return at.child(SUBVOLUMES.name()).child(key);
    }

    @Override
    public List<String> members() {
        return Words.split(extraArgs).stream().filter(w -> w.contains("/")).toList();
    }

    @Override
    public void check(On on, Findings findings) {
        Words.check(EXTRA_ARGS, extraArgs, on.at(), findings);
        Words.noDeviceOptions(mountOptions, on.at(), findings);
        if (mountpoint == null && !swap.isEmpty()) {
            findings.add(on.at().child(SwapFile.FILES.name()), "found swap files; allowed: none without a mountpoint");
        }
        subvolumes.forEach((key, sub) -> {
            sub.check(at(on.at(), key), findings);
            if (sub.mountpoint() == null && !sub.swap().isEmpty()) {
                findings.add(
                        at(on.at(), key).child(SwapFile.FILES.name()),
                        "found swap files; allowed: none without a mountpoint");
            }
        });
    }

    @Override
    public Stream<Claim> claims(On on) {
        return Stream.of(
                        mounts(on.at()).map(m -> new Claim(m.at(), "mount point", m.mountpoint())),
                        subvolumes.entrySet().stream()
                                .map(e -> new Claim(
                                        at(on.at(), e.getKey()),
                                        "subvolume",
                                        on.at().path() + ": " + e.getValue().path(e.getKey()))),
                        files((sub, file) -> new Claim(
                                on.at().child(SwapFile.FILES.name()),
                                "swap file",
                                on.at().path() + ": " + sub + file)))
                .flatMap(claims -> claims);
    }

    /** Swap files of the whole and of the subvolumes, each with the path of its subvolume. */
    private <T> Stream<T> files(BiFunction<String, String, T> each) {
        return Stream.concat(
                swap.entrySet().stream().map(f -> each.apply("", f.getValue().file(f.getKey()))),
                subvolumes.entrySet().stream().flatMap(s -> s.getValue().swap().entrySet().stream()
                        .map(f -> each.apply(
                                s.getValue().path(s.getKey()) + "/",
                                f.getValue().file(f.getKey())))));
    }

    @Override
    public Stream<Step> create(On on) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(
                on.title() + ": btrfs", Command.of("make_btrfs", on.ref()).with(Words.split(extraArgs))));
        swapFiles(on, "", swap, steps);
        byPath().values().forEach(key -> steps.addAll(createSubvolume(on, key)));
        return steps.stream();
    }

    private List<Step> createSubvolume(On on, String key) {
        Subvolume sub = Objects.requireNonNull(subvolumes.get(key));
        String path = sub.path(key);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(
                on.title() + ": subvolume " + path,
                Command.of("make_subvolume", on.ref(), path)
                        .with(devices())
                        .with(List.of("--"))
                        .with(Words.split(sub.extraArgs()))));
        swapFiles(on, path + "/", sub.swap(), steps);
        return steps;
    }

    /** Their keys; parents first, whether or not a name begins with a slash. */
    private Map<String, String> byPath() {
        Map<String, String> sorted = new TreeMap<>();
        subvolumes.forEach((key, sub) -> sorted.put(sub.path(key), key));
        return sorted;
    }

    /** Where it is mounted; else nobody tells what is in it. */
    @Override
    public void differs(On on, Spot spot, Differences differences) {
        Set<String> there =
                spot.uuidOf("btrfs").map(spot.inside().subvolumes()::get).orElse(null);
        mountDiffers(on.at().child(MOUNTPOINT.name()), mountpoint, mountOptions, spot, differences);
        if (there == null) {
            differences.unseen();
        }
        byPath().forEach((path, key) -> {
            if (there != null && !there.contains(path)) {
                differences.add(
                        at(on.at(), key),
                        "is not on the machine",
                        Optional.of(new Addition(createSubvolume(on, key), Set.of("btrfs"), List.of())));
            } else {
                Subvolume sub = Objects.requireNonNull(subvolumes.get(key));
                At where = at(on.at(), key).child(Subvolume.MOUNTPOINT.name());
                mountDiffers(where, sub.mountpoint(), sub.mountOptions(), spot, differences);
                filesDiffer(on, at(on.at(), key), sub.mountpoint(), path + "/", sub.swap(), spot, differences);
            }
        });
        filesDiffer(on, on.at(), mountpoint, "", swap, spot, differences);
    }

    /** Of several devices the kernel names any one. */
    private void mountDiffers(
            At at, @Nullable String wanted, List<String> options, Spot spot, Differences differences) {
        if (wanted != null && members().isEmpty()) {
            Drift.mounted(at, wanted, options, spot, differences);
        }
    }

    private void filesDiffer(
            On on,
            At at,
            @Nullable String mounted,
            String below,
            Map<String, SwapFile> files,
            Spot spot,
            Differences differences) {
        Map<String, Long> there = spot.inside().files();
        if (mounted == null || there == null || !spot.mounts().contains(mounted)) {
            return;
        }
        files.forEach((key, file) -> {
            At where = at.child(SwapFile.FILES.name()).child(key);
            Long size = there.get(file.seen(mounted, key));
            if (size == null) {
                differences.add(
                        where,
                        "is not on the machine",
                        Optional.of(Addition.of(swapFile(on, below, key, file), Set.of("btrfs"))));
            } else {
                Drift.size(where, Sectors.bytes(file.size()), size, Drift.SLACK, differences);
            }
        });
    }

    /** With several devices the others stay as they are. */
    @Override
    public Optional<Addition> grow(On on) {
        return members().isEmpty() && !mountPoints().isEmpty()
                ? Optional.of(Addition.of(
                        Step.of(on.title() + ": grow btrfs", Command.of("grow_filesystem", on.ref(), "btrfs")),
                        Set.of("btrfs")))
                : Optional.empty();
    }

    private void swapFiles(On on, String below, Map<String, SwapFile> files, List<Step> steps) {
        files.forEach((key, file) -> steps.add(swapFile(on, below, key, file)));
    }

    private Step swapFile(On on, String below, String key, SwapFile file) {
        return Step.of(
                on.title() + ": swap file " + below + file.file(key),
                Command.of(
                                "make_swap_file",
                                on.ref(),
                                below + file.file(key),
                                file.size(),
                                Long.toString(Sectors.bytes(file.size())))
                        .with(devices()));
    }

    /** The kernel finds the other devices by itself only where udev runs. */
    private List<String> devices() {
        return members().stream().map(m -> "device=" + m).toList();
    }

    @Override
    public Stream<Activation> activate(On on) {
        return mounts(on.at())
                .map(m -> new Activation(
                        Stage.MOUNT,
                        m.mountpoint(),
                        m.mountpoint(),
                        Command.of(
                                        "mount_subvolume",
                                        on.ref(),
                                        m.subvolume() == null ? "-" : m.subvolume(),
                                        m.mountpoint())
                                .with(m.withSubvolume())
                                .with(devices()),
                        Command.of("unmount_filesystem", on.ref(), m.mountpoint())));
    }

    @Override
    public Stream<Step> look(On on, String path) {
        return mounts(on.at())
                .filter(m -> Location.below(m.mountpoint(), path))
                .reduce((a, b) -> a.mountpoint().length() > b.mountpoint().length() ? a : b)
                .map(m -> Step.of(
                        "look at " + on.title(),
                        Command.of("print_file", on.ref(), "btrfs", Location.inside(m.mountpoint(), path))
                                .with(m.subvolume() == null ? List.of() : List.of("subvol=" + m.subvolume()))
                                .with(devices())))
                .stream();
    }

    @Override
    public Stream<String> swapFiles() {
        return Stream.concat(
                seen(mountpoint, swap),
                subvolumes.values().stream().flatMap(sub -> seen(sub.mountpoint(), sub.swap())));
    }

    private static Stream<String> seen(@Nullable String mountpoint, Map<String, SwapFile> files) {
        return mountpoint == null
                ? Stream.empty()
                : files.entrySet().stream().map(f -> f.getValue().seen(mountpoint, f.getKey()));
    }

    @Override
    public Stream<Setting> nixos(On on) {
        Stream<Setting> mounted =
                mounts(on.at()).map(m -> new Setting.FileSystem(m.mountpoint(), on.path(), "btrfs", m.withSubvolume()));
        Stream<Setting> files = subvolumes.values().stream().flatMap(sub -> settings(sub.mountpoint(), sub.swap()));
        return Stream.of(mounted, files, settings(mountpoint, swap)).flatMap(s -> s);
    }

    private static Stream<Setting> settings(@Nullable String mountpoint, Map<String, SwapFile> files) {
        return mountpoint == null
                ? Stream.empty()
                : files.entrySet().stream().map(f -> f.getValue().nixos(mountpoint, f.getKey()));
    }

    @Override
    public Set<String> tools() {
        return Set.of("mkfs.btrfs", "btrfs");
    }

    @Override
    public Set<String> signatures() {
        return Set.of("btrfs");
    }

    @Override
    public String describe() {
        long files = files((sub, file) -> file).count();
        String parts = Stream.concat(
                        mountpoint == null ? Stream.empty() : Stream.of("all → " + mountpoint),
                        subvolumes.entrySet().stream()
                                .map(e -> e.getValue().path(e.getKey())
                                        + (e.getValue().mountpoint() == null
                                                ? ""
                                                : " → " + e.getValue().mountpoint())))
                .collect(Collectors.joining(", "));
        return "btrfs" + (members().isEmpty() ? "" : " with " + String.join(", ", members()))
                + (parts.isEmpty() ? "" : ": " + parts)
                + (files == 0 ? "" : "; " + files + (files == 1 ? " swap file" : " swap files"));
    }

    @Override
    public List<String> mountPoints() {
        return mounts(At.DEVICES).map(Mount::mountpoint).toList();
    }
}
