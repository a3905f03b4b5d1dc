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
 * @param arrays how they are, by the kernel's name
 * @param subvolumes their paths in each mounted btrfs, by its UUID
 * @param files of those that were asked for, with their bytes; null = none were
 * @param datasets of all imported pools, with the pool in front; null = not told
 * @param unfinished paths of the layout whose addition was begun and did not come to its end
 */
public record Inside(
        List<BlockDevice> built,
        Map<String, ArrayState> arrays,
        Map<String, Set<String>> subvolumes,
        @Nullable Map<String, Long> files,
        @Nullable Set<String> datasets,
        Set<String> unfinished) {
    static final Inside UNKNOWN = new Inside(List.of(), Map.of(), Map.of(), null, null, Set.of());

    /**
     * @param level raid1, raid5 …
     * @param members that it is made for
     * @param missing of them
     */
    record ArrayState(String level, int members, int missing) {}

    /** Of the document of {@code block-devices.sh}, which tells it only of an installed machine. */
    static Inside of(JsonNode document, List<BlockDevice> built) {
        Map<String, Set<String>> subvolumes = new HashMap<>();
        document.path("subvolumes")
                .forEach(btrfs -> subvolumes.put(btrfs.path("uuid").asText(), texts(btrfs.path("paths"))));
        Map<String, ArrayState> arrays = new HashMap<>();
        document.path("arrays")
                .forEach(array -> arrays.put(
                        array.path("kname").asText(),
                        new ArrayState(
                                array.path("level").asText(),
                                array.path("members").asInt(),
                                array.path("missing").asInt())));
        return new Inside(
                built,
                arrays,
                subvolumes,
                files(document.path("files")),
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

    /** Each is its size, a blank, and its path. */
    private static @Nullable Map<String, Long> files(JsonNode list) {
        if (!list.isArray()) {
            return null;
        }
        return Json.items(list).stream()
                .map(line -> line.asText().split(" ", 2))
                .filter(words -> words.length == 2 && words[0].matches("[0-9]{1,18}"))
                .collect(Collectors.toMap(words -> words[1], words -> Long.valueOf(words[0]), (one, same) -> one));
    }

    private static @Nullable Set<String> given(JsonNode list) {
        return list.isArray() ? texts(list) : null;
    }

    private static Set<String> texts(JsonNode list) {
        return Json.items(list).stream().map(JsonNode::asText).collect(Collectors.toSet());
    }
}
