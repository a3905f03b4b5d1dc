package dev.nixosoperator.disk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * disko pastes some {@code extraArgs} into its scripts, so that one element may hold several words. Here an element is split at blanks with
 * shell quotes ('…', "…", \) understood and nothing expanded: {@code $} and backquotes are letters.
 */
final class Words {
    private Words() {}

    static List<String> split(List<String> elements) {
        return elements.stream()
                .flatMap(e -> {
                    List<String> words = split(e);
                    return words == null ? java.util.stream.Stream.of(e) : words.stream();
                })
                .toList();
    }

    /** Null when a quote is not closed. */
    static @Nullable List<String> split(String element) {
        List<String> words = new ArrayList<>();
        var word = new StringBuilder();
        boolean open = false;
        char quote = 0;
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < element.length()) {
                word.append(element.charAt(++i));
                open = true;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                open = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (open) {
                    words.add(word.toString());
                }
                word.setLength(0);
                open = false;
            } else {
                word.append(c);
                open = true;
            }
        }
        if (open) {
            words.add(word.toString());
        }
        return quote == 0 ? words : null;
    }

    static void check(Option<List<String>> option, List<String> elements, On on, Findings findings) {
        for (int i = 0; i < elements.size(); i++) {
            if (split(elements.get(i)) == null) {
                findings.add(
                        on.at().child(option.name()).index(i),
                        "found " + Findings.shown(elements.get(i)) + "; allowed: words with closed quotes");
            }
        }
    }
}
