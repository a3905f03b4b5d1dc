package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Gathers findings while a tree is read: reading never stops at the first mistake. */
final class Findings {
    private static final int SHOWN = 80;
    /** Ends of lines for YAML, what turns the direction of a text, and halves of letters. */
    private static final Set<Integer> UNPRINTABLE =
            Set.of((int) Character.FORMAT, (int) Character.LINE_SEPARATOR, (int) Character.PARAGRAPH_SEPARATOR, (int)
                    Character.SURROGATE);

    private final List<Finding> all = new ArrayList<>();

    void add(At at, String message) {
        all.add(new Finding(at.path(), message));
    }

    /** In the order they were found; the same mistake is told once. */
    List<Finding> list() {
        return all.stream().distinct().toList();
    }

    boolean none() {
        return all.isEmpty();
    }

    /** A value from the user as it may stand in a message: short, on one line. */
    static String shown(String value) {
        var printable = new StringBuilder("'");
        value.codePoints().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c) || UNPRINTABLE.contains(Character.getType(c))) {
                printable.append(String.format("\\u%04x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable
                .append(value.codePointCount(0, value.length()) > SHOWN ? "…'" : "'")
                .toString();
    }

    static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> shown(value.textValue());
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NULL -> "null";
            case BOOLEAN, NUMBER -> value.asText();
            case BINARY -> "bytes";
            case MISSING -> "nothing";
        };
    }
}
