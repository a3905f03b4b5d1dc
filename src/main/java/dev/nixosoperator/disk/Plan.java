package dev.nixosoperator.disk;

import dev.nixosoperator.hash.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a person approves.
 *
 * @param hash hex SHA-256 over what is destroyed and made, the same before and after kexec
 * @param disks in byte order of their names
 * @param needsApproval something may be lost, or a disk cannot be told from another
 */
public record Plan(String hash, List<PlannedDisk> disks, List<String> warnings, boolean needsApproval) {

    private static final Pattern KERNEL_NAME =
            Pattern.compile("/dev/((s|v|xv|h)d[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+)");

    /** The rules of the design's safety page: no kernel names, mounts, holders or activation state go into the hash. */
    public static Plan of(Layout layout, Resolution.Resolved resolved, DmiUuid machine, DiskMode mode) {
        List<PlannedDisk> disks = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        var hashed = new StringBuilder("plan 1\n");
        line(hashed, "machine", machine.text());
        line(hashed, "layout", layout.hash());
        boolean approval = false;
        int number = 0;
        for (Map.Entry<String, Disk> entry : layout.byName().entrySet()) {
            BlockDevice device = device(resolved, entry.getKey());
            Disk disk = entry.getValue();
            Action action = Action.of(disk, mode);
            number++;
            disks.add(planned(layout, entry.getKey(), disk, number, device, action));
            hash(hashed, entry.getKey(), device, action);
            boolean nameless = device.serial() == null && device.wwn() == null;
            approval |= nameless || (action != Action.KEEP && !device.empty());
            warn(entry.getKey(), disk, device, nameless, warnings);
        }
        List<String> hooked =
                layout.walk().filter(Tree::hooked).map(t -> t.on().title()).toList();
        if (!hooked.isEmpty()) {
            warnings.add("hooks of the layout run as root on the installer, and the plan cannot tell what they do: "
                    + String.join(", ", hooked));
            approval = true;
        }
        List<String> programs = layout.walk()
                .filter(t -> t.content().runsPrograms())
                .map(t -> t.on().title())
                .toList();
        if (!programs.isEmpty()) {
            warnings.add("mounting runs a program as root on the installer, and the plan cannot tell what it does: "
                    + String.join(", ", programs));
        }
        approval |= !programs.isEmpty();
        return new Plan(Sha256.hex(hashed.toString()), List.copyOf(disks), List.copyOf(warnings), approval);
    }

    /** A disk has neither serial number nor WWN: nothing but its size tells it from another. */
    public boolean hasNameless() {
        return disks.stream().anyMatch(disk -> disk.serial() == null && disk.wwn() == null);
    }

    /** What is done to a disk. */
    private enum Action {
        WIPE("destroy and format"),
        ADD("create what is missing, keep the rest"),
        KEEP("mount, nothing is written by the scripts");

        private final String words;

        Action(String words) {
            this.words = words;
        }

        static Action of(Disk disk, DiskMode mode) {
            if (disk.isWiped(mode)) {
                return WIPE;
            }
            return disk.preserve() || mode == DiskMode.MOUNT ? KEEP : ADD;
        }
    }

    private static BlockDevice device(Resolution.Resolved resolved, String name) {
        BlockDevice device = resolved.disks().get(name);
        if (device == null) {
            throw new IllegalArgumentException("the resolution is of another layout: no disk " + name);
        }
        return device;
    }

    private static PlannedDisk planned(
            Layout layout, String name, Disk disk, int number, BlockDevice device, Action action) {
        List<String> result = disk.tree(name, number)
                .flatMap(tree -> Stream.concat(Stream.of(tree), layout.standingOn(tree).stream()))
                .flatMap(tree -> tree.content().lines(tree.on()))
                .toList();
        return new PlannedDisk(
                name,
                device.path(),
                device.serial(),
                device.wwn(),
                device.size(),
                device.model(),
                SeenContent.describe(device),
                action.words,
                result);
    }

    private static void hash(StringBuilder hashed, String name, BlockDevice device, Action action) {
        line(hashed, "disk", name);
        line(hashed, "action", action.name());
        Identity identity = Identity.of(device);
        line(hashed, identity.kind(), identity.name());
        line(hashed, "size", Long.toString(identity.size()));
        line(hashed, "blank", Boolean.toString(device.blank()));
        line(hashed, "table", String.valueOf(device.tableUuid()));
        signatures(hashed, "0", device.signatures());
        device.partitions().stream()
                .sorted(java.util.Comparator.comparingInt(BlockDevice.PartitionSeen::number))
                .forEach(p -> {
                    line(hashed, "partition", p.number() + " " + p.size());
                    signatures(hashed, Integer.toString(p.number()), p.signatures());
                });
    }

    private static void signatures(StringBuilder hashed, String where, List<Signature> signatures) {
        signatures.stream()
                .map(s -> where + " " + s.type() + " " + (s.uuid() == null ? "-" : s.uuid()))
                .sorted()
                .distinct()
                .forEach(s -> line(hashed, "signature", s));
    }

    /** A length in front, so that no value can look like two lines. */
    private static void line(StringBuilder hashed, String key, String value) {
        hashed.append(key)
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(value)
                .append('\n');
    }

    private static void warn(String name, Disk disk, BlockDevice device, boolean nameless, List<String> warnings) {
        String wanted = disk.device();
        if (wanted != null && KERNEL_NAME.matcher(wanted).matches()) {
            String better = device.stablePath().equals(wanted) ? "" : "; better: " + device.stablePath();
            warnings.add("disk " + name + ": " + wanted
                    + " is a name that may be another disk after a reboot; it is pinned to " + device.named() + better);
        }
        if (nameless) {
            warnings.add(
                    "disk " + name + ": " + device.path()
                            + " has neither serial number nor WWN, only its size tells it from others; approval is always needed");
        }
        List<String> mounts = device.allMounts().toList();
        if (!mounts.isEmpty()) {
            warnings.add("disk " + name + ": in use now by the running system: " + String.join(", ", mounts));
        }
    }
}
