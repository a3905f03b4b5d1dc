package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.disk.Kinds.MapOf;
import dev.nixosoperator.disk.Kinds.Text;
import dev.nixosoperator.hash.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A layout without findings: {@code spec.devices} of a DiskLayout, the tree of disko's {@code disko.devices}. */
public final class Layout {
    static final int MAX_DISKS = 64;
    private static final Option<Map<String, Disk>> DISK = Option.withDefault(
            "disk",
            new MapOf<>(
                    new Text("[^\\p{Cntrl}]+", 128, "a name without control characters"),
                    new NodeKind<>(Disk.TYPE),
                    MAX_DISKS),
            Map.of(),
            "Disks by name.");
    static final At DISKS = At.DEVICES.child(DISK.name());
    static final NodeType<Map<String, Disk>> TYPE =
            NodeType.plain("The tree of disko.devices.", List.of(DISK), v -> v.get(DISK));

    private final Map<String, Disk> disks;
    private final String hash;

    private Layout(Map<String, Disk> disks, String hash) {
        this.disks = disks;
        this.hash = hash;
    }

    /** @param layout null exactly when there are findings */
    public record Parsed(@Nullable Layout layout, List<Finding> findings) {}

    /**
     * A disk as the layout names it.
     *
     * @param device null when only the selector or the machine says
     */
    public record LogicalDisk(String name, @Nullable String device, @Nullable Selector selector) {}

    /** Reads and checks everything at once. Never throws, whatever the JSON is. */
    public static Parsed parse(JsonNode devices) {
        return parse(devices, true);
    }

    /** Without {@code needsRoot} for disko's examples that mount no root. */
    static Parsed parse(JsonNode devices, boolean needsRoot) {
        var findings = new Findings();
        Map<String, Disk> disks = TYPE.read(devices, At.DEVICES, findings);
        if (disks != null) {
            check(disks, needsRoot, findings);
        }
        if (disks == null || !findings.none()) {
            return new Parsed(null, findings.list());
        }
        String hash = Sha256.hex(Json.compact(TYPE.normal(devices)));
        return new Parsed(new Layout(disks, hash), List.of());
    }

    private static void check(Map<String, Disk> disks, boolean needsRoot, Findings findings) {
        if (disks.isEmpty()) {
            findings.add(DISKS, "missing; allowed: at least one disk");
        }
        Map<String, At> seen = new HashMap<>();
        disks.forEach((key, disk) -> {
            At at = DISKS.child(key);
            disk.check(at, findings);
            if (disk.device() != null) {
                claim(new Claim(at.child("device"), "device", disk.device()), seen, findings);
            }
        });
        List<Tree> nodes = walk(disks).toList();
        nodes.forEach(n -> n.content().check(n.on(), findings));
        nodes.stream().flatMap(n -> n.content().claims(n.on())).forEach(c -> claim(c, seen, findings));
        if (needsRoot && nodes.stream().noneMatch(n -> "/".equals(n.content().mountedAt()))) {
            findings.add(At.DEVICES, "no root file system; allowed: exactly one node with mountpoint '/'");
        }
    }

    private static void claim(Claim claim, Map<String, At> seen, Findings findings) {
        At first = seen.putIfAbsent(claim.kind() + "\0" + claim.value(), claim.at());
        if (first != null) {
            findings.add(
                    claim.at(),
                    claim.kind() + " " + Findings.shown(claim.value()) + " is already used by " + first.path());
        }
    }

    private static Stream<Tree> walk(Map<String, Disk> disks) {
        return trees(disks).flatMap(Tree::walk);
    }

    private static Stream<Tree> trees(Map<String, Disk> disks) {
        var number = new AtomicInteger();
        return disks.entrySet().stream().flatMap(e -> e.getValue().tree(e.getKey(), number.incrementAndGet()));
    }

    /** All nodes, parents first; disks in byte order of their names. */
    Stream<Tree> walk() {
        return walk(disks);
    }

    Map<String, Disk> byName() {
        return disks;
    }

    /** Hex SHA-256 of what the layout means: the order of keys and values that equal a default do not count. */
    public String hash() {
        return hash;
    }

    /** Disks in byte order of their names. */
    public List<LogicalDisk> disks() {
        return disks.entrySet().stream()
                .map(e -> new LogicalDisk(
                        e.getKey(), e.getValue().device(), e.getValue().selector()))
                .toList();
    }

    /** Absolute mount points in the installed system, parents first. */
    public List<String> mountPoints() {
        return walk().map(n -> n.content().mountedAt())
                .flatMap(Stream::ofNullable)
                .sorted()
                .toList();
    }

    /** Paths on the installer of all files with key material, each once. */
    public List<String> keyFiles() {
        return walk().flatMap(n -> n.content().keyFiles().stream())
                .map(KeyFile::path)
                .distinct()
                .toList();
    }

    /**
     * Bytes of the partition or disk that will hold /nix/store, at most.
     *
     * @param planned the disks by the layout's names
     */
    public long storeBytes(Map<String, BlockDevice> planned) {
        List<Tree> way = wayTo("/nix/store");
        long bytes = planned.entrySet().stream()
                .filter(disk -> way.getFirst().on().at().equals(Disk.at(disk.getKey())))
                .mapToLong(disk -> disk.getValue().size())
                .sum();
        for (int i = 1; i < way.size(); i++) {
            bytes = way.get(i - 1).content().bytesFor(way.get(i).content(), bytes);
        }
        return bytes;
    }

    /** The nodes that lead to the file system that holds {@code path} of the installed system, that of the disk first. */
    List<Tree> wayTo(String path) {
        return mountPoints().stream()
                .filter(m -> m.equals("/") || (path + "/").startsWith(m + "/"))
                .reduce((shorter, longer) -> longer)
                .map(nearest -> trees(disks)
                        .flatMap(tree -> tree.wayTo(nearest).stream())
                        .toList())
                .orElse(List.of());
    }

    /** Programs that the installer must have for the scripts. */
    public Set<String> tools() {
        Set<String> tools = new TreeSet<>(Scripts.TOOLS);
        walk().forEach(n -> tools.addAll(n.content().tools()));
        return tools;
    }
}
