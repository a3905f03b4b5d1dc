package dev.nixosoperator.remote;

import java.util.regex.Pattern;

/**
 * What a machine prints, made fit for people's eyes: machines colour their output, and one that is broken or hostile may
 * send anything. Everything that leaves for a status, an event or a log passes here.
 */
public final class Printable {
    /** Escape sequences as ECMA-48 has them: CSI, and OSC and its like up to their terminator or line end. */
    private static final Pattern ESCAPES = Pattern.compile(
            "(?:\u001b\\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[\\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\\\)?|\u001b[ -/]*[0-~]?");

    private static final char REPLACEMENT = '\ufffd';

    private Printable() {}

    /** Lines of printable characters: tabs and line ends stay, escape sequences go, all else becomes U+FFFD. */
    public static String text(String raw) {
        String text = raw.indexOf('\u001b') < 0 && raw.indexOf('\u009b') < 0
                ? raw
                : ESCAPES.matcher(raw).replaceAll("");
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isPrintable(text.codePointAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    /** The same, cut to a number of characters with a mark. */
    public static String text(String raw, int longest) {
        // An escape sequence may be cut in its middle; what is left of it is then no longer one.
        return cut(text(cut(raw, longest)), longest);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private static String replaced(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isPrintable(c) ? c : REPLACEMENT));
        return clean.toString();
    }

    /** Not: controls, halves of characters, and what turns the direction of the text that follows. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\n' || c == '\t';
            case Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.FORMAT -> !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
            default -> true;
        };
    }
}
