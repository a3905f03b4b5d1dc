package dev.nixosoperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.nixosoperator.remote.Printable;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;

/**
 * Makes a status one that the API server takes and people can read, whatever machines have put into it: one that is
 * refused would never be written again, and nobody would learn why. The limits are not above those of the CRD.
 */
final class Fitting {
    static final int WORD = 1024;
    static final int MESSAGE = 8192;
    /** No key that SSH knows is longer, RSA 16384 has 2800: a key is stored whole. */
    static final int KEY = 4096;

    static final int LIST = 64;

    private final KubernetesSerialization json;

    Fitting(KubernetesSerialization json) {
        this.json = json;
    }

    /** The same where nothing is too long and all is printable. */
    <T> T fit(T status, Class<T> type) {
        JsonNode tree = json.convertValue(status, JsonNode.class);
        JsonNode fit = fit("", tree.deepCopy());
        return fit.equals(tree) ? status : json.convertValue(fit, type);
    }

    private static JsonNode fit(String name, JsonNode node) {
        switch (node) {
            case TextNode text -> {
                return TextNode.valueOf(Printable.text(text.textValue(), longest(name)));
            }
            case ArrayNode array -> {
                while (array.size() > LIST) {
                    array.remove(array.size() - 1);
                }
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, fit(name, array.get(i)));
                }
            }
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                    object.set(field.getKey(), fit(field.getKey(), field.getValue()));
                }
            }
            default -> {} // numbers and the like
        }
        return node;
    }

    private static int longest(String name) {
        return switch (name) {
            case "message" -> MESSAGE;
            case "key", "hostKeys", "expectedHostKeys" -> KEY;
            default -> WORD;
        };
    }
}
