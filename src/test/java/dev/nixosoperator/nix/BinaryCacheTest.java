package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nixosoperator.nix.CacheFailure.What;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the caches that real Nix wrote, and against the same with something wrong in them. */
class BinaryCacheTest {
    private static final StorePath TOP = Recorded.top();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static <T> T is(Answer<T, CacheFailure> answer) {
        return switch (answer) {
            case Answer.Is<T, CacheFailure>(T value) -> value;
            case Answer.Not<T, CacheFailure>(CacheFailure failure) -> throw new AssertionError(failure);
        };
    }

    private static <T> CacheFailure not(Answer<T, CacheFailure> answer) {
        return switch (answer) {
            case Answer.Is<T, CacheFailure>(T value) -> throw new AssertionError(value);
            case Answer.Not<T, CacheFailure>(CacheFailure failure) -> failure;
        };
    }

    private static BinaryCache cache(CacheFiles files) {
        return is(BinaryCache.open(files, Recorded.keys()));
    }

    private static Map<String, byte[]> recorded(Compression compression) {
        return MemoryFiles.of(Recorded.DIRECTORY.resolve("cache").resolve(compression.word()));
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatNixWrote(Compression compression) throws IOException {
        String url = Recorded.DIRECTORY.resolve("cache/" + compression.word()).toUri() + "?trusted=1";
        try (BinaryCache cache = is(BinaryCache.open(url, Recorded.keys(), PATIENCE))) {
            NarInfo info = is(cache.narInfo(TOP));
            assertThat(info.file().compression()).isEqualTo(compression);
            List<StorePath> paths = new ArrayList<>(info.references());
            paths.add(TOP);
            for (StorePath path : paths) {
                ByteArrayOutputStream nar = new ByteArrayOutputStream();
                assertThat(cache.copyNar(is(cache.narInfo(path)), nar)).isEmpty();
                assertThat(nar.toByteArray())
                        .isEqualTo(Recorded.bytes("cache/none/"
                                + is(cache(new MemoryFiles(recorded(Compression.NONE)))
                                                .narInfo(path))
                                        .file()
                                        .url()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "s3://bucket", "ssh://host", "file://host/dir", "http:", "/nix/store", "%"})
    void addressesOfNoCache(String url) {
        assertThat(not(BinaryCache.open(url, List.of(), PATIENCE))).isEqualTo(new CacheFailure.NotSupported(url));
    }

    @Test
    void aDirectoryThatIsNoCache() {
        assertThat(not(BinaryCache.open("file:///nowhere", List.of(), PATIENCE)))
                .isEqualTo(new CacheFailure.NotFound("/nowhere/nix-cache-info"));
    }

    @ParameterizedTest
    @CsvSource({"StoreDir: /gnu/store, /gnu/store", "StoreDir:  /home/nix , /home/nix"})
    void aCacheOfAnotherStore(String info, String store) {
        MemoryFiles files = new MemoryFiles(Map.of("nix-cache-info", bytes(info + "\nPriority: 40\n")));
        assertThat(not(BinaryCache.open(files, List.of()))).isEqualTo(new CacheFailure.OtherStore("memory:", store));
    }

    @Test
    void aCacheNeedNotTellItsStore() {
        cache(new MemoryFiles(Map.of("nix-cache-info", bytes("WantMassQuery: 1\nwhatever\n"))));
    }

    @Test
    void whatIsWrongWithWhatItSays() {
        Map<String, byte[]> files = recorded(Compression.XZ);
        String file = TOP.hash() + ".narinfo";
        StorePath other = new StorePath(TOP.hash(), "other");
        BinaryCache cache = cache(new MemoryFiles(files));

        assertThat(not(cache.narInfo(other))).isEqualTo(new CacheFailure.OtherPath(other, TOP));
        assertThat(not(is(BinaryCache.open(new MemoryFiles(files), List.of(PublicKey.CACHE_NIXOS_ORG)))
                        .narInfo(TOP)))
                .isEqualTo(new CacheFailure.BadSignature(TOP, List.of("test-1")));

        files.put(file, bytes("StorePath: " + TOP + "\nnonsense\n"));
        assertThat(not(cache.narInfo(TOP))).isInstanceOf(CacheFailure.Malformed.class);
        files.put(file, new byte[2 << 20]);
        assertThat(not(cache.narInfo(TOP)))
                .isEqualTo(new CacheFailure.Malformed("memory:" + file, List.of("longer than 1048576")));
        files.remove(file);
        assertThat(not(cache.narInfo(TOP))).isEqualTo(new CacheFailure.NotFound("memory:" + file));
    }

    /** A promise with something else in it. */
    private static NarInfo promise(NarInfo info, NarInfo.File file, NarInfo.Nar nar) {
        return new NarInfo(
                info.path(), file, nar, info.references(), info.deriver(), info.signatures(), info.contentAddress());
    }

    @Test
    void whatComesIsNotWhatWasPromised() throws IOException {
        BinaryCache cache = cache(new MemoryFiles(recorded(Compression.XZ)));
        NarInfo info = is(cache.narInfo(TOP));
        NarInfo.File file = info.file();
        NarInfo.Nar nar = info.nar();
        NixHash wrong = NixHash.of(new byte[32]);
        long size = Optional.ofNullable(file.size()).orElseThrow();

        assertThat(copied(cache, promise(info, file, new NarInfo.Nar(wrong, nar.size()))))
                .contains(new CacheFailure.HashMismatch(TOP, What.NAR, wrong, nar.hash()));
        assertThat(copied(cache, promise(info, file, new NarInfo.Nar(nar.hash(), nar.size() + 1))))
                .contains(new CacheFailure.SizeMismatch(TOP, What.NAR, nar.size() + 1, nar.size()));
        assertThat(copied(cache, promise(info, file, new NarInfo.Nar(nar.hash(), nar.size() - 1))))
                .contains(new CacheFailure.BadArchive(TOP, WireFault.BEYOND_SIZE, nar.size() - 7));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.XZ, wrong, size), nar)))
                .contains(new CacheFailure.HashMismatch(
                        TOP, What.FILE, wrong, Optional.ofNullable(file.hash()).orElseThrow()));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.XZ, null, size + 1), nar)))
                .contains(new CacheFailure.SizeMismatch(TOP, What.FILE, size + 1, size));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.XZ, null, size - 1), nar)))
                .contains(new CacheFailure.SizeMismatch(TOP, What.FILE, size - 1, size));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.NONE, null, null), nar)))
                .contains(new CacheFailure.BadArchive(TOP, WireFault.TOO_LONG, 8));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.ZSTD, null, null), nar)))
                .containsInstanceOf(CacheFailure.BadCompression.class);
        assertThat(copied(cache, promise(info, new NarInfo.File("nar/x", Compression.XZ, null, null), nar)))
                .contains(new CacheFailure.NotFound("memory:nar/x"));
        assertThat(copied(cache, promise(info, new NarInfo.File(file.url(), Compression.XZ, null, null), nar)))
                .isEmpty();
    }

    private static Optional<CacheFailure> copied(BinaryCache cache, NarInfo info) throws IOException {
        return cache.copyNar(info, OutputStream.nullOutputStream());
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitInAnyByteOfAFileIsFound(Compression compression) throws IOException {
        Map<String, byte[]> files = recorded(compression);
        BinaryCache cache = cache(new MemoryFiles(files));
        NarInfo info = is(cache.narInfo(TOP));
        NarInfo withoutFileHash =
                promise(info, new NarInfo.File(info.file().url(), compression, null, null), info.nar());
        byte[] file = Objects.requireNonNull(files.get(info.file().url()));
        int harmless = 0;
        for (int at = 0; at < file.length; at++) {
            byte bit = (byte) (1 << (at % 8));
            file[at] ^= bit;
            assertThat(copied(cache, info)).as("byte %d", at).isPresent();
            harmless += copied(cache, withoutFileHash).isEmpty() ? 1 : 0;
            file[at] ^= bit;
        }
        assertThat(copied(cache, info)).isEmpty();
        // bits of the wrapping that change nothing in what is wrapped, such as the size of a window
        assertThat(harmless).isLessThan(compression == Compression.NONE ? 1 : 8);
    }

    @ParameterizedTest
    @EnumSource
    void everyCutIsFound(Compression compression) throws IOException {
        Map<String, byte[]> files = recorded(compression);
        BinaryCache cache = cache(new MemoryFiles(files));
        NarInfo info = is(cache.narInfo(TOP));
        String url = info.file().url();
        byte[] file = Objects.requireNonNull(files.get(url));
        for (int length = 0; length < file.length; length++) {
            files.put(url, Arrays.copyOf(file, length));
            assertThat(copied(cache, info)).as("%d bytes", length).isPresent();
        }
        files.put(url, Arrays.copyOf(file, file.length + 1));
        assertThat(copied(cache, info)).isPresent();
        assertThat(copied(cache, promise(info, new NarInfo.File(url, compression, null, null), info.nar())))
                .as("a byte too many, of which nothing is known beforehand")
                .isPresent();
    }

    @Test
    void theReceiversFaultIsNotTheCaches() {
        BinaryCache cache = cache(new MemoryFiles(recorded(Compression.ZSTD)));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        assertThatThrownBy(() -> cache.copyNar(is(cache.narInfo(TOP)), full)).hasMessage("full");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
