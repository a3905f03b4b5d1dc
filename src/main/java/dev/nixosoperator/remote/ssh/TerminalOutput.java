package dev.nixosoperator.remote.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;

/**
 * Takes apart what {@code terminal-run.sh} sends through one terminal: what is said before the command, its stdout, its
 * stderr. Written by an I/O thread; tells the waiting thread what it may do next.
 */
final class TerminalOutput extends OutputStream {
    /** What the other end waits for. */
    enum Event {
        /** An unfinished line before the command runs: a question. */
        ASKED,
        READY,
        CLOSED
    }

    private static final int MOST_WORDS = 64 << 10;
    /** No question is longer. */
    static final int LONGEST_LINE = 4 << 10;
    /** A few tries, with a few lines each. */
    static final int MOST_QUESTIONS = 16;

    private enum Part {
        BEFORE,
        /** Nothing that becomes a command talks so: the rest is dropped. */
        ENDLESS,
        OUT,
        CODE,
        ERR
    }

    private final byte[] ready;
    private final byte[] end;
    private final BoundedOutput out;
    private final BoundedOutput err;
    private final BoundedOutput words;
    private final Runnable endless;
    private final BlockingQueue<Event> events;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Part part = Part.BEFORE;
    private boolean asked;
    private int questions;

    /** @param endless called on the I/O thread, once, where what is said before the command is no question and no end */
    TerminalOutput(String token, int limit, Runnable flooded, Runnable endless, BlockingQueue<Event> events) {
        this.ready = (token + " ready\n").getBytes(StandardCharsets.UTF_8);
        this.end = (token + " end ").getBytes(StandardCharsets.UTF_8);
        this.out = new BoundedOutput(limit, flooded);
        this.err = new BoundedOutput(limit, flooded);
        this.words = new BoundedOutput(MOST_WORDS, flooded);
        this.endless = endless;
        this.events = events;
    }

    /** What sudo or doas said, without its question. */
    String words() {
        String text = words.text().replace("\r", "");
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    String out() {
        return out.text();
    }

    String err() {
        return err.text();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (part == Part.ERR) {
            err.write(bytes, offset, length);
            return;
        }
        if (part == Part.ENDLESS) {
            return;
        }
        held.write(bytes, offset, length);
        byte[] all = held.toByteArray();
        held.reset();
        byte[] rest = read(all);
        held.write(rest, 0, rest.length);
    }

    /** What must be looked at again with what follows. */
    private byte[] read(byte[] all) {
        return switch (part) {
            case BEFORE -> before(all);
            case OUT -> until(end, all, out, Part.CODE);
            case CODE -> until(new byte[] {'\n'}, all, new BoundedOutput(0, () -> {}), Part.ERR);
            case ERR -> {
                err.write(all, 0, all.length);
                yield new byte[0];
            }
            case ENDLESS -> new byte[0];
        };
    }

    private byte[] before(byte[] all) {
        int at = find(ready, all);
        if (at >= 0) {
            words.write(all, 0, at);
            part = Part.OUT;
            events.add(Event.READY);
            return read(tail(all, at + ready.length));
        }
        int line = lastLine(all);
        words.write(all, 0, line);
        return unfinished(tail(all, line), line > 0);
    }

    /** One line asks once, in however many packets it comes. */
    private byte[] unfinished(byte[] line, boolean begun) {
        asked = asked && !begun;
        if (!asked && line.length <= LONGEST_LINE && isQuestion(new String(line, StandardCharsets.UTF_8).strip())) {
            asked = true;
            questions++;
            events.add(Event.ASKED);
        }
        if (line.length <= LONGEST_LINE && questions <= MOST_QUESTIONS) {
            return line;
        }
        part = Part.ENDLESS;
        endless.run();
        return new byte[0];
    }

    /** doas writes what it says in pieces, its name first. */
    private static boolean isQuestion(String line) {
        return line.endsWith(":") && !line.equals("doas:");
    }

    private byte[] until(byte[] mark, byte[] all, BoundedOutput to, Part next) {
        int at = find(mark, all);
        if (at < 0) {
            int sure = Math.max(0, all.length - mark.length + 1);
            to.write(all, 0, sure);
            return tail(all, sure);
        }
        to.write(all, 0, at);
        part = next;
        return read(tail(all, at + mark.length));
    }

    private static int lastLine(byte[] all) {
        int line = all.length;
        while (line > 0 && all[line - 1] != '\n') {
            line--;
        }
        return line;
    }

    private static byte[] tail(byte[] all, int from) {
        return Arrays.copyOfRange(all, from, all.length);
    }

    private static int find(byte[] mark, byte[] in) {
        for (int at = 0; at <= in.length - mark.length; at++) {
            if (Arrays.equals(in, at, at + mark.length, mark, 0, mark.length)) {
                return at;
            }
        }
        return -1;
    }
}
