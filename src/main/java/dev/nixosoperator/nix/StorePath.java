package dev.nixosoperator.nix;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path in the Nix store.
 *
 * @param hash 32 characters of Nix's base 32
 * @param name what comes after it
 */
public record StorePath(String hash, String name) {
    private static final Pattern PATH =
            Pattern.compile("/nix/store/([0-9a-df-np-sv-z]{32})-([0-9A-Za-z+._?=-]{1,211})");

    public static Optional<StorePath> parse(String text) {
        Matcher matcher = PATH.matcher(text);
        return matcher.matches() ? Optional.of(new StorePath(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** {@code HASH-NAME}. */
    public String base() {
        return hash + "-" + name;
    }

    @Override
    public String toString() {
        return "/nix/store/" + base();
    }
}
