package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.hash.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real Nix, that of the lab's tools tree, on this machine and with a store of its own. */
class NixServeIT {
    private static final StorePath TOP = Recorded.top();
    private static final String RESTORE =
            """
            cd "$1"
            for ((n = 0; n < $2; n++)); do
              nix-store --restore "tree$n" < "nar$n" 2> /dev/null || rm -rf "tree$n"
              if [ -e "tree$n" ] || [ -L "tree$n" ]; then nix-store --dump "tree$n" > "again$n"; else : > "again$n"; fi
              rm -rf "tree$n"
            done
            """;

    private Path directory;

    @BeforeEach
    void directory() throws IOException {
        // the same each time, for the tools tree keeps the mount point
        directory = Files.createDirectories(Path.of("target/nix-serve").toAbsolutePath());
    }

    @AfterEach
    void remove() throws IOException {
        RealNix.remove(directory);
    }

    private RealNix nix() {
        return new RealNix(directory, directory.resolve("nix"));
    }

    private String output(String... command) throws Exception {
        return nix().output(command);
    }

    /** What is done with the server, and what it writes to standard error. */
    private String served(Conversation conversation, String... command) throws Exception {
        return nix().served(
                        (from, to) -> {
                            conversation.with(is(ServeClient.open(from, to)));
                            return true;
                        },
                        command)
                .err();
    }

    private String served(Conversation conversation) throws Exception {
        return served(conversation, "nix-store", "--serve", "--write");
    }

    @FunctionalInterface
    private interface Conversation {
        void with(ServeClient client);
    }

    private static BinaryCache cache(Compression compression) {
        return is(BinaryCache.open(
                Recorded.DIRECTORY
                        .resolve("cache")
                        .resolve(compression.word())
                        .toUri()
                        .toString(),
                Recorded.keys(),
                Duration.ofSeconds(20)));
    }

    private static <T, F> T is(Answer<T, F> answer) {
        return switch (answer) {
            case Answer.Is<T, F>(T value) -> value;
            case Answer.Not<T, F>(F failure) -> throw new AssertionError(failure);
        };
    }

    @Test
    void takesAClosure() throws Exception {
        Set<StorePath> all = new HashSet<>();
        String err = served(client -> {
            try (BinaryCache cache = cache(Compression.XZ)) {
                for (NarInfo info : missing(cache, paths -> is(client.validPaths(paths, true)))) {
                    assertThat(client.add(info, to -> cache.copyNar(info, to))).isEmpty();
                    all.add(info.path());
                }
                assertThat(client.finish()).isEmpty();
                assertThat(client.taken()).isEqualTo(4);
                assertThat(client.validPaths(all, true)).isEqualTo(Answer.is(all));
                assertThat(missing(cache, paths -> is(client.validPaths(paths, true))))
                        .isEmpty();
            }
        });
        assertThat(err).isEmpty();
        assertThat(output("nix-store", "--query", "--requisites", TOP.toString())
                        .lines())
                .containsExactlyInAnyOrderElementsOf(
                        all.stream().map(StorePath::toString).toList());
        output("nix-store", "--verify", "--check-contents");
        output(
                "nix",
                "store",
                "verify",
                "--recursive",
                "--trusted-public-keys",
                Recorded.keys().getFirst().toString(),
                TOP.toString());
    }

    @Test
    void refusesWhatIsNotWhatWasPromised() throws Exception {
        NarInfo lib;
        try (BinaryCache cache = cache(Compression.NONE)) {
            lib = missing(cache, paths -> Set.of()).getFirst();
        }
        NarInfo wrong = new NarInfo(
                lib.path(),
                lib.file(),
                new NarInfo.Nar(NixHash.of(new byte[32]), lib.nar().size()),
                List.of(),
                null,
                List.of(),
                null);
        String err = served(client -> {
            assertThat(client.add(wrong, to -> cache(Compression.NONE).copyNar(lib, to)))
                    .isEmpty();
            assertThat(client.finish()).contains(new ServeFailure.Ended(lib.path()));
        });
        assertThat(ServeComplaint.of(err)).as(err).isEqualTo(ServeComplaint.OTHER_CONTENT);
        assertThat(valid(lib.path())).isEmpty();
    }

