package dev.nixosoperator.nix;

import java.util.List;
import java.util.stream.Collectors;

/** Why a binary cache does not give what it was asked for. */
public sealed interface CacheFailure {
    /** Nothing is there, so the cache says. */
    record NotFound(String url) implements CacheFailure {}

    /** It answers, but not to us; S3 also where nothing is there and the bucket's list is not public. */
    record Denied(String url, int status) implements CacheFailure {}

    /** No answer, or the half of one; another time it may do. */
    record CacheUnavailable(String url, String why) implements CacheFailure {}

    /** No address of a cache that can be read: {@code file:///…}, {@code http://…} and {@code https://…} are. */
    record NotSupported(String url) implements CacheFailure {}

    /** A file of the cache's own is not in its format. */
    record Malformed(String url, List<String> findings) implements CacheFailure {
        public Malformed {
            findings = List.copyOf(findings);
        }
    }

    /** The cache's paths are of another store than {@code /nix/store}. */
    record OtherStore(String url, String store) implements CacheFailure {}

    /** It was asked for one path and told of another. */
    record OtherPath(StorePath asked, StorePath told) implements CacheFailure {}

    /**
     * No key that is trusted signed what the cache says of the path.
     *
     * @param signedBy names of the keys that signed, or pretend to have
     */
    record BadSignature(StorePath path, List<String> signedBy) implements CacheFailure {
        public BadSignature {
            signedBy = List.copyOf(signedBy);
        }
    }

    /** FILE: as it lies in the cache. NAR: the archive in it. */
    enum What {
        FILE,
        NAR
    }

    record HashMismatch(StorePath path, What what, NixHash promised, NixHash found) implements CacheFailure {}

    /** @param found bytes, at least */
    record SizeMismatch(StorePath path, What what, long promised, long found) implements CacheFailure {}

    /** @param offset bytes of the archive that were read before it was found */
    record BadArchive(StorePath path, WireFault fault, long offset) implements CacheFailure {}

    /** What came cannot be decompressed. */
    record BadCompression(StorePath path, String why) implements CacheFailure {}

    /** Each needs the other. */
    record Cycle(StorePath path) implements CacheFailure {}

    /** @param bytes that may be said of all of them */
    record TooManyPaths(int most, long bytes) implements CacheFailure {}

    /** Of several caches none gives it, each for a reason of its own. */
    record NoneOf(StorePath path, List<CacheFailure> failures) implements CacheFailure {
        public NoneOf {
            failures = List.copyOf(failures);
        }
    }

    /** Of several caches none can be used. */
    record NoneOpens(List<CacheFailure> failures) implements CacheFailure {
        public NoneOpens {
            failures = List.copyOf(failures);
        }
    }

    /** What several caches say together. That one does not have it says nothing where another tells more. */
    static CacheFailure ofAll(StorePath path, List<CacheFailure> failures) {
        List<CacheFailure> telling = failures.stream()
                .filter(failure -> !(failure instanceof NotFound))
                .toList();
        List<CacheFailure> rest = telling.isEmpty() ? failures : telling;
        return rest.size() == 1 ? rest.getFirst() : new NoneOf(path, rest);
    }

    /** Whether another time it may do. */
    default boolean passing() {
        return switch (this) {
            case NoneOf(StorePath path, List<CacheFailure> failures) ->
                failures.stream().anyMatch(CacheFailure::passing);
            case NoneOpens(List<CacheFailure> failures) -> failures.stream().anyMatch(CacheFailure::passing);
            default -> this instanceof CacheUnavailable;
        };
    }

    /** One line for a person. */
    default String message() {
        return switch (this) {
            case NotFound(String url) -> url + " is not there";
            case Denied(String url, int status) -> url + " answers " + status;
            case CacheUnavailable(String url, String why) -> url + " cannot be read: " + why;
            case NotSupported(String url) -> url + " is no cache that can be read: file:///, http:// or https://";
            case Malformed(String url, List<String> findings) -> url + ": " + String.join("; ", findings);
            case OtherStore(String url, String store) -> url + " is for the store " + store + ", not /nix/store";
            case OtherPath(StorePath asked, StorePath told) -> "asked for " + asked + ", the cache told of " + told;
            case BadSignature(StorePath path, List<String> names) ->
                path + " is signed by no trusted key"
                        + (names.isEmpty() ? "" : ", only in the name of " + String.join(", ", names));
            case HashMismatch(StorePath path, What what, NixHash promised, NixHash found) ->
                of(what) + path + " has the hash " + found + ", not " + promised;
            case SizeMismatch(StorePath path, What what, long promised, long found) ->
                of(what) + path + " has " + found + " bytes, not " + promised;
            case BadArchive(StorePath path, WireFault fault, long offset) ->
                "the archive of " + path + " is broken at byte " + offset + ": " + fault;
            case BadCompression(StorePath path, String why) -> "the file of " + path + " is broken: " + why;
            case Cycle(StorePath path) -> path + " refers to itself through others";
            case TooManyPaths(int most, long bytes) ->
                "more than " + most + " paths, or more than " + (bytes >> 20) + " MiB of text about them";
            case NoneOf(StorePath path, List<CacheFailure> failures) -> "no cache gives " + path + ": " + of(failures);
            case NoneOpens(List<CacheFailure> failures) -> "no cache can be used: " + of(failures);
        };
    }

    private static String of(List<CacheFailure> failures) {
        return failures.stream().map(CacheFailure::message).collect(Collectors.joining("; "));
    }

    private static String of(What what) {
        return what == What.FILE ? "the file of " : "the archive of ";
    }
}
