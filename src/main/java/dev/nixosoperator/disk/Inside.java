package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a running system tells of its file systems and lsblk does not know.
 *
 * @param built arrays and volumes of ZFS
 * @param subvolumes their paths in each mounted btrfs, by its UUID
 * @param files of those that were asked for; null = none were
 * @param datasets of all imported pools, with the pool in front; null = not told
 * @param unfinished paths of the layout whose addition was begun and did not come to its end
 */
public record Inside(
        List<BlockDevice> built,
        Map<String, Set<String>> subvolumes,
        @Nullable Set<String> files,
        @Nullable Set<String> datasets,
        Set<String> unfinished) {
    static final Inside UNKNOWN = new Inside(List.of(), Map.of(), null, null, Set.of());

    /** Of the document of {@code block-devices.sh}, which tells it only of an installed machine. */
    static Inside of(JsonNode document, List<BlockDevice> built) {
        Map<String, Set<String>> subvolumes = new HashMap<>();
        document.path("subvolumes")
                .forEach(btrfs -> subvolumes.put(btrfs.path("uuid").asText(), texts(btrfs.path("paths"))));
        return new Inside(
                built,
                subvolumes,
                given(document.path("files")),
                given(document.path("datasets")),
                texts(document.path("unfinished")));
    }

    /** What this link leads to. */
    Optional<BlockDevice> at(String link) {
        return built.stream().filter(device -> device.links().contains(link)).findFirst();
    }

    /** Whether an addition was making this, or what it is in. */
    boolean isUnfinished(At at) {
        return !unfinished.isEmpty() && at.above().anyMatch(place -> unfinished.contains(place.path()));
    }

    private static @Nullable Set<String> given(JsonNode list) {
        return list.isArray() ? texts(list) : null;
    }

    private static Set<String> texts(JsonNode list) {
        return Json.items(list).stream().map(JsonNode::asText).collect(Collectors.toSet());
    }
}
