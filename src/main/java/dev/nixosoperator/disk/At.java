package dev.nixosoperator.disk;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tree.
 *
 * @param above null at the top
 * @param name of the field; in a list empty
 * @param index in the list; -1: it stands in no list
 * @param depth how many places are above
 */
record At(@Nullable At above, String name, int index, int depth) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    static final At DEVICES = new At(null, "spec.devices", -1, 0);

    At child(String field) {
        return new At(this, field, -1, depth + 1);
    }

    At index(int i) {
        return new At(this, "", i, depth + 1);
    }

    /** As people read it in findings. Made only then, for most places have none. */
    String path() {
        if (above == null) {
            return name;
        }
        return above.path() + (index < 0 ? "." + printable(name) : "[" + index + "]");
    }

    private static String printable(String name) {
        return PLAIN.matcher(name).matches() ? name : Findings.shown(name);
    }
}
