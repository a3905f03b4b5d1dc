package dev.nixosoperator.disk;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tree.
 *
 * @param outer null at the top
 * @param name of the field; in a list empty
 * @param index in the list; -1: it stands in no list
 * @param depth how many places are above
 */
record At(@Nullable At outer, String name, int index, int depth) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    static final At DEVICES = new At(null, "spec.devices", -1, 0);

    At child(String field) {
        return new At(this, field, -1, depth + 1);
    }

    At index(int i) {
        return new At(this, "", i, depth + 1);
    }

    /** It and all places that it is in, the innermost first. */
    Stream<At> above() {
        return Stream.iterate(this, Objects::nonNull, At::outer);
    }

    /** As people read it in findings. Made only then, for most places have none. */
    String path() {
        if (outer == null) {
            return name;
        }
        return outer.path() + (index < 0 ? "." + printable(name) : "[" + index + "]");
    }

    private static String printable(String name) {
        return PLAIN.matcher(name).matches() ? name : Findings.shown(name);
    }
}
