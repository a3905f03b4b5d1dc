package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The top of the tree, disko's {@code disko.devices}. */
record Devices(Map<String, Disk> disks, Map<String, NoDev> nodev) {
    static final int MAX_DISKS = 64;
    private static final Text NAME = new Text("[^\\p{Cntrl}]+", 128, "a name without control characters");
    private static final Option<Map<String, Disk>> DISK = Option.withDefault(
            "disk", new MapOf<>(NAME, new NodeKind<>(Disk.TYPE), MAX_DISKS), Map.of(), "Disks by name.");
    private static final Option<Map<String, NoDev>> NODEV = Option.withDefault(
            "nodev",
            new MapOf<>(Kinds.MOUNT_PATH, new NodeKind<>(NoDev.TYPE), 64),
            Map.of(),
            "Mounts that need no disk, by mount point.");

    static final At DISKS = At.DEVICES.child(DISK.name());
    static final NodeType<Devices> TYPE = NodeType.plain(
            "The tree of disko.devices.", List.of(DISK, NODEV), v -> new Devices(v.get(DISK), v.get(NODEV)));

    /** The outermost nodes in the order of creation. */
    Stream<Tree> trees() {
        var number = new AtomicInteger();
        return Stream.concat(
                disks.entrySet().stream().flatMap(e -> e.getValue().tree(e.getKey(), number.incrementAndGet())),
                nodev.entrySet().stream().map(e -> e.getValue().tree(At.DEVICES.child(NODEV.name()), e.getKey())));
    }

    Stream<Tree> walk() {
        return trees().flatMap(Tree::walk);
    }
}
