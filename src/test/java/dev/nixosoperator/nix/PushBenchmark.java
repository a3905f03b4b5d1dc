package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.hash.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code mvn verify -Pbenchmark}: how long a closure takes from a binary cache in a directory into the empty store of a real
 * {@code nix-store --serve --write}, beside {@code nix copy} with the same cache, the same server and the same way to it,
 * one after the other. A delay is a round trip's: half of it for each direction, made by a pipe that holds back what it is
 * given, for not every kernel can do it. From the start of the server's process to its end; the best of the rounds.
 */
class PushBenchmark {
    /** {@code delayed SECONDS COMMAND...}: what the command reads and writes arrives later by so much. */
    private static final String DELAYED =
            """
            use strict; use IPC::Open2; use IO::Handle; use Time::HiRes "time";
            my $delay = shift;
            sub lane {
              my ($from, $to) = @_;
              my ($open, $size, @held) = (1, 0);
              $to->blocking(0);
              while ($open || @held) {
                my $wait = @held ? $held[0][0] - time : undef;
                my ($ready, $room) = ("", "");
                vec($ready, fileno $from, 1) = 1 if $open && $size < 4 << 20;
                if (defined $wait && $wait <= 0) { vec($room, fileno $to, 1) = 1; undef $wait }
                next unless select($ready, $room, undef, $wait) > 0;
                if ($room =~ /[^\0]/) {
                  my $written = syswrite($to, $held[0][1]);
                  exit 1 unless defined $written || $!{EAGAIN};
                  $size -= $written // 0;
                  substr($held[0][1], 0, $written // 0) = "";
                  shift @held if $held[0][1] eq "";
                }
                if ($ready =~ /[^\0]/) {
                  if (sysread($from, my $bytes, 65536)) { push @held, [time() + $delay, $bytes]; $size += length $bytes } else { $open = 0 }
                }
              }
            }
            my $command = open2(my $out, my $in, @ARGV);
            my $writer = fork // die;
            if (!$writer) { close $out; lane(\\*STDIN, $in); exit }
            close $in; lane($out, \\*STDOUT);
            waitpid $command, 0; exit $? >> 8;
            """;

    private static final Path DIRECTORY = Path.of("target/nix-push").toAbsolutePath();
    private static final int GIB = 1 << 30;
    /** Of the caches that were written, by their size. */
    private static final Map<Integer, PublicKey> KEYS = new HashMap<>();

    @BeforeAll
    static void directory() throws IOException {
        if (Files.exists(DIRECTORY)) {
            RealNix.remove(DIRECTORY);
        }
        Files.createDirectories(DIRECTORY);
        Files.writeString(DIRECTORY.resolve("delayed.pl"), DELAYED);
    }

    @AfterAll
    static void remove() throws IOException {
        RealNix.remove(DIRECTORY);
    }

    @ParameterizedTest
    @CsvSource({"300, 0, 8", "300, 20, 2", "3000, 0, 3", "3000, 20, 1"})
    void manySmallPaths(int size, int milliseconds, int rounds) throws Exception {
        if (!KEYS.containsKey(size)) {
            KEYS.put(size, written(size));
        }
        compare(size + " small paths", cache(size), Objects.requireNonNull(KEYS.get(size)), milliseconds, rounds);
    }

    private static Path cache(int size) {
        return DIRECTORY.resolve("cache-" + size);
    }

    /** A cache, compressed as Nix does by itself, and its key. */
    private static PublicKey written(int size) throws Exception {
        TestCache system = TestCache.system(size);
        Path plain = DIRECTORY.resolve("plain-" + size);
        system.write(plain);
        nix("compressing")
                .output(
                        "nix",
                        "copy",
                        "--trusted-public-keys",
                        system.key().toString(),
                        "--from",
                        "file://" + plain,
                        "--to",
                        "file://" + cache(size),
                        top());
        return system.key();
    }

