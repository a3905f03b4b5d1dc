package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code lvm_vg}. LVM is shown the devices of the members alone, so no other volume group is touched; LUKS on a logical volume is
 * opened and closed, unlike with disko.
 *
 * @param givenName null = the key
 */
record VolumeGroup(@Nullable String givenName, Map<String, LogicalVolume> volumes, Hooks hooks) implements Owner {
    /** Sizes are rounded up to extents of 4 MiB, of each stripe. */
    private static final long EXTENTS = 16L << 20;

    static final String MAP = "lvm_vg";
    /** Its directory stands in /dev beside those of others. */
    static final Text NAME_TEXT = new Text(
            "(?!(\\.\\.?|block|bus|char|disk|dri|fd|input|mapper|md|mqueue|net|pts|shm|snd|zvol)$)[A-Za-z0-9+_.][A-Za-z0-9+_.-]*",
            127,
            "a name that LVM allows, of letters, digits and +_.-, that is no other directory of /dev");

    private static final Option<String> NAME =
            Option.optional("name", NAME_TEXT, "Name of the volume group. Default: the key.");
    private static final Option<Map<String, LogicalVolume>> VOLUMES = Option.withDefault(
            "lvs",
            new MapOf<>(LogicalVolume.NAME_TEXT, new NodeKind<>(LogicalVolume.TYPE), 256),
            Map.of(),
            "Logical volumes by name.");

    static final NodeType<VolumeGroup> TYPE = NodeType.content(
            MAP,
            "A volume group of LVM. In the map lvm_vg.",
            List.of(NAME, VOLUMES),
            v -> new VolumeGroup(v.find(NAME), v.get(VOLUMES), Hooks.of(v)));

    @Override
    public String map() {
        return MAP;
    }

    @Override
    public NodeType<? extends Member> member() {
        return LvmPv.TYPE;
    }

    @Override
    public Tree tree(String key, List<Tree> members) {
        String name = name(key);
        String directory = "/dev/" + name;
        return new Tree(
                new On(at(key), directory, directory, "volume group " + name, ""),
                new Group(this, name, Tree.places(members)));
    }

    /** With its members. */
    record Group(VolumeGroup spec, String name, List<On> standsOn) implements Owned {
        @Override
        public Hooks hooks() {
            return spec.hooks().with(NAME.name(), name);
        }

        private At at(On on, String key) {
            return on.at().child(VOLUMES.name()).child(key);
        }

        @Override
        public void check(On on, Findings findings) {
            NAME_TEXT.read(Json.of(name), on.at().child(NAME.name()), findings);
            Set<String> pools = spec.volumes().entrySet().stream()
                    .filter(volume -> volume.getValue().isPool())
                    .map(volume -> volume.getValue().name(volume.getKey()))
                    .collect(Collectors.toSet());
            checkOrder(on, findings);
            spec.volumes().forEach((key, volume) -> {
                volume.check(at(on, key), findings);
                volume.checkMembers(standsOn.size(), at(on, key), findings);
                if (volume.pool() != null && !pools.contains(volume.pool())) {
                    findings.add(
                            at(on, key).child(LogicalVolume.POOL.name()),
                            "found " + Findings.shown(volume.pool()) + "; allowed: "
                                    + (pools.isEmpty()
                                            ? "none, this volume group has no thin pool"
                                            : Findings.some(new TreeSet<>(pools))));
                }
            });
        }

        /** Thin volumes take nothing of the group, only of their pool. */
        private void checkOrder(On on, Findings findings) {
            String greedy = null;
            for (Map.Entry<String, LogicalVolume> entry : ordered().toList()) {
                LogicalVolume volume = entry.getValue();
                if (greedy != null && !volume.isThin()) {
                    findings.add(
                            at(on, entry.getKey()).child(LogicalVolume.SIZE.name()),
                            "is made after " + Findings.shown(greedy)
                                    + ", which takes all that is free; allowed: a lower priority than that one has, or a size there that leaves room");
                }
                if (greedy == null && volume.takesTheRest()) {
                    greedy = volume.name(entry.getKey());
                }
            }
        }

