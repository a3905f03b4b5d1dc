package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type of node: its options and how a node is made of their values.
 *
 * @param type the word that stands in {@code type:}; null where the place leaves no choice (partition, selector)
 * @param typeRequired false where disko gives {@code type} a default
 * @param make builds the node from values that were all readable
 */
record NodeType<T>(
        @Nullable String type,
        boolean typeRequired,
        String meaning,
        List<Option<?>> options,
        Function<Values, T> make) {

    /** Deeper than any layout that makes sense, far from the end of the stack. */
    static final int MAX_DEPTH = 40;

    /** Every type of content has hooks. */
    static <T> NodeType<T> content(String type, String meaning, List<Option<?>> options, Function<Values, T> make) {
        List<Option<?>> all = new ArrayList<>(options);
        all.addAll(Hooks.OPTIONS);
        return new NodeType<>(type, true, meaning, List.copyOf(all), make);
    }

    static <T> NodeType<T> plain(String meaning, List<Option<?>> options, Function<Values, T> make) {
        return new NodeType<>(null, false, meaning, options, make);
    }

    /** Options that disko has, and why they are not here. */
    private static final Map<String, String> DISKOS = Map.of(
            "askPassword", "nobody is there to type a passphrase during an installation: leave it out, and name a file",
            "imageName", "it is for disko's image builder: leave it out",
            "imageSize", "it is for disko's image builder: leave it out",
            "device", "it follows from where the node stands: leave it out");

    /** The node, or null with at least one finding. */
    @Nullable
    T read(JsonNode json, At at, Findings findings) {
        if (at.depth() > MAX_DEPTH) {
            findings.add(at, "nested too deeply");
            return null;
        }
        if (!(json instanceof ObjectNode object)) {
            findings.add(at, "found " + Findings.shown(json) + "; allowed: an object");
            return null;
        }
        boolean whole = checkNames(object, at, findings);
        // By identity: an option is as deep as all that may stand in it, and so is its hash.
        IdentityHashMap<Option<?>, Object> values = new IdentityHashMap<>();
        for (Option<?> option : options) {
            whole &= readOption(option, object, at, findings, values);
        }
        return whole ? make.apply(new Values(at, this, values)) : null;
    }

    private boolean checkNames(ObjectNode object, At at, Findings findings) {
        boolean known = true;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            boolean isType = type != null && field.getKey().equals("type");
            if (!isType && options.stream().noneMatch(o -> o.name().equals(field.getKey()))) {
                String why = DISKOS.get(field.getKey());
                findings.add(
                        at.child(field.getKey()),
                        "unknown option" + (type == null ? "" : " of " + type) + (why == null ? "" : ", " + why)
                                + "; allowed: " + names());
                known = false;
            }
        }
        JsonNode given = object.path("type");
        if (type == null || (!typeRequired && given.isMissingNode())) {
            return known;
        }
        if (!given.isTextual() || !given.textValue().equals(type)) {
            findings.add(at.child("type"), "found " + Findings.shown(given) + "; allowed: '" + type + "'");
            return false;
        }
        return known;
    }

    private String names() {
        return options.stream().map(Option::name).sorted().collect(Collectors.joining(", "));
    }

    private static <V> boolean readOption(
            Option<V> option, ObjectNode object, At at, Findings findings, IdentityHashMap<Option<?>, Object> values) {
        JsonNode given = object.path(option.name());
        At place = at.child(option.name());
        if (given.isMissingNode() || given.isNull()) {
            if (option.required()) {
                findings.add(place, "missing; allowed: " + option.kind().allowed());
                return false;
            }
            if (option.fallback() != null) {
                values.put(option, option.fallback());
            }
            return true;
        }
        V value = option.kind().read(given, place, findings);
        if (value == null) {
            return false;
        }
        values.put(option, value);
        return true;
    }

    /** The tree without what equals a default and with sorted keys: two trees that mean the same are equal. Only for trees without findings. */
    ObjectNode normal(JsonNode json) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Option<?> option : options) {
            JsonNode given = json.path(option.name());
            if (given.isMissingNode() || given.isNull()) {
                continue;
            }
            JsonNode normal = option.kind().normal(given);
            if (option.fallback() == null || !normal.equals(Json.of(option.fallback()))) {
                sorted.put(option.name(), normal);
            }
        }
        if (typeRequired && type != null) {
            sorted.put("type", Json.of(type));
        }
        return Json.object(sorted);
    }
}
