package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client beside what real Nix's own client and server said to each other. */
class ServeClientTest {
    private static final long HELLO_BACK = 0x5452eecb;
    private static final ServeClient.NarSource NAR = to -> {
        to.write(new TestNar.Leaf("x", false).archive());
        return Optional.empty();
    };

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private static BinaryCache cache() {
        String url = Recorded.DIRECTORY.resolve("cache/none").toUri().toString();
        return ((Answer.Is<BinaryCache, CacheFailure>) BinaryCache.open(url, Recorded.keys(), Duration.ofSeconds(20)))
                .value();
    }

    private static NarInfo info(BinaryCache cache, StorePath path) {
        return ((Answer.Is<NarInfo, CacheFailure>) cache.narInfo(path)).value();
    }

    private static byte[] bytes(Function<WireOutput, Written> words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            words.apply(new WireOutput(bytes)).write();
        } catch (IOException inMemory) {
            throw new AssertionError(inMemory);
        }
        return bytes.toByteArray();
    }

    @FunctionalInterface
    private interface Written {
        void write() throws IOException;
    }

    private static byte[] numbers(long... numbers) {
        return bytes(out -> () -> {
            for (long number : numbers) {
                out.number(number);
            }
        });
    }

    /** What the server said, from its first number on. */
    private Answer<ServeClient, ServeFailure> opened(byte[] answers) {
        return ServeClient.open(new ByteArrayInputStream(answers), said);
    }

    private ServeClient client(long... answers) {
        long[] all = Stream.concat(
                        Stream.of(HELLO_BACK, 0x207L), Arrays.stream(answers).boxed())
                .mapToLong(Long::longValue)
                .toArray();
        return ((Answer.Is<ServeClient, ServeFailure>) opened(numbers(all))).value();
    }

    /** Nix asks for the infos of each path before it gives it, and waits; but for that the bytes are the same. */
    @Test
    void saysWhatNixSays() throws IOException {
        List<StorePath> paths = Stream.of("lib-1.0", "tool", "data.txt", "app")
                .map(ServeClientTest::pathOf)
                .sorted(Comparator.comparing(StorePath::base))
                .toList();
        String recorded = new String(Recorded.bytes("serve/client"), StandardCharsets.ISO_8859_1);
        for (StorePath path : paths) {
            recorded = recorded.replace(request(2, out -> () -> out.number(1).string(path.toString())), "");
        }
        String withoutQueries = recorded;
        List<StorePath> inItsOrder = paths.stream()
                .sorted(Comparator.comparingInt(
                        path -> withoutQueries.indexOf(request(9, out -> () -> out.string(path.toString())))))
                .toList();

        ServeClient client = client(0, 1, 1, 1, 1);
        assertThat(client.validPaths(paths, false)).isEqualTo(Answer.is(Set.of()));
        try (BinaryCache cache = cache()) {
            for (StorePath path : inItsOrder) {
                NarInfo info = info(cache, path);
                assertThat(client.add(info, to -> cache.copyNar(info, to))).isEmpty();
            }
        }
        assertThat(client.finish()).isEmpty();
        assertThat(client.taken()).isEqualTo(4);
        assertThat(said.toString(StandardCharsets.ISO_8859_1)).isEqualTo(withoutQueries);
    }

    private static String request(long command, Function<WireOutput, Written> words) {
        return new String(numbers(command), StandardCharsets.ISO_8859_1)
                + new String(bytes(words), StandardCharsets.ISO_8859_1);
    }

    @Test
    void hearsWhatNixSays() {
        // what is valid, nothing; four times no info, four times 1
        assertThat(Recorded.bytes("serve/server"))
                .startsWith(numbers(HELLO_BACK, 0x207, 0))
                .hasSize(WireInput.WORD * (3 + 4 + 4));
    }

    private static StorePath pathOf(String name) {
        try (BinaryCache cache = cache()) {
            NarInfo top = info(cache, Recorded.top());
            return Stream.concat(Stream.of(top.path()), top.references().stream())
                    .filter(path -> path.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void asksWhatIsThere() {
        StorePath there = pathOf("tool");
        byte[] answers = bytes(out -> () ->
                out.number(HELLO_BACK).number(0x208).strings(List.of(there)).number(0));
        ServeClient client = ((Answer.Is<ServeClient, ServeFailure>) opened(answers)).value();
        said.reset();
        List<StorePath> asked = List.of(there, pathOf("app"));
        assertThat(client.validPaths(asked, true)).isEqualTo(Answer.is(Set.of(there)));
        assertThat(said.toByteArray())
                .isEqualTo(bytes(out -> () -> out.number(1).number(1).number(0).strings(asked)));
        assertThat(client.validPaths(List.of(), true)).isEqualTo(Answer.is(Set.of()));
    }

    @ParameterizedTest
    @CsvSource({"0x204, 2, 4", "0x100, 1, 0", "0x301, 3, 1"})
    void otherVersions(String version, long major, long minor) {
        assertThat(opened(numbers(HELLO_BACK, Long.decode(version))))
                .isEqualTo(Answer.not(new ServeFailure.Incompatible(major, minor)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x205", "0x206", "0x207", "0x208", "0x20a"})
    void versionsThatWillDo(String version) {
        assertThat(opened(numbers(HELLO_BACK, Long.decode(version)))).isInstanceOf(Answer.Is.class);
    }

    @Test
    void whatIsNoServer() {
        assertThat(opened("Welcome to web-1!\r\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Answer.not(new ServeFailure.NotServing("Welcome to web-1!")));
        assertThat(opened(new byte[0])).isEqualTo(Answer.not(new ServeFailure.Ended(null)));
        assertThat(opened(numbers(HELLO_BACK))).isEqualTo(Answer.not(new ServeFailure.Ended(null)));
    }

    @Test
    void theFirstPathWithoutAnAnswerIsTold() {
        NarInfo first = info(cache(), pathOf("lib-1.0"));
        NarInfo second = info(cache(), pathOf("tool"));

        ServeClient one = client(1);
        assertThat(one.add(first, NAR)).isEmpty();
        assertThat(one.add(second, NAR)).isEmpty();
        assertThat(one.finish()).contains(new ServeFailure.Ended(second.path()));
        assertThat(one.taken()).isEqualTo(1);

        ServeClient none = client();
        assertThat(none.add(first, NAR)).isEmpty();
        assertThat(none.validPaths(List.of(), false)).isEqualTo(Answer.not(new ServeFailure.Ended(first.path())));

        ServeClient refusing = client(0);
        assertThat(refusing.add(first, NAR)).contains(new ServeFailure.Refused(first.path()));
    }

    @Test
    void whatItCannotHaveSaid() {
        assertThat(client(1_000_001).validPaths(List.of(), false))
                .isEqualTo(Answer.not(new ServeFailure.Garbled(WireFault.TOO_LONG)));
        assertThat(client(-1).validPaths(List.of(), false))
                .isEqualTo(Answer.not(new ServeFailure.Garbled(WireFault.TOO_LONG)));
        assertThat(client(1, 5, 0x2f00000000L).validPaths(List.of(), false))
                .isEqualTo(Answer.not(new ServeFailure.Garbled(WireFault.UNEXPECTED_WORD)));
        assertThat(client(1, 5, -1).validPaths(List.of(), false))
                .isEqualTo(Answer.not(new ServeFailure.Garbled(WireFault.PADDING)));
    }

    @Test
    void anArchiveThatIsNotRightIsNotTheServersFault() {
        CacheFailure failure = new CacheFailure.NotFound("nar/x");
        assertThat(client(1).add(info(cache(), pathOf("lib-1.0")), to -> Optional.of(failure)))
                .contains(new ServeFailure.BadSource(failure));
    }

    /** The server went while it was written to: the answers that it gave before are read, for they tell where. */
    @Test
    void aServerThatStopsToListen() {
        NarInfo first = info(cache(), pathOf("lib-1.0"));
        NarInfo second = info(cache(), pathOf("tool"));
        OutputStream broken = new OutputStream() {
            private int left = 5_000;

            @Override
            public void write(int b) throws IOException {
                if (--left < 0) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        ServeClient client = ((Answer.Is<ServeClient, ServeFailure>)
                        ServeClient.open(new ByteArrayInputStream(numbers(HELLO_BACK, 0x207, 1)), broken))
                .value();
        List<Optional<ServeFailure>> results = new ArrayList<>();
        results.add(client.add(first, NAR));
        results.add(client.add(second, to -> {
            to.write(new byte[100_000]);
            return Optional.empty();
        }));
        assertThat(results).containsExactly(Optional.empty(), Optional.of(new ServeFailure.Ended(second.path())));
        assertThat(client.taken()).isEqualTo(1);
    }

    /** A thousand paths without waiting, with a server whose answers do not wait for anything but a reader. */
    @Test
    void manyPathsBeforeAnAnswer() throws Exception {
        NarInfo info = info(cache(), pathOf("lib-1.0"));
        try (PipedInputStream answers = new PipedInputStream(WireInput.WORD * 300);
                PipedOutputStream server = new PipedOutputStream(answers)) {
            int[] given = {0};
            server.write(numbers(HELLO_BACK, 0x207));
            ServeClient client = ((Answer.Is<ServeClient, ServeFailure>) ServeClient.open(answers, said)).value();
            for (int n = 0; n < 1000; n++) {
                assertThat(client.add(info, to -> {
                            given[0]++;
                            // late by a hundred paths, as with a long way
                            if (given[0] > 100) {
                                server.write(numbers(1));
                            }
                            return NAR.copyTo(to);
                        }))
                        .isEmpty();
            }
            for (int n = 0; n < 100; n++) {
                server.write(numbers(1));
            }
            assertThat(client.finish()).isEmpty();
            assertThat(client.taken()).isEqualTo(1000);
        }
    }

    /** The window closes: a server that gives no answer is not flooded, and its end is found. */
    @Test
    void waitsForAnswersInTheEnd() {
        NarInfo info = info(cache(), pathOf("lib-1.0"));
        InputStream none = new ByteArrayInputStream(numbers(HELLO_BACK, 0x207));
        ServeClient client = ((Answer.Is<ServeClient, ServeFailure>) ServeClient.open(none, said)).value();
        int added = 0;
        while (client.add(info, NAR).isEmpty()) {
            added++;
        }
        assertThat(added).isEqualTo(255);
    }
}
