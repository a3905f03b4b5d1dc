package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What Nix, a shell and Kubernetes can hold alike. JSON has more: NUL, halves of letters, numbers without end. */
final class Writable {
    private Writable() {}

    /** No half of a letter that UTF-16 writes with two: UTF-8 has none, and it would become another letter. */
    static boolean isWhole(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    /** For parts of a tree that no option declares; with a finding where it is not so. Their depth must have been checked. */
    static boolean check(JsonNode json, At at, Findings findings) {
        boolean good = true;
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            At place = at.child(field.getKey());
            good &= text(field.getKey(), place, findings);
            good &= check(field.getValue(), place, findings);
        }
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                good &= check(json.get(i), at.index(i), findings);
            }
        }
        if (json.isNumber() && !Double.isFinite(json.doubleValue())) {
            findings.add(at, "found " + Findings.shown(json) + "; allowed: a number that Nix can hold");
            return false;
        }
        return json.isTextual() ? text(json.textValue(), at, findings) : good;
    }

    private static boolean text(String text, At at, Findings findings) {
        boolean good =
                isWhole(text) && text.chars().allMatch(c -> !Character.isISOControl(c) || c == '\n' || c == '\t');
        if (!good) {
            findings.add(
                    at,
                    "found " + Findings.shown(text)
                            + "; allowed: a text without control characters other than tabs and line ends");
        }
        return good;
    }
}
