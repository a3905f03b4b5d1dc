package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Resolution.Problem;
import dev.nixosoperator.disk.Resolution.Resolved;
import dev.nixosoperator.disk.Resolution.Unresolved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One resolution. Every check must pass for every disk; the first that fails is told. */
final class Resolver {
    /** GPT at both ends and alignment. */
    private static final long TABLE_BYTES = 2L << 20;

    /** Of many disks, in a message. */
    private static final int MOST_TOLD = 16;

    private final Layout layout;
    private final List<DiskBinding> bindings;
    private final BlockDevices machine;

    Resolver(Layout layout, List<DiskBinding> bindings, BlockDevices machine) {
        this.layout = layout;
        this.bindings = List.copyOf(bindings);
        this.machine = machine;
    }

    Resolution resolve(DiskMode mode) {
        Resolution matched = match();
        Unresolved problem = matched instanceof Resolved resolved ? judge(resolved.disks(), mode) : null;
        return problem == null ? matched : problem;
    }

    Resolution match() {
        String unreadable = machine.problem();
        if (unreadable != null) {
            return new Unresolved(Problem.NOT_FOUND, unreadable);
        }
        for (DiskBinding binding : bindings) {
            if (!layout.byName().containsKey(binding.name())) {
                return new Unresolved(
                        Problem.NOT_FOUND,
                        "disks[] names " + Findings.shown(binding.name()) + ", but the layout has only: "
                                + String.join(", ", layout.byName().keySet()));
            }
        }
        Map<String, BlockDevice> chosen = new TreeMap<>();
        for (Layout.LogicalDisk disk : layout.disks()) {
            DiskBinding binding = bound(disk);
            List<BlockDevice> matches = machine.disks().stream()
                    .filter(d -> misses(binding, d).isEmpty())
                    .toList();
            if (matches.size() != 1) {
                return notOne(binding, matches);
            }
            chosen.put(disk.name(), matches.getFirst());
        }
        return new Resolved(Collections.unmodifiableMap(chosen));
    }

    private DiskBinding bound(Layout.LogicalDisk disk) {
        return bindings.stream()
                .filter(b -> b.name().equals(disk.name()))
                .findFirst()
                .orElse(new DiskBinding(disk.name(), disk.device(), disk.selector()));
    }

    /** What a disk fails at; empty: it matches. */
    private List<String> misses(DiskBinding binding, BlockDevice disk) {
        List<String> misses = new ArrayList<>();
        String device = binding.device();
        Selector selector = binding.selector();
        if (device == null && selector == null) {
            misses.add("nothing is asked for");
        }
        if (device != null && !device.equals(disk.path()) && !disk.links().contains(device)) {
            misses.add("not " + device);
        }
        if (selector != null) {
            misses.addAll(selector.misses(disk, machine));
        }
        return misses;
    }

    private Unresolved notOne(DiskBinding binding, List<BlockDevice> matches) {
        String wanted = "disk " + Findings.shown(binding.name()) + " (" + criteria(binding) + ")";
        if (matches.size() > 1) {
            return new Unresolved(Problem.AMBIGUOUS, wanted + " matches several: " + named(matches));
        }
        String device = binding.device();
        for (BlockDevice disk : machine.disks()) {
            for (BlockDevice.PartitionSeen p : disk.partitions()) {
                if (p.path().equals(device) || (device != null && p.links().contains(device))) {
                    return new Unresolved(
                            Problem.PARTITION_NOT_DISK,
                            wanted + " is partition " + p.path() + " of " + disk.named() + "; a whole disk is needed");
                }
            }
        }
        return new Unresolved(Problem.NOT_FOUND, wanted + " matches none of the machine's disks: " + rejected(binding));
    }

    private static String criteria(DiskBinding binding) {
        String device = binding.device();
        Selector selector = binding.selector();
        if (device == null && selector == null) {
            return "neither device nor selector is given";
        }
        return (device == null ? "" : device)
                + (device == null || selector == null ? "" : ", ")
                + (selector == null ? "" : selector.isEmpty() ? "empty selector" : selector.toString());
    }

    /** Each disk with what it fails at. */
    private String rejected(DiskBinding binding) {
        List<BlockDevice> disks = machine.disks();
        String told = disks.stream()
                .limit(MOST_TOLD)
                .map(disk -> disk.named() + ": " + String.join(", ", misses(binding, disk)))
                .collect(Collectors.joining("; "));
        int more = disks.size() - MOST_TOLD;
        return disks.isEmpty() ? "none" : more > 0 ? told + "; and %d more".formatted(more) : told;
    }

    private static String named(List<BlockDevice> disks) {
        return disks.isEmpty() ? "none" : disks.stream().map(BlockDevice::named).collect(Collectors.joining(", "));
    }

    private @Nullable Unresolved judge(Map<String, BlockDevice> chosen, DiskMode mode) {
        Map<String, String> taken = new HashMap<>();
        for (Map.Entry<String, BlockDevice> entry : chosen.entrySet()) {
            BlockDevice device = entry.getValue();
            String wanted = "disk " + Findings.shown(entry.getKey());
            String other = taken.putIfAbsent(device.kernelName(), wanted);
            if (other != null) {
                return new Unresolved(
                        Problem.SAME_DISK_TWICE, wanted + " and " + other + " are both " + device.named());
            }
            if (hasTwin(device)) {
                return new Unresolved(
                        Problem.AMBIGUOUS,
                        wanted
                                + " cannot be told from another disk of the same size and the same WWN or, without one, serial number: "
                                + device.named());
            }
            if (device.readOnly()) {
                return new Unresolved(Problem.READ_ONLY, wanted + " is read-only: " + device.named());
            }
            Content content = entry(entry.getKey()).content();
            long needed = content == null ? 0 : content.minimumBytes();
            if (needed > device.size() - TABLE_BYTES) {
                return new Unresolved(
                        Problem.TOO_SMALL,
                        wanted + " needs " + Bytes.human(needed) + " for its partitions; found " + device.named());
            }
        }
        List<BlockDevice> wiped = chosen.entrySet().stream()
                .filter(disk -> entry(disk.getKey()).isWiped(mode))
                .map(Map.Entry::getValue)
                .toList();
        Unresolved foreign =
                ForeignPools.find(List.copyOf(chosen.values()), machine.disks(), "the layout does not plan");
        // What is kept is planned too, and must not lose what it shares with a disk that is wiped.
        Unresolved shared = foreign == null ? ForeignPools.find(wiped, machine.disks(), "is not wiped") : foreign;
        return shared == null ? SameLabels.find(layout, chosen, kept(wiped)) : shared;
    }

    private List<BlockDevice> kept(List<BlockDevice> wiped) {
        return machine.disks().stream().filter(disk -> !wiped.contains(disk)).toList();
    }

    /** Kernel names change through kexec; two disks that differ in nothing else could change places. */
    private boolean hasTwin(BlockDevice device) {
        return machine.disks().stream()
                .anyMatch(other -> !other.kernelName().equals(device.kernelName())
                        && Identity.of(other).equals(Identity.of(device)));
    }

    private Disk entry(String name) {
        Disk disk = layout.byName().get(name);
        if (disk == null) {
            throw new IllegalStateException("only disks of the layout are chosen");
        }
        return disk;
    }
}
