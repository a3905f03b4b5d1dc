package dev.nixosoperator.nix;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why {@code nix-store --serve} ended, by what it wrote to standard error, for the protocol has no errors. By pieces of
 * text that Nix 2.26 writes, and by its source of 2026 newer ones, too; what is unknown speaks for itself alone.
 */
public enum ServeComplaint {
    NO_SPACE("No space left on device", "database or disk is full", "Disk quota exceeded"),
    READ_ONLY("Read-only file system", "remounting /nix/store writable"),
    /** What arrived is not what was announced: the cache's fault, or the way's. */
    OTHER_CONTENT(
            "hash mismatch importing path",
            "size mismatch importing path",
            "claims to be content-addressed but isn't",
            "unexpected end-of-file"),
    /** The user on the target may not write, or only what is signed by a key that the target trusts. */
    NOT_ALLOWED("importing paths is not allowed", "lacks a signature by a trusted key", "Permission denied"),
    /** A reference was not given before; or, where the target lost it, its store is broken. */
    MISSING_REFERENCE("is not valid"),
    NO_NIX("nix-store: command not found", "nix-store: not found", "nix-store': No such file or directory"),
    UNKNOWN;

    private final Pattern texts;

    /** @param texts of which one is enough; none: whatever it is */
    ServeComplaint(String... texts) {
        this.texts = Pattern.compile(Stream.of(texts).map(Pattern::quote).collect(Collectors.joining("|")));
    }

    /** The first in the order above, for a full disk has many consequences. */
    public static ServeComplaint of(String stderr) {
        return Stream.of(values())
                .filter(complaint -> complaint.texts.matcher(stderr).find())
                .findFirst()
                .orElse(UNKNOWN);
    }
}
