package dev.nixosoperator.nix;

import dev.nixosoperator.hash.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A signed cache of made-up paths: number 0 refers to 1, and so on. A test may change its files at any time. */
public final class TestCache {
    private final KeyPair pair;
    private final PublicKey key;
    final Map<String, byte[]> files = new ConcurrentHashMap<>(Map.of("nix-cache-info", new byte[0]));

    TestCache() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        byte[] spki = pair.getPublic().getEncoded();
        key = new PublicKey(
                "k", Base64.getEncoder().encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
    }

    public PublicKey key() {
        return key;
    }

    public static StorePath path(int n) {
        return new StorePath(String.format("%032d", n), "p" + n);
    }

    public static Set<StorePath> paths(int... numbers) {
        return IntStream.of(numbers).mapToObj(TestCache::path).collect(Collectors.toSet());
    }

    static byte[] archive(int n) {
        return new TestNar.Leaf("content of " + n, false).archive();
    }

    static String narInfo(int n) {
        return path(n).hash() + ".narinfo";
    }

    static String nar(int n) {
        return "nar/" + n + ".nar";
    }

    /** The cache has a path with these references. */
    TestCache with(int n, int... references) {
        return with(n, archive(n), references);
    }

    public TestCache with(int n, byte[] archive, int... references) {
        files.put(nar(n), archive);
        return told(n, NixHash.of(Sha256.of(archive)), archive.length, references);
    }

    /** It tells of a path whose archive is somewhere else. */
    TestCache told(int n, NixHash hash, long size, int... references) {
        NarInfo info = new NarInfo(
                path(n),
                new NarInfo.File(nar(n), Compression.NONE, hash, size),
                new NarInfo.Nar(hash, size),
                List.copyOf(paths(references)),
                null,
                List.of(),
                null);
        String text = "StorePath: " + info.path() + "\nURL: " + nar(n) + "\nCompression: none\nFileHash: " + hash
                + "\nFileSize: " + size + "\nNarHash: " + hash + "\nNarSize: " + size + "\nReferences: "
                + info.references().stream().map(StorePath::base).collect(Collectors.joining(" "))
                + "\nSig: k:" + signature(info.fingerprint()) + "\n";
        files.put(narInfo(n), text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private String signature(String text) {
        try {
            Signature sign = Signature.getInstance("Ed25519");
            sign.initSign(pair.getPrivate());
            sign.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sign.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** So many paths, of which number 0 needs all, some twenty levels deep. */
    public static TestCache system(int size) {
        TestCache cache = new TestCache();
        Random random = new Random(size);
        Map<Integer, Set<Integer>> references = new HashMap<>();
        for (int n = 1; n < size; n++) {
            for (int more = 0; more < 3; more++) {
                int referrer = random.nextInt(n / 2, n);
                references.computeIfAbsent(referrer, any -> new HashSet<>()).add(n);
            }
        }
        for (int n = 0; n < size; n++) {
            int[] to = references.getOrDefault(n, Set.of()).stream()
                    .mapToInt(r -> r)
                    .toArray();
            cache.with(n, new TestNar.Leaf("x".repeat(random.nextInt(8_000)) + n, false).archive(), to);
        }
        return cache;
    }

    /** Falsifies a narinfo. */
    public void replace(int n, String what, String by) {
        files.computeIfPresent(narInfo(n), (file, text) -> new String(text, StandardCharsets.UTF_8)
                .replace(what, by)
                .getBytes(StandardCharsets.UTF_8));
    }

    BinaryCache open() {
        return open(new MemoryFiles(files), key);
    }

    /** The files, read in another way. */
    BinaryCache open(CacheFiles through) {
        return open(through, key);
    }

    private static BinaryCache open(CacheFiles files, PublicKey key) {
        return switch (BinaryCache.open(files, List.of(key))) {
            case Answer.Is<BinaryCache, ?>(BinaryCache cache) -> cache;
            case Answer.Not<BinaryCache, ?>(Object failure) -> throw new AssertionError(failure);
        };
    }

    public void write(Path directory) {
        try {
            Files.createDirectories(directory.resolve("nar"));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(directory.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
