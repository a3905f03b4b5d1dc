package dev.nixosoperator.nix;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a binary cache says of a path. Of all this only what {@link #fingerprint} tells is signed; the rest is for
 * fetching and for the books.
 *
 * @param references sorted, each once; may name the path itself
 * @param signatures {@code KEYNAME:BASE64}
 * @param contentAddress how its name follows from its content; null: it does not
 */
public record NarInfo(
        StorePath path,
        File file,
        Nar nar,
        List<StorePath> references,
        @Nullable StorePath deriver,
        List<String> signatures,
        @Nullable String contentAddress) {

    /**
     * The archive as it lies in the cache.
     *
     * @param url relative to the cache's own; leads to nowhere else
     * @param hash null: the cache does not tell
     * @param size bytes; null: the cache does not tell
     */
    public record File(String url, Compression compression, @Nullable NixHash hash, @Nullable Long size) {}

    /** @param size bytes, more than none */
    public record Nar(NixHash hash, long size) {}

    public NarInfo {
        references = references.stream()
                .distinct()
                .sorted(Comparator.comparing(StorePath::base))
                .toList();
        signatures = List.copyOf(signatures);
    }

    /** What is signed: ValidPathInfo::fingerprint in Nix's source, and https://nix.dev/manual/nix/latest/store/. */
    public String fingerprint() {
        return references.stream()
                .map(StorePath::toString)
                .collect(Collectors.joining(",", "1;" + path + ";" + nar.hash() + ";" + nar.size() + ";", ""));
    }

    /** Bytes that it takes, about. */
    long memory() {
        long words = 4L + references.size() + signatures.size();
        String address = contentAddress == null ? "" : contentAddress;
        return words * 150
                + signatures.stream().mapToLong(String::length).sum()
                + file.url().length()
                + address.length();
    }

    /**
     * Whether one of the keys signed it. A content address counts for nothing here: to believe it means to compute it
     * of the content, which nobody has yet.
     */
    public boolean signedBy(Collection<PublicKey> keys) {
        String fingerprint = fingerprint();
        return keys.stream().anyMatch(key -> key.signed(fingerprint, signatures));
    }
}