        @Override
        public Stream<Claim> claims(On on) {
            return Stream.concat(
                    Stream.of(new Claim(on.at(), "volume group name", name)),
                    spec.volumes().entrySet().stream()
                            .map(volume -> Claim.mapper(at(on, volume.getKey()), mapperName(volume))));
        }

        /** As they are made: by priority, then by name. */
        private Stream<Map.Entry<String, LogicalVolume>> ordered() {
            return spec.volumes().entrySet().stream()
                    .sorted(Comparator.comparingLong(volume -> volume.getValue().priority()));
        }

        @Override
        public Stream<Tree> children(On on) {
            return ordered()
                    .filter(volume -> volume.getValue().content() != null)
                    .map(volume -> volume.getValue().inside(at(on, volume.getKey()), on, volume.getKey()));
        }

        @Override
        public Stream<Step> create(On on) {
            return Stream.concat(
                    Stream.of(Step.of(on.title(), Command.of("make_vg", name).with(refs()))),
                    ordered().map(volume -> volume.getValue().create(on, name, volume.getKey())));
        }

        @Override
        public Stream<Activation> activate(On on) {
            return Stream.of(new Activation(
                    Stage.DEVICE,
                    "",
                    on.title(),
                    Command.of("vg_on", name, "-").with(refs()),
                    Command.of("vg_off", name).with(refs())));
        }

        /** LVM knows no read-only activation of a thin pool; what it does then is a commit of the pool's own metadata, which changes no volume. */
        @Override
        public Stream<Step> look(On on, String path) {
            String how = hasPool() ? "-" : "readonly";
            return Stream.of(Step.of(
                    "activate the " + on.title() + " for reading",
                    Command.of("vg_on", name, how).with(refs())));
        }

        @Override
        public void differs(On on, Spot spot, Differences differences) {
            ordered().forEach(volume -> {
                String key = volume.getKey();
                Optional<Tree> content = volume.getValue().content() == null
                        ? Optional.empty()
                        : Optional.of(volume.getValue().inside(at(on, key), on, key));
                seen(spot, volume)
                        .ifPresentOrElse(
                                there -> {
                                    compare(at(on, key), volume, there, spot, differences);
                                    content.ifPresent(tree -> Drift.content(tree, there, differences));
                                },
                                () -> differences.add(
                                        at(on, key), "is not on the machine, or not active", adding(on, key, content)));
            });
        }

        /** Of what is raid or mirrored the device mapper has the images, and does not tell the level. */
        private void compare(
                At at, Map.Entry<String, LogicalVolume> entry, Spot there, Spot disks, Differences differences) {
            LogicalVolume volume = entry.getValue();
            boolean images = disks.holders().stream()
                    .map(Holder::name)
                    .anyMatch(device -> device.startsWith(mapperName(entry) + "_rimage_")
                            || device.startsWith(mapperName(entry) + "_mimage_"));
            boolean plain = volume.extraArgs().isEmpty();
            if (images != volume.isMirrored() && plain) {
                differences.add(
                        at, images ? "is raid or mirrored on the machine" : "is not raid or mirrored on the machine");
            }
            Drift.size(at, volume.bytes(), there.size(), EXTENTS, differences);
            boolean open = volume.bytes() == 0 && !(volume.takesTheRest() && isFull(disks));
            if (open || volume.isMirrored() || !plain) {
                differences.unseen();
            }
        }