    private static List<NarInfo> missing(BinaryCache cache, Target target) {
        try (ClosureWalk walk = new ClosureWalk(TOP, cache::narInfo, 8)) {
            return is(walk.missing(paths -> Answer.is(target.valid(paths))));
        }
    }

    @FunctionalInterface
    private interface Target {
        Set<StorePath> valid(Collection<StorePath> paths);
    }

    private Set<StorePath> valid(StorePath path) throws Exception {
        Set<StorePath> valid = new HashSet<>();
        served(client -> valid.addAll(is(client.validPaths(List.of(path), false))));
        return valid;
    }

    @Test
    void refusesAPathBeforeItsReferences() throws Exception {
        try (BinaryCache cache = cache(Compression.NONE)) {
            NarInfo top = is(cache.narInfo(TOP));
            String err = served(client -> {
                assertThat(client.add(top, to -> cache.copyNar(top, to))).isEmpty();
                assertThat(client.finish()).contains(new ServeFailure.Ended(TOP));
            });
            assertThat(ServeComplaint.of(err)).as(err).isEqualTo(ServeComplaint.MISSING_REFERENCE);
            assertThat(valid(TOP)).isEmpty();
        }
    }

    /** A path of this content that nothing refers to. */
    private static NarInfo holding(byte[] archive) {
        return new NarInfo(
                TOP,
                new NarInfo.File("nar/x", Compression.NONE, null, null),
                new NarInfo.Nar(NixHash.of(Sha256.of(archive)), archive.length),
                List.of(),
                null,
                List.of(),
                null);
    }

    @Test
    void anArchiveThatEndsEarlyIsNotRegistered() throws Exception {
        byte[] archive = new TestNar.Leaf("x".repeat(200_000), false).archive();
        CacheFailure gone = new CacheFailure.CacheUnavailable("nar/x", "gone");
        String err = served(client -> assertThat(client.add(holding(archive), to -> {
                    to.write(archive, 0, 100_000);
                    return Optional.of(gone);
                }))
                .contains(new ServeFailure.BadSource(gone)));
        assertThat(ServeComplaint.of(err)).as(err).isEqualTo(ServeComplaint.OTHER_CONTENT);
        assertThat(valid(TOP)).isEmpty();
        // and once more, whole
        served(client -> assertThat(client.add(holding(archive), to -> {
                            to.write(archive);
                            return Optional.empty();
                        })
                        .or(client::finish))
                .isEmpty());
        assertThat(valid(TOP)).containsExactly(TOP);
    }

    @Test
    void aServerThatMayNotWriteSaysSo() throws Exception {
        byte[] archive = new TestNar.Leaf("x", false).archive();
        String err = served(
                client -> assertThat(client.add(holding(archive), to -> {
                                    to.write(archive);
                                    return Optional.empty();
                                })
                                .or(client::finish))
                        .contains(new ServeFailure.Ended(TOP)),
                "nix-store",
                "--serve");
        assertThat(ServeComplaint.of(err)).as(err).isEqualTo(ServeComplaint.NOT_ALLOWED);
    }

    @Test
    void aFullStoreSaysSo() throws Exception {
        byte[] large = new TestNar.Leaf("x".repeat(30_000_000), false).archive();
        String err = served(
                client -> assertThat(client.add(holding(large), to -> {
                                    to.write(large);
                                    return Optional.empty();
                                })
                                .or(client::finish))
                        .contains(new ServeFailure.Ended(TOP)),
                "bash",
                "-c",
                "mount -t tmpfs -o size=20M tmpfs /nix; exec nix-store --serve --write");
        assertThat(ServeComplaint.of(err)).as(err).isEqualTo(ServeComplaint.NO_SPACE);
    }

    /** Whatever we read Nix restores, and dumps again the same. */
    @Test
    void readsTheSameTreesAsNix() throws Exception {
        Random random = new Random(7);
        List<byte[]> archives = Stream.generate(() -> TestNar.random(random, 4).archive())
                .limit(15)
                .toList();
        assertThat(restored(archives))
                .map(Sha256::of)
                .containsExactlyElementsOf(archives.stream().map(Sha256::of).toList());
    }

