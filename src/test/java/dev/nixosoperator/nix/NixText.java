package dev.nixosoperator.nix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Nix source that is plain data, by the language's own rules; anything else in it is an error. */
public final class NixText {
    private static final Pattern BLANK = Pattern.compile("(\\s|#[^\\n]*)*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_'-]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]*)?([Ee][+-]?[0-9]+)?");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String text;
    private int at;

    private NixText(String text) {
        this.text = text;
    }

    public static JsonNode data(String text) {
        var reader = new NixText(text);
        JsonNode value = reader.value();
        reader.blank();
        if (reader.at != text.length()) {
            throw reader.error("the end");
        }
        return value;
    }

    private JsonNode value() {
        blank();
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> attrs();
            case '[' -> items();
            case '"' -> JSON.textNode(string());
            case '(' -> number();
            default -> Character.isDigit(c) ? natural(1) : word();
        };
    }

    private JsonNode attrs() {
        ObjectNode object = JSON.objectNode();
        expect("{");
        while (!next("}")) {
            String name = text.charAt(at) == '"' ? string() : match(NAME);
            expect("=");
            if (object.has(name)) {
                throw error("another name than " + name);
            }
            object.set(name, value());
            expect(";");
        }
        return object;
    }

    private JsonNode items() {
        ArrayNode list = JSON.arrayNode();
        expect("[");
        while (!next("]")) {
            list.add(value());
        }
        return list;
    }

    /** {@code (-1)}, {@code (1.5)}, {@code (-9223372036854775807 - 1)}. */
    private JsonNode number() {
        expect("(");
        JsonNode value = natural(next("-") ? -1 : 1);
        if (next("-")) {
            value = JSON.numberNode(value.longValue() - natural(1).longValue());
        }
        expect(")");
        return value;
    }

    private JsonNode natural(int sign) {
        String digits = match(NUMBER);
        return digits.contains(".")
                ? JSON.numberNode(sign * Double.parseDouble(digits))
                : shortest(sign * Long.parseLong(digits));
    }

    /** As Jackson reads them. */
    private static JsonNode shortest(long value) {
        return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
    }

    private JsonNode word() {
        String word = match(NAME);
        return switch (word) {
            case "true" -> JSON.booleanNode(true);
            case "false" -> JSON.booleanNode(false);
            case "null" -> JSON.nullNode();
            default -> throw error("data instead of " + word);
        };
    }

    /** A carriage return as such would become a newline; an interpolation is no data. */
    private String string() {
        var value = new StringBuilder();
        expect("\"");
        for (; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                char escaped = text.charAt(++at);
                value.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> escaped;
                        });
            } else if (c == '$' && text.charAt(at + 1) == '$') {
                value.append("$$");
                at++;
            } else if (c == '\r' || text.startsWith("${", at)) {
                throw error("no interpolation and no carriage return");
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    private void blank() {
        Matcher blank = BLANK.matcher(text).region(at, text.length());
        at = blank.lookingAt() ? blank.end() : at;
    }

    private boolean next(String word) {
        blank();
        boolean there = text.startsWith(word, at);
        at += there ? word.length() : 0;
        return there;
    }

    private void expect(String word) {
        if (!next(word)) {
            throw error(word);
        }
    }

    private String match(Pattern pattern) {
        blank();
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw error(pattern.pattern());
        }
        at = matcher.end();
        return matcher.group();
    }

    private AssertionError error(String wanted) {
        return new AssertionError("wanted " + wanted + " at: " + text.substring(at, Math.min(text.length(), at + 40)));
    }
}
