package dev.nixosoperator.nix;

import static dev.nixosoperator.nix.TestNar.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NarReaderTest {
    private static final String MAGIC = "nix-archive-1";

    private static void isRead(byte[] archive) throws IOException {
        WireInput in = new WireInput(new ByteArrayInputStream(archive), archive.length);
        NarReader.read(in);
        assertThat(in.position()).isEqualTo(archive.length);
    }

    @Test
    void readsWhatNixDumps() throws IOException {
        String numbers = IntStream.rangeClosed(1, 2000).mapToObj(n -> n + "\n").collect(Collectors.joining());
        TestNar tree = new TestNar.Directory(Map.of(
                "B ", new TestNar.Leaf("x", false),
                "a",
                        new TestNar.Directory(Map.of(
                                "eight", new TestNar.Leaf("12345678", false),
                                "run", new TestNar.Leaf("#!/bin/sh\n", true))),
                "a.b", new TestNar.Leaf("x", false),
                "empty", new TestNar.Leaf("", false),
                "empty-directory", new TestNar.Directory(Map.of()),
                "link", new TestNar.Link("../nowhere"),
                "numbers", new TestNar.Leaf(numbers, false),
                "Ã¤", new TestNar.Leaf("Ã¤\n", false)));
        isRead(Recorded.bytes("tree.nar"));
        assertThat(tree.archive()).isEqualTo(Recorded.bytes("tree.nar"));
    }

    @Test
    void readsEveryTree() throws IOException {
        Random random = new Random(1);
        for (int n = 0; n < 200; n++) {
            TestNar tree = TestNar.random(random, 5);
            isRead(tree.archive());
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                arguments("no archive", words("nix-archive-2"), WireFault.UNEXPECTED_WORD),
                arguments("nothing", new byte[0], WireFault.BEYOND_SIZE),
                arguments("a long word", words("nix-archive-1 and more"), WireFault.TOO_LONG),
                arguments("an unknown kind", words(MAGIC, "(", "type", "fifo", ")"), WireFault.UNEXPECTED_WORD),
                arguments("no kind", words(MAGIC, "(", ")"), WireFault.UNEXPECTED_WORD),
                arguments(
                        "executable with a value",
                        words(MAGIC, "(", "type", "regular", "executable", "1", "contents", "", ")"),
                        WireFault.UNEXPECTED_WORD),
                arguments(
                        "a file without content", words(MAGIC, "(", "type", "regular", ")"), WireFault.UNEXPECTED_WORD),
                arguments("a name with a slash", directory("a/b"), WireFault.BAD_NAME),
                arguments("a name with NUL", directory("a\0b"), WireFault.BAD_NAME),
                arguments("a name of nothing", directory(""), WireFault.BAD_NAME),
                arguments("the directory itself", directory("."), WireFault.BAD_NAME),
                arguments("the directory above", directory(".."), WireFault.BAD_NAME),
                arguments("a name too long", directory("x".repeat(256)), WireFault.TOO_LONG),
                arguments("a name twice", directory("a", "a"), WireFault.UNSORTED),
                arguments("names that are not sorted", directory("b", "a"), WireFault.UNSORTED),
                arguments("bytes count unsigned", directory("é", "z"), WireFault.UNSORTED),
                arguments("a link to nowhere", new TestNar.Link("").archive(), WireFault.BAD_TARGET),
                arguments("a link with NUL", new TestNar.Link("a\0").archive(), WireFault.BAD_TARGET),
                arguments("a long link", new TestNar.Link("x".repeat(4096)).archive(), WireFault.TOO_LONG),
                arguments("too deep", nested(257).archive(), WireFault.TOO_DEEP),
                arguments("padding", padded(), WireFault.PADDING),
                arguments("a size beyond all", HexFormat.of().parseHex("ffffffffffffffff"), WireFault.TOO_LONG),
                arguments("cut", Arrays.copyOf(directory("a"), 64), WireFault.BEYOND_SIZE));
    }

    private static byte[] directory(String... names) {
        Stream<String> entries = Stream.of(names)
                .flatMap(name ->
                        Stream.of("entry", "(", "name", name, "node", "(", "type", "symlink", "target", "x", ")", ")"));
        return words(Stream.of(Stream.of(MAGIC, "(", "type", "directory"), entries, Stream.of(")"))
                .flatMap(words -> words)
                .toArray(String[]::new));
    }

    private static TestNar nested(int levels) {
        return IntStream.range(1, levels)
                .<TestNar>mapToObj(n -> new TestNar.Leaf("", false))
                .reduce(new TestNar.Leaf("", false), (inner, any) -> new TestNar.Directory(Map.of("d", inner)));
    }

    private static byte[] padded() {
        byte[] archive = new TestNar.Leaf("123", false).archive();
        archive[archive.length - 17] = 1;
        return archive;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void broken(String what, byte[] archive, WireFault fault) {
        assertThatThrownBy(() -> isRead(archive))
                .isInstanceOfSatisfying(
                        WireException.class, wrong -> assertThat(wrong.fault()).isEqualTo(fault));
    }

    @Test
    void asDeepAsAllowed() throws IOException {
        isRead(nested(256).archive());
    }

    @Test
    void keepsOneFileOfTheTop() throws IOException {
        TestNar tree = new TestNar.Directory(Map.of(
                "system", new TestNar.Leaf("x86_64-linux", false),
                "link", new TestNar.Link("system"),
                "below", new TestNar.Directory(Map.of("deep", new TestNar.Leaf("no", false)))));
        assertThat(file(tree, "system")).hasValue("x86_64-linux");
        assertThat(file(tree, "link")).isEmpty();
        assertThat(file(tree, "deep")).isEmpty();
        assertThat(file(new TestNar.Leaf("system", false), "system")).isEmpty();
    }

    private static Optional<String> file(TestNar tree, String name) throws IOException {
        WireInput archive = new WireInput(new ByteArrayInputStream(tree.archive()));
        return NarReader.file(archive, name).map(content -> new String(content, StandardCharsets.UTF_8));
    }

    @Test
    void whatEndsBeforeItsSizeIsKnownToHaveEnded() {
        byte[] archive = directory("a");
        WireInput in = new WireInput(new ByteArrayInputStream(archive, 0, 64), archive.length);
        assertThatThrownBy(() -> NarReader.read(in))
                .isInstanceOfSatisfying(
                        WireException.class, wrong -> assertThat(wrong.fault()).isEqualTo(WireFault.ENDS_EARLY));
    }
}
