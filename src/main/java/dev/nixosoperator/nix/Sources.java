package dev.nixosoperator.nix;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Binary caches in an order: what the first does not give, or not rightly, the next may. What went wrong on the way is
 * remembered. May be used by several threads.
 */
final class Sources {
    /** Without a pause: whoever has time to wait tries all of it again later. */
    private static final int TRIES = 3;

    private final List<Source> sources;
    private final Map<StorePath, Source> givers = new ConcurrentHashMap<>();
    /** One at a time, for a decompressor may need 72 MiB. */
    private final Lock unpacking = new ReentrantLock();

    Sources(List<BinaryCache> caches) {
        this.sources = caches.stream().map(Source::new).toList();
    }

    /** An archive in memory, checked, beside what was told of it. */
    record Fetched(NarInfo info, ByteArrayOutputStream nar) {}

    @FunctionalInterface
    private interface Question<T, E extends Exception> {
        Answer<T, CacheFailure> put(Source source) throws E;
    }

    /** What the first cache says that has the path, signed by a key that is trusted there. */
    Answer<NarInfo, CacheFailure> narInfo(StorePath path) {
        return first(path, sources, () -> true, source -> {
            Answer<NarInfo, CacheFailure> answer = source.cache.narInfo(path);
            if (answer instanceof Answer.Is<NarInfo, CacheFailure>) {
                givers.put(path, source);
            }
            return answer;
        });
    }

    /**
     * The archive, whole; another cache's when the one that told of it does not give it, if it is the same there.
     *
     * @param most bytes of the file
     */
    Answer<Fetched, CacheFailure> fetch(NarInfo info, int most) {
        return first(info.path(), giverFirst(info), () -> true, source -> same(source, info)
                .then(here -> source.cache.file(here, most).then(file -> unpacked(here, file))));
    }

    private Answer<Fetched, CacheFailure> unpacked(NarInfo info, byte[] file) {
        ByteArrayOutputStream nar =
                new ByteArrayOutputStream(Math.toIntExact(info.nar().size()));
        unpacking.lock();
        try {
            return PassingNar.pass(info, new Download(new ByteArrayInputStream(file), info), nar)
                    .<Answer<Fetched, CacheFailure>>map(Answer::not)
                    .orElseGet(() -> Answer.is(new Fetched(info, nar)));
        } catch (IOException inMemory) {
            throw new IllegalStateException(inMemory);
        } finally {
            unpacking.unlock();
        }
    }

    /**
     * Writes the archive as it comes. Another cache can help only as long as nothing was written.
     *
     * @throws IOException of {@code to} alone
     */
    Optional<CacheFailure> copyNar(NarInfo info, OutputStream to) throws IOException {
        CountedOutput counted = new CountedOutput(to, written -> {});
        unpacking.lock();
        try {
            Answer<NarInfo, CacheFailure> copied = first(
                    info.path(), giverFirst(info), () -> counted.count() == 0, source -> copied(source, info, counted));
            return copied instanceof Answer.Not<NarInfo, CacheFailure>(CacheFailure failure)
                    ? Optional.of(failure)
                    : Optional.empty();
        } finally {
            unpacking.unlock();
        }
    }

    private Answer<NarInfo, CacheFailure> copied(Source source, NarInfo info, OutputStream to) throws IOException {
        Answer<NarInfo, CacheFailure> same = same(source, info);
        if (same instanceof Answer.Is<NarInfo, CacheFailure>(NarInfo here)) {
            Optional<CacheFailure> failure = source.cache.copyNar(here, to);
            return failure.isPresent() ? Answer.not(failure.get()) : same;
        }
        return same;
    }

    /** The first of each cache that did not do all that it should have, though others may have. */
    List<CacheFailure> wrong() {
        return sources.stream().flatMap(source -> source.wrong().stream()).toList();
    }

    private List<Source> giverFirst(NarInfo info) {
        Source giver = Objects.requireNonNull(givers.get(info.path()));
        return Stream.concat(Stream.of(giver), sources.stream().filter(source -> source != giver))
                .toList();
    }

    /** What the cache says of the path, if that is the same archive and the same references. */
    private Answer<NarInfo, CacheFailure> same(Source source, NarInfo info) {
        if (source == givers.get(info.path())) {
            return Answer.is(info);
        }
        return source.cache
                .narInfo(info.path())
                .then(here -> here.fingerprint().equals(info.fingerprint())
                        ? Answer.is(here)
                        : Answer.not(new CacheFailure.NotFound(info.file().url())));
    }

    /**
     * The first answer; where there is none all are asked again, if that may help.
     *
     * @param open whether another answer is still of use
     */
    private static <T, E extends Exception> Answer<T, CacheFailure> first(
            StorePath path, List<Source> order, BooleanSupplier open, Question<T, E> question) throws E {
        List<CacheFailure> failures = List.of();
        for (int n = 0; n == 0 || (n < TRIES && failures.stream().anyMatch(CacheFailure::passing)); n++) {
            failures = new ArrayList<>();
            for (Source source : order) {
                Optional<CacheFailure> gone = source.gone();
                Answer<T, CacheFailure> answer = gone.isPresent() ? Answer.not(gone.get()) : question.put(source);
                if (!(answer instanceof Answer.Not<T, CacheFailure>(CacheFailure failure))) {
                    source.gave();
                    return answer;
                }
                if (Thread.currentThread().isInterrupted()) {
                    return answer; // nobody's fault
                }
                source.failed(failure);
                failures.add(failure);
                if (!open.getAsBoolean()) {
                    return answer;
                }
            }
        }
        return Answer.not(CacheFailure.ofAll(path, failures));
    }
}