        /** Only a group of plain volumes on partitions tells it: nothing of it is hidden then. */
        private boolean isFull(Spot disks) {
            String prefix = mapperName(name) + "-";
            List<PartitionSeen> members = disks.partitions().stream()
                    .filter(partition -> partition.holders().stream()
                            .anyMatch(holder -> holder.name().startsWith(prefix)))
                    .toList();
            Map<String, Long> volumes = new HashMap<>();
            disks.holders().stream()
                    .filter(holder -> holder.name().startsWith(prefix))
                    .forEach(holder -> volumes.put(holder.name(), holder.size()));
            long free = members.stream().mapToLong(PartitionSeen::size).sum()
                    - volumes.values().stream().mapToLong(Long::longValue).sum();
            return members.size() == standsOn.size()
                    && spec.volumes().values().stream()
                            .noneMatch(volume -> volume.isMirrored() || volume.isPool() || volume.isThin())
                    && free <= EXTENTS * members.size();
        }

        /** Of a pool in use the device mapper has its volumes stand on a layer that LVM names so. */
        private Optional<Spot> seen(Spot spot, Map.Entry<String, LogicalVolume> volume) {
            Optional<Spot> there = spot.mapped(mapperName(volume));
            return volume.getValue().isPool() ? there.or(() -> spot.mapped(mapperName(volume) + "-tpool")) : there;
        }

        private Optional<Addition> adding(On on, String key, Optional<Tree> content) {
            LogicalVolume volume = Objects.requireNonNull(spec.volumes().get(key));
            Step made = volume.create(on, name, key);
            Addition empty = new Addition(
                    List.of(
                            Step.of(
                                    "see the " + on.title(),
                                    Command.of("group_of", name).with(refs())),
                            made),
                    volume.isPool() ? Set.of("lvs", "lvcreate", "thin_check") : Set.of("lvs", "lvcreate"),
                    List.of());
            return content.isEmpty()
                    ? Optional.of(empty)
                    : content.flatMap(Addition::making).map(empty::then);
        }

        /** The device mapper doubles what is a dash in a name. */
        private String mapperName(Map.Entry<String, LogicalVolume> volume) {
            return mapperName(name) + "-" + mapperName(volume.getValue().name(volume.getKey()));
        }

        private static String mapperName(String part) {
            return part.replace("-", "--");
        }

        private boolean hasPool() {
            return spec.volumes().values().stream().anyMatch(LogicalVolume::isPool);
        }

        @Override
        public Stream<Setting> nixos(On on) {
            List<String> modules = Stream.of(
                            Stream.of("dm-snapshot"),
                            spec.volumes().values().stream().flatMap(LogicalVolume::maker),
                            spec.volumes().values().stream().flatMap(LogicalVolume::finders))
                    .flatMap(all -> all)
                    .toList();
            return Stream.of(new Setting.KernelModules(modules));
        }

        @Override
        public Set<String> tools() {
            Set<String> lvm = Set.of("pvcreate", "pvs", "vgcreate", "vgs", "vgchange", "lvcreate", "lvs");
            return hasPool()
                    ? Stream.concat(lvm.stream(), Stream.of("thin_check")).collect(Collectors.toSet())
                    : lvm;
        }

        @Override
        public String describe() {
            return "volume group " + name + ", " + spec.volumes().size() + " volumes";
        }

        @Override
        public Stream<String> lines(On on) {
            return spec.volumes().isEmpty()
                    ? Stream.of(describe())
                    : ordered()
                            .map(volume -> "volume group " + name + ": "
                                    + volume.getValue().describe(volume.getKey()));
        }

        @Override
        public long bytesFor(Content child, long mine) {
            return spec.volumes().values().stream()
                    .filter(volume -> child.equals(volume.content()))
                    .mapToLong(volume -> volume.bytes() == 0 ? mine : Math.min(mine, volume.bytes()))
                    .findFirst()
                    .orElse(mine);
        }

        @Override
        public Stream<String> leavesRaw(On on) {
            return spec.volumes().entrySet().stream()
                    .filter(volume -> volume.getValue().content() == null
                            && !volume.getValue().isPool())
                    .map(volume -> on.ref() + "/" + volume.getValue().name(volume.getKey()));
        }
    }
}
