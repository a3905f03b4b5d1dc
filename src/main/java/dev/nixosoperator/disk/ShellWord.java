package dev.nixosoperator.disk;

import java.util.regex.Pattern;

/** One word for POSIX shells. The generated scripts are data for {@code remote}, so the words inside them are quoted here. */
final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,][A-Za-z0-9_./:=@%+,-]*");

    private ShellWord() {}

    /** Any text without NUL as exactly one argument. NUL cannot be in an argument: layouts with it have a finding. */
    static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in a shell word");
        }
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
