package dev.nixosoperator.nix;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads a binary cache: what it says of paths, believed only when a trusted key signed it, and their archives, checked
 * on their way. Keeps nothing; may be used by several threads.
 *
 * @see <a href="https://nix.dev/manual/nix/latest/protocols/binary-cache/">the format</a>
 */
public final class BinaryCache implements AutoCloseable {
    private static final String STORE = "/nix/store";
    private static final int INFO_LIMIT = 64 * 1024;
    /** The top of a system, which is links and short scripts, has some hundred KiB. */
    private static final int SMALL = 4 << 20;

    private final CacheFiles files;
    private final List<PublicKey> trusted;

    private BinaryCache(CacheFiles files, List<PublicKey> trusted) {
        this.files = files;
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Opens a cache, which must say that it is one. What the address says after {@code ?} is for Nix alone.
     *
     * @param url {@code file:///…}, {@code http://…} or {@code https://…}
     * @param trusted keys of which one must have signed each path
     * @param patience for each sign of life of a server
     */
    public static Answer<BinaryCache, CacheFailure> open(String url, List<PublicKey> trusted, Duration patience) {
        return files(url, patience).then(files -> open(files, trusted));
    }

    static Answer<BinaryCache, CacheFailure> open(CacheFiles files, List<PublicKey> trusted) {
        Answer<BinaryCache, CacheFailure> opened = text(files, "nix-cache-info", INFO_LIMIT)
                .then(info -> otherStore(info)
                        .<Answer<BinaryCache, CacheFailure>>map(
                                store -> Answer.not(new CacheFailure.OtherStore(files.url(""), store)))
                        .orElseGet(() -> Answer.is(new BinaryCache(files, trusted))));
        if (opened instanceof Answer.Not<BinaryCache, CacheFailure>) {
            files.close();
        }
        return opened;
    }

    private static Answer<CacheFiles, CacheFailure> files(String url, Duration patience) {
        try {
            String directory = url.replaceFirst("[?#].*", "").replaceFirst("/*$", "/");
            URI base = URI.create(directory);
            String scheme = String.valueOf(base.getScheme());
            if (scheme.equals("file")) {
                return Answer.is(new DirectoryFiles(Path.of(base)));
            }
            return scheme.matches("https?") && base.getHost() != null
                    ? Answer.is(new HttpFiles(base, patience))
                    : Answer.not(new CacheFailure.NotSupported(url));
        } catch (IllegalArgumentException noUrl) {
            return Answer.not(new CacheFailure.NotSupported(url));
        }
    }

    /** https://nix.dev/manual/nix/latest/protocols/binary-cache/nix-cache-info: the store may be left out. */
    private static Optional<String> otherStore(String info) {
        return info.lines()
                .filter(line -> line.startsWith("StoreDir:"))
                .map(line -> line.substring("StoreDir:".length()).strip())
                .filter(store -> !store.equals(STORE))
                .findFirst();
    }

    /** What the cache says of a path, signed by a trusted key. */
    public Answer<NarInfo, CacheFailure> narInfo(StorePath path) {
        String file = path.hash() + ".narinfo";
        return text(files, file, NarInfoText.LIMIT).then(text -> switch (NarInfoText.parse(text)) {
            case Answer.Is<NarInfo, List<NarInfoText.Finding>>(NarInfo info) -> believed(path, info);
            case Answer.Not<NarInfo, List<NarInfoText.Finding>>(List<NarInfoText.Finding> findings) ->
                Answer.not(new CacheFailure.Malformed(
                        files.url(file),
                        findings.stream().map(NarInfoText.Finding::toString).toList()));
        });
    }

    private Answer<NarInfo, CacheFailure> believed(StorePath path, NarInfo info) {
        if (!info.path().equals(path)) {
            return Answer.not(new CacheFailure.OtherPath(path, info.path()));
        }
        return info.signedBy(trusted)
                ? Answer.is(info)
                : Answer.not(new CacheFailure.BadSignature(
                        path,
                        info.signatures().stream()
                                .map(signature -> signature.substring(0, signature.indexOf(':')))
                                .toList()));
    }

    /**
     * Writes the path's archive, decompressed, and checks it on its way: what was written is right only when this
     * returns nothing.
     *
     * @throws IOException of {@code to} alone
     */
    public Optional<CacheFailure> copyNar(NarInfo info, OutputStream to) throws IOException {
        return switch (files.open(info.file().url())) {
            case Answer.Not<InputStream, CacheFailure>(CacheFailure failure) -> Optional.of(failure);
            case Answer.Is<InputStream, CacheFailure>(InputStream file) ->
                PassingNar.pass(info, new Download(file, info), to);
        };
    }

    /**
     * The path's file as it lies in the cache, whole and not checked.
     *
     * @param most bytes; of a longer one, which is not as promised then, comes one more
     */
    Answer<byte[], CacheFailure> file(NarInfo info, int most) {
        String url = info.file().url();
        return files.open(url).then(stream -> {
            try (stream) {
                return Answer.is(stream.readNBytes(most + 1));
            } catch (IOException lost) {
                return Answer.not(new CacheFailure.CacheUnavailable(files.url(url), lost.toString()));
            }
        });
    }

    /** The text of a file in the directory that a path is; empty where there is none, or the path is a large one. */
    Answer<Optional<String>, CacheFailure> read(NarInfo info, String name) {
        if (info.nar().size() > SMALL) {
            return Answer.is(Optional.empty());
        }
        var nar = new ByteArrayOutputStream((int) info.nar().size());
        try {
            Optional<CacheFailure> wrong = copyNar(info, nar);
            return wrong.isPresent()
                    ? Answer.not(wrong.get())
                    : Answer.is(NarReader.file(new WireInput(new ByteArrayInputStream(nar.toByteArray())), name)
                            .map(content -> new String(content, StandardCharsets.UTF_8)));
        } catch (IOException bug) {
            throw new UncheckedIOException(bug);
        }
    }

    private static Answer<String, CacheFailure> text(CacheFiles files, String file, int limit) {
        return files.open(file).then(stream -> {
            try (stream) {
                byte[] bytes = stream.readNBytes(limit + 1);
                return bytes.length > limit
                        ? Answer.not(new CacheFailure.Malformed(files.url(file), List.of("longer than " + limit)))
                        : Answer.is(new String(bytes, StandardCharsets.UTF_8));
            } catch (IOException lost) {
                return Answer.not(new CacheFailure.CacheUnavailable(files.url(file), lost.toString()));
            }
        });
    }

    @Override
    public void close() {
        files.close();
    }
}
