package dev.nixosoperator.nix;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * Speaks with {@code nix-store --serve --write}: asks what it has and gives it paths, without waiting for each to be
 * taken, so that many small ones do not cost a round trip each. Nix checks hash and size of what it is given, and that
 * all references are there, but no signatures: the caller must have.
 *
 * <p>Not for several threads. Waits as long as the streams do: a deadline closes them. See serve-protocol.hh and
 * nix-store.cc in Nix's source; nothing else describes the protocol.
 */
public final class ServeClient {
    private static final long HELLO = 0x390c9deb;
    private static final long HELLO_BACK = 0x5452eecb;
    /** Of Nix 2.18 and newer; the older server of the two decides, and what is sent here is the same since 2.5. */
    private static final long VERSION = (2 << 8) | 7;

    private static final long OLDEST_MINOR = 5;

    private static final long QUERY_VALID_PATHS = 1;
    private static final long ADD_TO_STORE_NAR = 9;
    private static final long TAKEN = 1;

    /** Paths without an answer. An answer has 8 bytes: so many fit into any pipe, and neither side waits to write. */
    private static final int WINDOW = 256;

    private static final int MOST_PATHS = 1_000_000;
    private static final int LONGEST_PATH = 300;

    private final InputStream from;
    private final WireInput answers;
    private final OutputStream to;
    private final WireOutput request;
    private final Queue<StorePath> unanswered = new ArrayDeque<>();
    private int taken;

    private ServeClient(InputStream from, OutputStream to) {
        this.from = from;
        this.answers = new WireInput(from);
        this.to = new BufferedOutputStream(to, 64 * 1024);
        this.request = new WireOutput(this.to);
    }

    /** Where the archive of a path comes from, such as {@link BinaryCache#copyNar}. */
    @FunctionalInterface
    public interface NarSource {
        /**
         * @return why what was written is not the archive
         * @throws IOException of {@code to} alone
         */
        Optional<CacheFailure> copyTo(OutputStream to) throws IOException;
    }

    /** Begins to speak; the streams stay the caller's. */
    public static Answer<ServeClient, ServeFailure> open(InputStream from, OutputStream to) {
        ServeClient client = new ServeClient(from, to);
        try {
            return client.greet()
                    .<Answer<ServeClient, ServeFailure>>map(Answer::not)
                    .orElseGet(() -> Answer.is(client));
        } catch (IOException lost) {
            return Answer.not(client.ended(lost));
        }
    }

    private Optional<ServeFailure> greet() throws IOException {
        request.number(HELLO).number(VERSION);
        to.flush();
        long hello = answers.number();
        if (hello != HELLO_BACK) {
            return Optional.of(new ServeFailure.NotServing(printable(hello)));
        }
        long version = answers.number();
        long major = version >> 8;
        long minor = version & 0xff;
        return major == 2 && minor >= OLDEST_MINOR
                ? Optional.empty()
                : Optional.of(new ServeFailure.Incompatible(major, minor));
    }

    /** The eight bytes that were taken for a number and what came with them. */
    private String printable(long first) throws IOException {
        byte[] head = new byte[WireInput.WORD];
        for (int n = 0; n < head.length; n++) {
            head[n] = (byte) (first >> (8 * n));
        }
        byte[] rest = from.readNBytes(Math.min(from.available(), 200));
        String text = new String(head, StandardCharsets.ISO_8859_1) + new String(rest, StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /**
     * Which of the paths are valid there.
     *
     * @param lock keep those that are, as long as this connection lasts, from the garbage collector
     */
    public Answer<Set<StorePath>, ServeFailure> validPaths(Collection<StorePath> paths, boolean lock) {
        try {
            Optional<ServeFailure> failure = answered(0);
            if (failure.isPresent()) {
                return Answer.not(failure.get());
            }
            request.number(QUERY_VALID_PATHS).number(lock ? 1 : 0).number(0).strings(paths);
            to.flush();
            return paths();
        } catch (IOException lost) {
            return Answer.not(ended(lost));
        }
    }

    private Answer<Set<StorePath>, ServeFailure> paths() throws IOException {
        Set<StorePath> paths = new HashSet<>();
        for (long left = answers.number(MOST_PATHS); left > 0; left--) {
            Optional<StorePath> path = StorePath.parse(answers.word(LONGEST_PATH));
            if (path.isEmpty()) {
                return Answer.not(new ServeFailure.Garbled(WireFault.UNEXPECTED_WORD));
            }
            paths.add(path.get());
        }
        return Answer.is(paths);
    }

    /** Gives it a path; all references of the path must have been given before, or be there. */
    public Optional<ServeFailure> add(NarInfo info, NarSource nar) {
        unanswered.add(info.path());
        try {
            header(info);
            Optional<CacheFailure> wrong = nar.copyTo(to);
            if (wrong.isPresent()) {
                to.flush(); // the paths before it shall arrive, as what is here of it already has
                return Optional.of(new ServeFailure.BadSource(wrong.get()));
            }
            Optional<ServeFailure> refused = heard();
            return refused.isPresent() || unanswered.size() < WINDOW ? refused : answered(WINDOW / 2);
        } catch (IOException lost) {
            return Optional.of(ended(lost));
        }
    }

    private void header(NarInfo info) throws IOException {
        StorePath deriver = info.deriver();
        String contentAddress = info.contentAddress();
        request.number(ADD_TO_STORE_NAR)
                .string(info.path().toString())
                .string(deriver == null ? "" : deriver.toString())
                .string(info.nar().hash().hex())
                .strings(info.references())
                .number(0) // registered: Nix takes its own clock
                .number(info.nar().size())
                .number(0) // not built there
                .strings(info.signatures())
                .string(contentAddress == null ? "" : contentAddress);
    }

    /** Waits until it has taken, or not, all that it was given. */
    public Optional<ServeFailure> finish() {
        try {
            return answered(0);
        } catch (IOException lost) {
            return Optional.of(ended(lost));
        }
    }

    /** How many of the paths that it was given it is known to have registered; they are the first ones. */
    public int taken() {
        return taken;
    }

    /** The answers that are there already. */
    private Optional<ServeFailure> heard() throws IOException {
        Optional<ServeFailure> failure = Optional.empty();
        while (failure.isEmpty() && !unanswered.isEmpty() && from.available() >= WireInput.WORD) {
            failure = answer();
        }
        return failure;
    }

    private Optional<ServeFailure> answered(int left) throws IOException {
        to.flush();
        Optional<ServeFailure> failure = Optional.empty();
        while (failure.isEmpty() && unanswered.size() > left) {
            failure = answer();
        }
        return failure;
    }

    private Optional<ServeFailure> answer() throws IOException {
        long answer = answers.number();
        StorePath path = unanswered.remove();
        if (answer != TAKEN) {
            return Optional.of(new ServeFailure.Refused(path));
        }
        taken++;
        return Optional.empty();
    }

    /** Nothing can be written or read any more; what it answered before it went is read to know how far it came. */
    private ServeFailure ended(IOException lost) {
        if (lost instanceof WireException wire && wire.fault() != WireFault.ENDS_EARLY) {
            return new ServeFailure.Garbled(wire.fault());
        }
        try {
            while (!unanswered.isEmpty()) {
                Optional<ServeFailure> refused = answer();
                if (refused.isPresent()) {
                    return refused.get();
                }
            }
        } catch (IOException reallyEnded) {
            return new ServeFailure.Ended(unanswered.peek());
        }
        return new ServeFailure.Ended(null);
    }
}