    @Test
    void oneLargePath() throws Exception {
        Path directory = DIRECTORY.resolve("cache-large");
        TestCache large = new TestCache();
        large.write(directory);
        MessageDigest digest = Sha256.digest();
        try (OutputStream out = new DigestOutputStream(
                new BufferedOutputStream(Files.newOutputStream(directory.resolve(TestCache.nar(0)))), digest)) {
            out.write(TestNar.words("nix-archive-1", "(", "type", "regular", "contents"));
            new WireOutput(out).number(GIB);
            Random random = new Random(1);
            byte[] some = new byte[1 << 20];
            for (int n = 0; n < GIB / some.length; n++) {
                random.nextBytes(some);
                out.write(some);
            }
            out.write(TestNar.words(")"));
        }
        large.told(0, NixHash.of(digest.digest()), Files.size(directory.resolve(TestCache.nar(0))))
                .write(directory);
        compare("one path of 1 GiB", directory, large.key(), 0, 3);
    }

    private static void compare(String what, Path cache, PublicKey key, int milliseconds, int rounds) throws Exception {
        Path program = program(milliseconds);
        double ours = Double.MAX_VALUE;
        double nixs = Double.MAX_VALUE;
        for (int n = 0; n < rounds; n++) {
            ours = Math.min(ours, seconds(store -> pushed(store, program, cache, key)));
            nixs = Math.min(nixs, seconds(store -> copied(store, program, cache, key)));
        }
        System.out.printf(
                "%s, %d ms round trip: pushed in %.2f s, nix copy %.2f s, %.1f x as fast (best of %d, heap of %d MiB)%n",
                what,
                milliseconds,
                ours,
                nixs,
                nixs / ours,
                rounds,
                Runtime.getRuntime().maxMemory() >> 20);
        assertThat(nixs / ours)
                .as("%s with %d ms: times as fast as nix copy", what, milliseconds)
                .isGreaterThan(1);
    }

    @FunctionalInterface
    private interface Work {
        void into(RealNix store) throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        RealNix store = nix("store");
        long start = System.nanoTime();
        work.into(store);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(store.output("nix-store", "--query", "--hash", top())).startsWith("sha256:");
        RealNix.remove(store.store());
        return seconds;
    }

    private static void pushed(RealNix store, Path program, Path cache, PublicKey key) throws Exception {
        try (BinaryCache from = is(BinaryCache.open(cache.toUri().toString(), List.of(key), Duration.ofSeconds(20)))) {
            ClosurePush push = new ClosurePush(List.of(from), progress -> {});
            is(store.served(
                            (in, out) -> push.push(in, out, TestCache.path(0)),
                            program.toString(),
                            "--serve",
                            "--write")
                    .result());
        }
    }

    private static void copied(RealNix store, Path program, Path cache, PublicKey key) throws Exception {
        // for this name Nix starts the program without ssh
        store.output(
                "nix",
                "copy",
                "--trusted-public-keys",
                key.toString(),
                "--from",
                "file://" + cache,
                "--to",
                "ssh://localhost?remote-program=" + program,
                top());
    }

    /** The server behind the delay. */
    private static Path program(int milliseconds) throws IOException {
        Path program = DIRECTORY.resolve("delayed-" + milliseconds);
        String delay = milliseconds == 0 ? "" : "perl " + DIRECTORY + "/delayed.pl " + milliseconds / 2000.0 + " ";
        Files.writeString(program, "#!/bin/sh\nexec " + delay + "nix-store \"$@\"\n", StandardCharsets.UTF_8);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static RealNix nix(String store) {
        return new RealNix(DIRECTORY, DIRECTORY.resolve(store));
    }

    private static String top() {
        return TestCache.path(0).toString();
    }

    private static <T, F> T is(Answer<T, F> answer) {
        return switch (answer) {
            case Answer.Is<T, F>(T value) -> value;
            case Answer.Not<T, F>(F failure) -> throw new AssertionError(failure);
        };
    }
}
