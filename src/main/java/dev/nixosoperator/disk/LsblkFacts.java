package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lsblk alone says, in the form of {@code block-devices.sh}. lsblk tells udev's memory and no probe: so no disk is known to be empty,
 * the volume groups of LVM members are unknown, and of the links below /dev/disk there is one at most.
 */
final class LsblkFacts {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** In the place of a type where nothing is known. */
    static final String NOT_PROBED = "not probed";

    private final ObjectNode document = JSON.objectNode();
    private final ArrayNode probes = document.putArray("probes");
    private final ArrayNode links = document.putArray("links");

    /** What is mounted by the kernel's name of its device, where udev may not know it: with {@code fstype} and perhaps {@code uuid}. */
    private final Map<String, JsonNode> mounted;

    private LsblkFacts(Map<String, JsonNode> mounted) {
        this.mounted = mounted;
    }

    static JsonNode complete(JsonNode lsblk) {
        return complete(lsblk, Map.of());
    }

    private static JsonNode complete(JsonNode lsblk, Map<String, JsonNode> mounted) {
        var facts = new LsblkFacts(mounted);
        facts.document.set("lsblk", lsblk);
        lsblk.path("blockdevices").forEach(facts::add);
        return facts.document;
    }

    /** For what {@code block-devices.sh unprobed} printed: udev's memory, and the kernel's of what is mounted, in the place of the probes. */
    static JsonNode unprobed(JsonNode document) {
        Map<String, JsonNode> mounted = new HashMap<>();
        document.path("mounted").forEach(one -> mounted.put(one.path("kname").asText(), one));
        ObjectNode whole = document.deepCopy();
        ArrayNode probes = (ArrayNode) complete(document.path("lsblk"), mounted).path("probes");
        whole.set("probes", probes);
        // The holders of a member tell its group; one that is not active is in nobody's way, for nothing is wiped here.
        ArrayNode members = whole.putArray("pvs");
        probes.forEach(probe -> members.addObject()
                .put("pv", "/dev/" + probe.path("kname").asText())
                .put("vg", ""));
        return whole;
    }

    /** What is missing for a plan; null: nothing. */
    static @Nullable String problem(JsonNode lsblk) {
        for (JsonNode device : lsblk.path("blockdevices")) {
            boolean named = !device.path("kname").asText().isEmpty()
                    && !device.path("path").asText().isEmpty()
                    && !device.path("type").asText().isEmpty();
            if (!named || !device.path("size").asText().matches("[0-9]+") || !device.has("fstype")) {
                return "a device without kname, path, type, fstype or a size in bytes; this needs the output of"
                        + " lsblk --json --bytes --output-all";
            }
        }
        return null;
    }

    private void add(JsonNode device) {
        String kname = device.path("kname").asText();
        ObjectNode probe = probes.addObject().put("kname", kname);
        ArrayNode signatures = probe.putObject("signatures").putArray("signatures");
        // lsblk says it of a partition, too, and means the table that it is in.
        boolean whole = !device.path("type").asText().equals("part");
        if (whole) {
            probe.put("ptuuid", device.path("ptuuid").asText(""));
            signature(signatures, device.path("pttype"), device.path("ptuuid"), JSON.nullNode());
        }
        JsonNode content = device.path("fstype").isTextual() ? device : mounted.getOrDefault(kname, device);
        JsonNode uuid = content.has("uuid") ? content.path("uuid") : device.path("uuid");
        signature(signatures, content.path("fstype"), uuid, device.path("label"));
        if (signatures.isEmpty()) {
            signatures.addObject().put("type", NOT_PROBED);
        }
        if (device.path("id-link").isTextual()) {
            links.addObject()
                    .put("link", "/dev/disk/by-id/" + device.path("id-link").textValue())
                    .put("target", device.path("path").asText());
        }
        device.path("children").forEach(this::add);
    }

    private static void signature(ArrayNode signatures, JsonNode type, JsonNode uuid, JsonNode label) {
        if (type.isTextual()) {
            signatures
                    .addObject()
                    .put("type", type.textValue())
                    .<ObjectNode>set("uuid", uuid)
                    .set("label", label);
        }
    }
}
