package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disks of a machine as {@code block-devices.sh} saw them.
 *
 * @param disks whole disks; loop, ram, rom and zram devices are none
 * @param inside what lsblk does not know; only of an installed machine
 * @param problem why the facts cannot be trusted; null = they can
 */
public record BlockDevices(List<BlockDevice> disks, Inside inside, @Nullable String problem) {
    BlockDevices(List<BlockDevice> disks, @Nullable String problem) {
        this(disks, Inside.UNKNOWN, problem);
    }

    /** Never throws: what cannot be read is a {@code problem}, and then no disk resolves. */
    public static BlockDevices parse(String json) {
        JsonNode document = Json.parse(json);
        if (document == null || !document.path("lsblk").path("blockdevices").isArray()) {
            return unusable("the description of the disks is not readable");
        }
        return known(document.path("probes").isArray() ? document : LsblkFacts.unprobed(document));
    }

    /** The same from {@code lsblk --json --bytes --output-all} alone: less is known, and no disk counts as empty. */
    public static BlockDevices ofLsblk(String json) {
        JsonNode document = Json.parse(json);
        if (document == null || !document.path("blockdevices").isArray()) {
            return unusable("the description of the disks is not readable");
        }
        String problem = LsblkFacts.problem(document);
        return problem == null ? known(LsblkFacts.complete(document)) : unusable(problem);
    }

    private static BlockDevices known(JsonNode document) {
        var facts = new FactsReader(document);
        return new BlockDevices(facts.disks(), Inside.of(document, facts.built()), null);
    }

    private static BlockDevices unusable(String problem) {
        return new BlockDevices(List.of(), problem);
    }

    /** Whether it is lsblk's own document. */
    public static boolean isLsblk(String json) {
        JsonNode document = Json.parse(json);
        return document != null && document.path("blockdevices").isArray();
    }
}
