package dev.nixosoperator.disk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Rules that span the whole tree. */
final class LayoutRules {
    private final Devices devices;
    private final List<Tree> trees;
    private final List<Tree> nodes;
    private final Findings findings;
    private final Map<String, At> seen = new HashMap<>();

    /** @param trees of the devices */
    LayoutRules(Devices devices, List<Tree> trees, Findings findings) {
        this.devices = devices;
        this.trees = trees;
        this.nodes = trees.stream().flatMap(Tree::walk).toList();
        this.findings = findings;
    }

    /** @param needsRoot as a machine does that lives on it */
    void check(boolean needsRoot) {
        if (devices.disks().isEmpty()) {
            findings.add(Devices.DISKS, "missing; allowed: at least one disk");
        }
        devices.disks().forEach((key, disk) -> {
            At at = Devices.DISKS.child(key);
            disk.check(at, findings);
            if (disk.destroy()) {
                nodes.stream()
                        .filter(node -> node.on().at().equals(Disk.at(key)))
                        .flatMap(node -> node.content().preserves(node.on()))
                        .forEach(place -> findings.add(
                                place.child(Preserved.OPTION.name()),
                                "found true; allowed with destroy: false on the disk, else all of it is wiped"));
            }
            if (disk.device() != null) {
                claim(new Claim(at.child("device"), "device", disk.device()));
            }
        });
        nodes.forEach(n -> n.content().check(n.on(), findings));
        nodes.stream().flatMap(n -> n.content().claims(n.on())).forEach(this::claim);
        owners();
        members();
        Preserved.of(devices, trees).check(findings);
        if (needsRoot && nodes.stream().noneMatch(n -> n.content().mountPoints().contains("/"))) {
            findings.add(At.DEVICES, "no root file system; allowed: exactly one node with mountpoint '/'");
        }
        for (String path : List.of("/nix/store", Scripts.MARKER)) {
            List<Tree> way = Location.of(trees, path).way();
            if (!way.isEmpty() && !way.getLast().content().lasts()) {
                findings.add(
                        way.getLast().on().at(),
                        "holds " + path
                                + ", which must outlive a reboot; allowed: another mount point, or /nix on a disk");
            }
            if (!way.isEmpty() && way.getLast().content().shows() != null) {
                findings.add(
                        way.getLast().on().at(),
                        "bind mounts show each other, and " + path + " lies nowhere; allowed: a path on a disk");
            }
        }
    }

    /** Members and what they belong to are joined by name. */
    private void owners() {
        List<Devices.Keyed> owners = devices.owners().toList();
        Set<On> joined = new HashSet<>();
        nodes.stream()
                .filter(node -> node.content() instanceof Owned)
                .forEach(node -> joined.addAll(((Owned) node.content()).standsOn()));
        for (Tree node : nodes) {
            if (!(node.content() instanceof Member member)) {
                continue;
            }
            if (owners.stream().noneMatch(owner -> owner.has(member))) {
                String names = Findings.some(owners.stream()
                        .filter(owner -> owner.owner().map().equals(member.map()))
                        .map(Devices.Keyed::name)
                        .toList());
                findings.add(
                        node.on().at(),
                        "belongs to " + Findings.shown(member.owner()) + ", which is not in " + member.map()
                                + "; allowed: " + (names.isEmpty() ? "none, there is none" : names));
            } else if (!joined.contains(node.on())) {
                findings.add(node.on().at(), "belongs to " + Findings.shown(member.owner()) + ", and stands on it");
            }
        }
        for (Devices.Keyed owner : owners) {
            if (nodes.stream().noneMatch(node -> node.content() instanceof Member member && owner.has(member))) {
                findings.add(
                        owner.at(),
                        "has no members; allowed: at least one, of type "
                                + owner.owner().member().type());
            }
        }
    }

    /** What a node takes for itself must be of this layout, left raw, and made before; nobody else takes it. */
    private void members() {
        Set<String> raw = new TreeSet<>();
        for (Tree node : nodes) {
            for (String member : node.content().members()) {
                if (!raw.remove(member)) {
                    findings.add(
                            node.on().at(),
                            "found the device " + Findings.shown(member) + "; allowed: "
                                    + (raw.isEmpty()
                                            ? "none, no device of this layout is left raw before"
                                            : Findings.some(raw)));
                }
            }
            node.content().leavesRaw(node.on()).forEach(raw::add);
        }
    }

    private void claim(Claim claim) {
        At first = seen.putIfAbsent(claim.kind() + "\0" + claim.value(), claim.at());
        if (first != null) {
            findings.add(
                    claim.at(),
                    claim.kind() + " " + Findings.shown(claim.value()) + " is already used by " + first.path());
        }
    }
}
