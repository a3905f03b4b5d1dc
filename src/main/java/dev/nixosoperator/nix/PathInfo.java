package dev.nixosoperator.nix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store says of a path.
 *
 * @param narHash SRI ({@code sha256-…}) or {@code sha256:} with Nix's base 32
 * @param narSize bytes, unpacked as an archive; near to what it takes on a disk
 * @param references paths as the store writes them
 * @param signatures {@code KEYNAME:BASE64}
 * @param contentAddressed its name follows from its content: needs no signature
 */
public record PathInfo(
        String path,
        String narHash,
        long narSize,
        List<String> references,
        List<String> signatures,
        boolean contentAddressed) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public PathInfo {
        references = List.copyOf(references);
        signatures = List.copyOf(signatures);
    }

    /** As a cache tells it. */
    public static PathInfo of(NarInfo info) {
        return new PathInfo(
                info.path().toString(),
                info.nar().hash().toString(),
                info.nar().size(),
                info.references().stream().map(StorePath::toString).toList(),
                info.signatures(),
                info.contentAddress() != null);
    }

    /**
     * Reads {@code nix path-info --json}: a list of objects until Nix 2.18, a map from 2.19 on, where the value of an
     * unknown path is null. Empty when it is neither.
     */
    public static Optional<List<PathInfo>> parse(String json) {
        try {
            JsonNode all = JSON.readTree(json);
            List<PathInfo> infos = new ArrayList<>();
            if (all.isArray()) {
                all.forEach(info -> add(info.path("path").asText(), info, infos));
            } else if (all.isObject()) {
                for (Map.Entry<String, JsonNode> entry : all.properties()) {
                    add(entry.getKey(), entry.getValue(), infos);
                }
            } else {
                return Optional.empty();
            }
            return Optional.of(List.copyOf(infos));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private static void add(String path, JsonNode info, List<PathInfo> infos) {
        if (info.isObject() && info.path("valid").asBoolean(true)) {
            infos.add(new PathInfo(
                    path,
                    info.path("narHash").asText(),
                    info.path("narSize").asLong(),
                    texts(info.path("references")),
                    texts(info.path("signatures")),
                    info.hasNonNull("ca") && !info.path("ca").asText("-").isEmpty()));
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
