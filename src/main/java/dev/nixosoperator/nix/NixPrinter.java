package dev.nixosoperator.nix;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Source text in which no value can end its own string or begin an interpolation. */
final class NixPrinter {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_'-]*");
    private static final Set<String> KEYWORDS =
            Set.of("assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with");

    String print(NixValue value, String indent) {
        return switch (value) {
            case NixValue.Text text -> quoted(text.value());
            case NixValue.Int number -> whole(number.value());
            case NixValue.Real number -> "(" + real(number.value()) + ")";
            case NixValue.Bool yes -> Boolean.toString(yes.value());
            case NixValue.Null none -> "null";
            case NixValue.Items items -> items(items, indent);
            case NixValue.Attrs attrs -> attrs(attrs, indent);
        };
    }

    /** Nix knows no negative literals: it negates, so the smallest number has none. */
    private static String whole(long value) {
        if (value == Long.MIN_VALUE) {
            return "(-" + Long.MAX_VALUE + " - 1)";
        }
        return value < 0 ? "(" + value + ")" : Long.toString(value);
    }

    /** Every digit that counts, and a point, which makes it no integer. */
    private static String real(double value) {
        String digits = new BigDecimal(Double.toString(value)).toPlainString();
        return digits.contains(".") ? digits : digits + ".0";
    }

    private String items(NixValue.Items items, String indent) {
        if (items.values().isEmpty()) {
            return "[ ]";
        }
        String inner = indent + "  ";
        return items.values().stream()
                .map(v -> inner + print(v, inner) + "\n")
                .collect(Collectors.joining("", "[\n", indent + "]"));
    }

    private String attrs(NixValue.Attrs attrs, String indent) {
        if (attrs.values().isEmpty()) {
            return "{ }";
        }
        String inner = indent + "  ";
        return attrs.values().entrySet().stream()
                .map(e -> inner + attribute(e, inner))
                .collect(Collectors.joining("", "{\n", indent + "}"));
    }

    private String attribute(Map.Entry<String, NixValue> entry, String indent) {
        String name = entry.getKey();
        boolean plain = IDENTIFIER.matcher(name).matches() && !KEYWORDS.contains(name);
        return (plain ? name : quoted(name)) + " = " + print(entry.getValue(), indent) + ";\n";
    }

    /** https://nix.dev/manual/nix/stable/language/string-literals: only these begin anything inside double quotes. */
    static String quoted(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in a Nix string");
        }
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("${", "\\${")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                + "\"";
    }
}
