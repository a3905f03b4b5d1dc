package dev.nixosoperator.disk;

import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is on a disk now, for people: {@code gpt: vda1 vfat "EFI", vda2 ext4}. */
final class SeenContent {
    private static final Set<String> TABLE_NOISE = Set.of("PMBR");

    private SeenContent() {}

    static String describe(BlockDevice disk) {
        if (disk.empty()) {
            return "empty";
        }
        String own = types(disk.signatures());
        String parts = disk.partitions().stream().map(SeenContent::partition).collect(Collectors.joining(", "));
        String seen = Stream.of(own, parts).filter(s -> !s.isEmpty()).collect(Collectors.joining(": "));
        return seen.isEmpty() ? "data that is not recognised" : seen;
    }

    private static String partition(PartitionSeen p) {
        String types = types(p.signatures());
        String label = p.signatures().stream()
                .map(Signature::label)
                .filter(Objects::nonNull)
                .findFirst()
                .map(l -> " \"" + l.replaceAll("\\p{Cntrl}", "?") + "\"")
                .orElse("");
        return p.kernelName() + " " + (types.isEmpty() ? "unformatted" : types) + label;
    }

    private static String types(List<Signature> signatures) {
        return signatures.stream()
                .map(Signature::type)
                .filter(t -> !TABLE_NOISE.contains(t))
                .distinct()
                .collect(Collectors.joining("+"));
    }
}
