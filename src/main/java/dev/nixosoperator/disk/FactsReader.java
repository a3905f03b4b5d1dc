package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.nixosoperator.disk.BlockDevice.Holder;
import dev.nixosoperator.disk.BlockDevice.PartitionSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the document of {@code block-devices.sh}, version 1. */
final class FactsReader {
    /** lsblk calls zram, volumes of ZFS and network block devices without a peer disks too. */
    private static final Pattern NOT_A_DISK = Pattern.compile("(loop|ram|zram|sr|fd|zd)[0-9]+");

    private static final Pattern BUILT = Pattern.compile("(md|zd)[0-9]+|md_.+");

    /** The kernel counts in these, whatever the disk has. */
    private static final long SECTOR = 512;

    private static final Pattern PARTITION_NUMBER = Pattern.compile("(?:.*[0-9]p|[^0-9]*)([0-9]{1,3})");

    private final JsonNode document;
    private final Map<String, JsonNode> probes = new HashMap<>();
    private final Map<String, List<String>> links = new HashMap<>();
    private final Map<String, String> groups = new HashMap<>();
    private final Map<String, Long> starts = new HashMap<>();

    FactsReader(JsonNode document) {
        this.document = document;
        document.path("probes").forEach(p -> probes.put(p.path("kname").asText(), p));
        document.path("links")
                .forEach(l -> links.computeIfAbsent(l.path("target").asText(), t -> new ArrayList<>())
                        .add(l.path("link").asText()));
        document.path("pvs")
                .forEach(p -> groups.put(p.path("pv").asText(), p.path("vg").asText()));
        document.path("starts")
                .forEach(p ->
                        starts.put(p.path("kname").asText(), p.path("sectors").asLong() * SECTOR));
    }

    List<BlockDevice> disks() {
        return Json.items(document.path("lsblk").path("blockdevices")).stream()
                .filter(d -> d.path("type").asText().equals("disk"))
                .filter(d -> !NOT_A_DISK.matcher(d.path("kname").asText()).matches())
                .filter(d -> d.path("size").asLong() > 0)
                .map(this::disk)
                .toList();
    }

    /** Arrays and volumes of ZFS: they may be partitioned, too. */
    List<BlockDevice> built() {
        Map<String, JsonNode> found = new TreeMap<>();
        gather(document.path("lsblk").path("blockdevices"), found);
        return found.values().stream().map(this::disk).toList();
    }

    /** Each array stands below each of its members. */
    private static void gather(JsonNode devices, Map<String, JsonNode> found) {
        devices.forEach(device -> {
            String kernelName = device.path("kname").asText();
            if (BUILT.matcher(kernelName).matches() && !isPartition(device)) {
                found.put(kernelName, device);
            }
            gather(device.path("children"), found);
        });
    }

    private BlockDevice disk(JsonNode d) {
        String kernelName = d.path("kname").asText();
        String path = d.path("path").asText();
        JsonNode probe = probes.getOrDefault(kernelName, MissingNode.getInstance());
        String serial = Json.text(d, "serial");
        return new BlockDevice(
                kernelName,
                path,
                serial == null ? Json.text(probe, "serial") : serial,
                Json.text(d, "wwn"),
                d.path("size").asLong(),
                new Hardware(
                        Json.text(d, "model"),
                        Json.text(d, "vendor"),
                        Json.text(d, "tran"),
                        known(d, "rota"),
                        known(d, "rm")),
                signatures(probe),
                Json.text(probe, "ptuuid"),
                blank(probe),
                flag(d, "ro"),
                children(d)
                        .filter(FactsReader::isPartition)
                        .map(this::partition)
                        .toList(),
                mounts(d),
                children(d).filter(c -> !isPartition(c)).flatMap(this::holders).toList(),
                links.getOrDefault(path, List.of()).stream().sorted().toList(),
                groups.get(path));
    }

    private PartitionSeen partition(JsonNode p) {
        String kernelName = p.path("kname").asText();
        String path = p.path("path").asText();
        Matcher number = PARTITION_NUMBER.matcher(kernelName);
        return new PartitionSeen(
                kernelName,
                path,
                number.matches() ? Integer.parseInt(number.group(1)) : 0,
                starts.get(kernelName),
                p.path("size").asLong(),
                entry(p),
                signatures(probes.getOrDefault(kernelName, MissingNode.getInstance())),
                mounts(p),
                children(p).flatMap(this::holders).toList(),
                links.getOrDefault(path, List.of()),
                groups.get(path));
    }

    private static PartitionEntry entry(JsonNode p) {
        return new PartitionEntry(Json.text(p, "partlabel"), lower(p, "partuuid"), lower(p, "parttype"), attributes(p));
    }

    private static @Nullable String lower(JsonNode p, String field) {
        String text = Json.text(p, field);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** lsblk shows them as {@code 0x4}, and nothing where none is set. */
    private static String attributes(JsonNode p) {
        String flags = Objects.requireNonNullElse(Json.text(p, "partflags"), "0x0");
        return flags.matches("0x[0-9a-fA-F]{1,16}")
                ? "%016X".formatted(Long.parseUnsignedLong(flags.substring(2), 16))
                : flags;
    }

    /** blkid exits with 2 when it finds nothing, and with 8 when it finds too much to tell. */
    private static boolean blank(JsonNode probe) {
        return probe.path("blkid").asInt(0) == 2
                && probe.path("signatures").path("signatures").isArray()
                && probe.path("signatures").path("signatures").isEmpty()
                && probe.path("zeroFirst").asBoolean()
                && probe.path("zeroLast").asBoolean();
    }

    private static List<Signature> signatures(JsonNode probe) {
        JsonNode list = probe.path("signatures").path("signatures");
        if (!list.isArray()) {
            return List.of(new Signature("unreadable", null, null));
        }
        return Json.items(list).stream()
                .map(s -> new Signature(s.path("type").asText(), Json.text(s, "uuid"), Json.text(s, "label")))
                .distinct()
                .toList();
    }

    private static boolean isPartition(JsonNode child) {
        return child.path("type").asText().equals("part");
    }

    private static Stream<JsonNode> children(JsonNode device) {
        return Json.items(device.path("children")).stream();
    }

    private Stream<Holder> holders(JsonNode device) {
        String kernelName = device.path("kname").asText();
        var holder = new Holder(
                kernelName,
                device.path("name").asText(),
                device.path("type").asText(),
                device.path("size").asLong(),
                signatures(probes.getOrDefault(kernelName, MissingNode.getInstance())),
                mounts(device));
        return Stream.concat(Stream.of(holder), children(device).flatMap(this::holders));
    }

    /** util-linux 2.37 and newer print {@code mountpoints} when asked; older ones know one. */
    private static List<String> mounts(JsonNode device) {
        String one = Json.text(device, "mountpoint");
        return Stream.concat(
                        Stream.ofNullable(one),
                        Json.items(device.path("mountpoints")).stream()
                                .map(m -> m.isTextual() ? m.textValue() : null)
                                .filter(Objects::nonNull))
                .distinct()
                .toList();
    }

    /** Null when the field is absent or null. */
    private static @Nullable Boolean known(JsonNode device, String field) {
        return device.hasNonNull(field) ? Boolean.valueOf(flag(device, field)) : null;
    }

    /** Old versions print booleans as "0" and "1". */
    private static boolean flag(JsonNode device, String field) {
        JsonNode value = device.path(field);
        return value.asBoolean() || value.asText().equals("1");
    }
}
