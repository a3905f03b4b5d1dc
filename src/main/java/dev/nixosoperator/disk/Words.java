package dev.nixosoperator.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko pastes some {@code extraArgs} into its scripts, so that one element may hold several words. Here an element is split at blanks with
 * shell quotes ('…', "…", \) understood and nothing expanded: {@code $} and backquotes are letters.
 */
final class Words {
    /** A path below /dev from the root or from here, also right behind an option; or what programs look up as a tag of a device. */
    private static final Pattern DEVICE =
            Pattern.compile("(^|^-[A-Za-z]|[^A-Za-z0-9_.-])dev/|(^|[=,])(PART)?(UUID|LABEL)=");

    /** Of ext4, xfs and btrfs, and whatever else has a device as its value. */
    private static final Pattern DEVICE_OPTION =
            Pattern.compile("(journal_dev|journal_path|logdev|rtdev|device)=|(?!x-)[^=]*=[\"']*/+dev/");

    private Words() {}

    static List<String> split(List<String> elements) {
        return elements.stream()
                .flatMap(e -> {
                    List<String> words = split(e);
                    return words == null ? Stream.of(e) : words.stream();
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

    static void check(Option<List<String>> option, List<String> elements, At at, Findings findings) {
        for (int i = 0; i < elements.size(); i++) {
            if (split(elements.get(i)) == null) {
                findings.add(
                        at.child(option.name()).index(i),
                        "found " + Findings.shown(elements.get(i)) + "; allowed: words with closed quotes");
            }
        }
    }

    /** An argument that names a device would reach one that no plan knows. */
    static void noDevices(Option<List<String>> option, List<String> elements, At at, Findings findings) {
        for (int i = 0; i < elements.size(); i++) {
            String element = elements.get(i);
            List<String> words = split(element);
            if (Stream.concat(Stream.of(element), words == null ? Stream.of() : words.stream())
                    .anyMatch(word -> DEVICE.matcher(word).find())) {
                findings.add(
                        at.child(option.name()).index(i),
                        "found " + Findings.shown(element)
                                + "; allowed: no path below /dev and no tag (UUID=), the plan would not know it");
            }
        }
    }

    /** A mount option may name a further device too: for it there is the layout, which the plan shows. What begins with x- no file system reads. */
    static void noDeviceOptions(List<String> options, At at, Findings findings) {
        for (int i = 0; i < options.size(); i++) {
            if (Stream.of(options.get(i).split(","))
                    .anyMatch(option -> DEVICE_OPTION.matcher(option).lookingAt())) {
                findings.add(
                        at.child("mountOptions").index(i),
                        "found " + Findings.shown(options.get(i))
                                + "; allowed: no option that names a device, the plan would not know it");
            }
        }
    }

    /** Where options of several things stand in one call, it would end those of one. */
    static void noEnd(Option<List<String>> option, List<String> elements, At at, Findings findings) {
        for (int i = 0; i < elements.size(); i++) {
            if (split(List.of(elements.get(i))).contains("--")) {
                findings.add(at.child(option.name()).index(i), "found '--'; allowed: options");
            }
        }
    }
}