    /** What Nix refuses to read we refuse, too: a flipped bit in random places of an archive. */
    @Test
    void refusesWhatNixRefuses() throws Exception {
        Random random = new Random(8);
        List<byte[]> archives = Stream.generate(() -> {
                    byte[] wrong = Recorded.bytes("tree.nar");
                    wrong[random.nextInt(2000)] ^= (byte) (1 << random.nextInt(8));
                    return wrong;
                })
                .limit(40)
                .toList();
        List<byte[]> restored = restored(archives);
        for (int n = 0; n < archives.size(); n++) {
            assertThat(reads(archives.get(n)) && restored.get(n).length == 0)
                    .as("archive %d", n)
                    .isFalse();
        }
        assertThat(restored).anyMatch(archive -> archive.length == 0).anyMatch(archive -> archive.length > 0);
    }

    /** Each after {@code nix-store --restore} and {@code --dump}; empty where Nix cannot read it. */
    private List<byte[]> restored(List<byte[]> archives) throws Exception {
        for (int n = 0; n < archives.size(); n++) {
            Files.write(directory.resolve("nar" + n), archives.get(n));
        }
        output("bash", "-c", RESTORE, "nix", directory.toString(), String.valueOf(archives.size()));
        List<byte[]> restored = new ArrayList<>();
        for (int n = 0; n < archives.size(); n++) {
            restored.add(Files.readAllBytes(directory.resolve("again" + n)));
        }
        return restored;
    }

    private static boolean reads(byte[] archive) {
        try {
            NarReader.read(new WireInput(new ByteArrayInputStream(archive), archive.length));
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    private Answer<ClosurePush.Done, PushFailure> pushed(BinaryCache cache) throws Exception {
        ClosurePush push = new ClosurePush(List.of(cache), progress -> {});
        return nix().served((from, to) -> push.push(from, to, TestCache.path(0)), "nix-store", "--serve", "--write")
                .result();
    }

    /** All that is registered, each with its references, and as it should be. */
    private List<String> registered() throws Exception {
        output("nix-store", "--verify", "--check-contents");
        List<String> paths = output("nix", "path-info", "--all").lines().toList();
        String[] requisites = Stream.concat(Stream.of("nix-store", "--query", "--requisites"), paths.stream())
                .toArray(String[]::new);
        assertThat(output(requisites).lines()).containsExactlyInAnyOrderElementsOf(paths);
        return paths;
    }

    private void isGone(BinaryCache cache) throws Exception {
        assertThat(pushed(cache)).isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(not.failure())
                .isInstanceOfSatisfying(PushFailure.Source.class, source -> assertThat(source.failure())
                        .isInstanceOf(CacheFailure.CacheUnavailable.class)));
    }

    /** A cache that dies in the midst of a large path, then after some small ones; then it is well again. */
    @Test
    void whatWasNotPushedIsPushedTheNextTime() throws Exception {
        int size = 320;
        int last = size - 1;
        byte[] large = new TestNar.Leaf("x".repeat(Prefetch.SMALL_NAR + 1), false).archive();
        TestCache system = TestCache.system(size).with(last, large);
        AtomicBoolean breaks = new AtomicBoolean(true);
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        BinaryCache cache = system.open(new WatchedFiles(system.files, file -> {
            if (breaks.get() && file.equals(TestCache.nar(last))) {
                return Optional.of(Answer.is(WatchedFiles.breakingOff(large)));
            }
            return file.startsWith("nar/") && left.decrementAndGet() < 0
                    ? Optional.of(Answer.not(new CacheFailure.CacheUnavailable(file, "gone")))
                    : Optional.empty();
        }));

        isGone(cache);
        List<String> first = registered();
        assertThat(first).doesNotContain(TestCache.path(last).toString());

        breaks.set(false);
        left.set(150);
        isGone(cache);
        // but for those that were on their way
        List<String> second = registered();
        assertThat(second).containsAll(first).contains(TestCache.path(last).toString());
        assertThat(second.size() - first.size()).isBetween(150 - 16, 150);

        left.set(Integer.MAX_VALUE);
        assertThat(pushed(cache))
                .isInstanceOfSatisfying(Answer.Is.class, is -> assertThat(((ClosurePush.Done) is.value()).paths())
                        .isEqualTo(size - second.size()));
        assertThat(registered()).hasSize(size);
        output(
                "nix",
                "store",
                "verify",
                "--recursive",
                "--trusted-public-keys",
                system.key().toString(),
                TestCache.path(0).toString());
    }
}
