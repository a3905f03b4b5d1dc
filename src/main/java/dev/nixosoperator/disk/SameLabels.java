package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import dev.nixosoperator.disk.Resolution.Problem;
import dev.nixosoperator.disk.Resolution.Unresolved;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** NixOS finds partitions by their label or UUID: what stays on the machine must not answer to one that the layout makes. */
final class SameLabels {
    private SameLabels() {}

    /**
     * Null when there is none.
     *
     * @param chosen by the layout's names
     * @param kept disks of the machine that are not wiped
     */
    static @Nullable Unresolved find(Layout layout, Map<String, BlockDevice> chosen, List<BlockDevice> kept) {
        return layout.walk()
                .filter(node -> node.content() instanceof Gpt && node.on().partitions() == null)
                .flatMap(node -> ((Gpt) node.content()).numbered().stream().flatMap(made -> kept.stream()
                        .filter(disk -> !disk.equals(own(node.on(), chosen)))
                        .flatMap(disk -> told(made, node.on(), disk).stream())))
                .findFirst()
                .map(message -> new Unresolved(Problem.AMBIGUOUS, message))
                .orElse(null);
    }

    /** The disk on which the table stands: it may carry its own labels already. */
    private static @Nullable BlockDevice own(On table, Map<String, BlockDevice> chosen) {
        return chosen.entrySet().stream()
                .filter(disk -> Disk.at(disk.getKey()).equals(table.at()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static Optional<String> told(Gpt.Numbered made, On table, BlockDevice disk) {
        String label = made.label(table);
        String uuid = made.partition().uuid();
        for (PartitionSeen seen : disk.partitions()) {
            if (label.equals(seen.entry().label())) {
                return Optional.of(told(made.title(table), "label", label, seen, disk));
            }
            if (uuid != null && uuid.equalsIgnoreCase(seen.entry().uuid())) {
                return Optional.of(told(made.title(table), "uuid", uuid, seen, disk));
            }
        }
        return Optional.empty();
    }

    private static String told(String made, String what, String value, PartitionSeen seen, BlockDevice disk) {
        return made + " would have the " + what + " " + Findings.shown(value) + ", as " + seen.path() + " of "
                + disk.named() + " has, which is not wiped; give one of them another " + what;
    }
}
