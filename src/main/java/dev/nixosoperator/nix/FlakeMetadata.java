package dev.nixosoperator.nix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What a flake reference stands for now.
 *
 * @param locked the reference with what pins it (a commit, or the hash of the tree); it means the same source for ever
 * @param revision for people: the commit, or the hash of the tree
 */
public record FlakeMetadata(FlakeReference locked, String revision) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads {@code nix flake metadata --json}; empty where nothing pins the source, as of a Git tree with changes. */
    public static Optional<FlakeMetadata> parse(String json) {
        try {
            JsonNode all = JSON.readTree(json);
            String commit = all.path("locked").path("rev").asText();
            String tree = all.path("locked").path("narHash").asText();
            String url = all.path("url").asText();
            boolean pinned = (!commit.isEmpty() && url.contains(commit)) || url.contains("narHash=");
            return pinned && FlakeReference.parse(url) instanceof FlakeReference.Parsed.Good good
                    ? Optional.of(new FlakeMetadata(good.reference(), commit.isEmpty() ? tree : commit))
                    : Optional.empty();
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /** What {@code nix build} takes. */
    public String installable(AttributePath attribute) {
        return locked + "#" + attribute.fragment();
    }
}
