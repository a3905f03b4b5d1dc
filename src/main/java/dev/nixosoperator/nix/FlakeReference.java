package dev.nixosoperator.nix;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a flake is, in the words of Nix
 * (https://nix.dev/manual/nix/stable/command-ref/new-cli/nix3-flake#url-like-syntax): {@code github:}, {@code git+https:},
 * {@code path:}, the URL of a tarball, a name in the registry, ….
 *
 * @param text as Nix takes it: one word, which is neither an option nor relative to a directory
 */
public record FlakeReference(String text) {
    public static final int LONGEST = 1024;

    /** Characters of URLs (RFC 3986) but {@code #}; a {@code ^} would begin a choice of outputs. */
    private static final Pattern CHARACTERS = Pattern.compile("[A-Za-z0-9._~:/?@!$&'()*+,;=%\\[\\]-]*");

    private static final Pattern ESCAPES = Pattern.compile("(?:[^%]|%[0-9A-Fa-f]{2})*");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");
    /** A name in the registry, with a branch and a commit where wanted. */
    private static final Pattern INDIRECT =
            Pattern.compile("[A-Za-z][A-Za-z0-9_-]*(/[A-Za-z0-9@][A-Za-z0-9_.@-]*){0,2}");

    private static final Pattern PASSWORD = Pattern.compile("//[^/?@]*:[^/?@]*@");
    private static final Set<String> FORGES = Set.of("github", "gitlab", "sourcehut");
    private static final Set<String> SERVERS = Set.of(
            "git+https",
            "git+http",
            "git+ssh",
            "git",
            "hg+https",
            "hg+http",
            "hg+ssh",
            "tarball+https",
            "tarball+http",
            "https",
            "http");
    private static final Set<String> FILES = Set.of("path", "git+file", "hg+file", "tarball+file", "file");

    /** A reference, or why the text is none. */
    public sealed interface Parsed {
        record Good(FlakeReference reference) implements Parsed {}

        /** @param why what is wrong with it, and what helps */
        record Refused(String why) implements Parsed {}
    }

    public static Parsed parse(String text) {
        return refusal(text)
                .<Parsed>map(Parsed.Refused::new)
                .orElseGet(() -> new Parsed.Good(new FlakeReference(text)));
    }

    private static Optional<String> refusal(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.of("it must have 1 to " + LONGEST + " characters");
        }
        if (text.indexOf('#') >= 0) {
            return Optional.of("what comes after # belongs into the attribute");
        }
        if (!CHARACTERS.matcher(text).matches() || !ESCAPES.matcher(text).matches()) {
            return Optional.of("it holds characters that no URL may hold; write them as %20 and the like");
        }
        if (text.startsWith("-")) {
            return Optional.of("it looks like an option");
        }
        Matcher scheme = SCHEME.matcher(text);
        return scheme.matches() ? refusal(scheme.group(1), scheme.group(2)) : withoutScheme(text);
    }

    private static Optional<String> withoutScheme(String text) {
        if (text.startsWith("/") || text.startsWith(".") || text.startsWith("~")) {
            return Optional.of("paths begin with path: or git+file: and are absolute, and mean the installer's files");
        }
        return INDIRECT.matcher(text).matches()
                ? Optional.empty()
                : Optional.of("it is neither a URL nor a name in the flake registry");
    }

    private static Optional<String> refusal(String scheme, String rest) {
        if (FORGES.contains(scheme)) {
            return rest.matches("[^/?]+/[^/?]+(/[^?]+)?(\\?.*)?")
                    ? Optional.empty()
                    : Optional.of("after " + scheme + ": comes OWNER/REPOSITORY, and a branch or commit where wanted");
        }
        if (scheme.equals("flake")) {
            return INDIRECT.matcher(rest).matches()
                    ? Optional.empty()
                    : Optional.of("flake: names no entry of the registry");
        }
        if (FILES.contains(scheme)) {
            return file(scheme, rest);
        }
        if (!SERVERS.contains(scheme)) {
            return Optional.of("Nix knows no flakes of the kind " + scheme + ":");
        }
        if (PASSWORD.matcher(rest).find()) {
            return Optional.of("it holds a password, which everybody could read who sees the machine");
        }
        return rest.matches("//[^/?]+/.*") ? Optional.empty() : Optional.of("after " + scheme + ": comes //HOST/PATH");
    }

    /** {@code path:/x} and {@code path:///x} are the same; another authority than none is no file of the machine. */
    private static Optional<String> file(String scheme, String rest) {
        String path = rest.startsWith("///") ? rest.substring(2) : rest;
        boolean absolute = path.startsWith("/") && !path.startsWith("//");
        boolean climbs = Pattern.compile("(^|/)\\.\\.?(/|$)")
                .matcher(path.replaceFirst("\\?.*", ""))
                .find();
        if (!absolute || climbs) {
            return Optional.of("after " + scheme + ": comes an absolute path without . and ..");
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
