package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gathers findings while a tree is read: reading never stops at the first mistake. */
final class Findings {
    private static final int SHOWN = 80;
    /** Names in one finding. */
    private static final int NAMED = 16;
    /** A person mends these first; a layout of thousands of mistakes must not fill the memory. */
    static final int MOST = 100;
    /** Ends of lines for YAML, what turns the direction of a text, and halves of letters. */
    private static final Set<Integer> UNPRINTABLE =
            Set.of((int) Character.FORMAT, (int) Character.LINE_SEPARATOR, (int) Character.PARAGRAPH_SEPARATOR, (int)
                    Character.SURROGATE);

    private final Set<Finding> all = new LinkedHashSet<>();
    private long more;

    void add(At at, String message) {
        var finding = new Finding(at.path(), message);
        if (all.size() < MOST) {
            all.add(finding);
        } else if (!all.contains(finding)) {
            more++;
        }
    }

    /** In the order they were found; the same mistake is told once, and of very many the first. */
    List<Finding> list() {
        Stream<Finding> rest = more == 0
                ? Stream.empty()
                : Stream.of(
                        new Finding(At.DEVICES.path(), "and %d more mistakes; mend the first ones".formatted(more)));
        return Stream.concat(all.stream(), rest).toList();
    }

    boolean none() {
        return all.isEmpty();
    }

    /** Names from the user, where there may be very many. */
    static String some(Collection<String> names) {
        String told = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? told + " and " + (names.size() - NAMED) + " more" : told;
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
