package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.hash.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A layout without findings: {@code spec.devices} of a DiskLayout, the tree of disko's {@code disko.devices}. */
public final class Layout {
    private final Devices devices;
    private final List<Tree> trees;
    private final Preserved preserved;
    private final JsonNode given;
    private final String hash;

    private Layout(Devices devices, List<Tree> trees, JsonNode given, String hash) {
        this.devices = devices;
        this.trees = trees;
        this.preserved = Preserved.of(devices, trees);
        this.given = given;
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
        return parse(devices, false);
    }

    /** What is asked of a layout that a machine is to live on: a root, too. */
    public static Parsed parseForMachine(JsonNode devices) {
        return parse(devices, true);
    }

    private static Parsed parse(JsonNode devices, boolean needsRoot) {
        var findings = new Findings();
        Devices read = Devices.TYPE.read(devices, At.DEVICES, findings);
        if (read == null) {
            return new Parsed(null, findings.list());
        }
        // Who stands on whom is not told for nothing where there are hundreds.
        List<Tree> trees = read.trees().toList();
        new LayoutRules(read, trees, findings).check(needsRoot);
        if (!findings.none()) {
            return new Parsed(null, findings.list());
        }
        String hash = Sha256.hex(Json.compact(Devices.TYPE.normal(devices)));
        return new Parsed(new Layout(read, trees, devices.deepCopy(), hash), List.of());
    }

    /** The outermost nodes, in the order of creation. */
    Stream<Tree> trees() {
        return trees.stream();
    }

    /** All nodes, parents first; disks in byte order of their names. */
    Stream<Tree> walk() {
        return trees().flatMap(Tree::walk);
    }

    Preserved preserved() {
        return preserved;
    }

    Map<String, Disk> byName() {
        return devices.disks();
    }

    /** The tree that was read. */
    JsonNode given() {
        return given;
    }

    /** All that comes of it, in one text: two layouts with the same do the same. */
    String meaning() {
        return ScriptWriter.ofNames(this).scripts() + NixosModule.nixosJson(this);
    }

    /** Hex SHA-256 of what the layout means: the order of keys and values that equal a default do not count. */
    public String hash() {
        return hash;
    }

    /** Disks in byte order of their names. */
    public List<LogicalDisk> disks() {
        return devices.disks().entrySet().stream()
                .map(e -> new LogicalDisk(
                        e.getKey(), e.getValue().device(), e.getValue().selector()))
                .toList();
    }

    /** Absolute mount points in the installed system, parents first. */
    public List<String> mountPoints() {
        return walk().flatMap(n -> n.content().mountPoints().stream()).sorted().toList();
    }

    /** Absolute, in the installed system. */
    public List<String> swapFiles() {
        return walk().flatMap(n -> n.content().swapFiles()).toList();
    }

    /** All files on the installer with key material, each once for each way it is read. */
    public List<KeyFile> keyFiles() {
        return walk().flatMap(n -> n.content().keyFiles().stream()).distinct().toList();
    }

    /** How each LUKS device is opened. */
    public List<Unlock> unlocks() {
        return walk().map(Tree::content)
                .filter(Luks.class::isInstance)
                .map(luks -> ((Luks) luks).unlock())
                .toList();
    }

    /**
     * Bytes of the partition or disk that will hold /nix/store, at most: of all disks together where several devices hold it.
     *
     * @param planned the disks by the layout's names
     */
    public long storeBytes(Map<String, BlockDevice> planned) {
        List<Tree> way = locate("/nix/store").way();
        int shared = 0;
        boolean several = false;
        for (int i = 0; i < way.size(); i++) {
            if (!way.get(i).content().members().isEmpty()) {
                shared = i;
                several = true;
            }
        }
        boolean all = several;
        long bytes = planned.entrySet().stream()
                .filter(disk -> all || way.getFirst().on().at().equals(Disk.at(disk.getKey())))
                .mapToLong(disk -> disk.getValue().size())
                .sum();
        for (int i = shared + 1; i < way.size(); i++) {
            bytes = way.get(i - 1).content().bytesFor(way.get(i).content(), bytes);
        }
        return bytes;
    }

    /** What else comes of a tree: all that stands on what is in it, by however many steps. */
    List<Tree> standingOn(Tree below) {
        List<Tree> found = new ArrayList<>(List.of(below));
        trees().filter(tree -> tree.content() instanceof Owned owned
                        && found.stream().flatMap(Tree::walk).anyMatch(node -> owned.standsOn()
                                .contains(node.on())))
                .forEach(found::add);
        return found.subList(1, found.size());
    }

    Location locate(String path) {
        return Location.of(trees, path);
    }

    /** Programs that the installer must have for the scripts. */
    public Set<String> tools() {
        Set<String> tools = new TreeSet<>(Scripts.TOOLS);
        walk().forEach(n -> tools.addAll(n.content().tools()));
        return tools;
    }
}
