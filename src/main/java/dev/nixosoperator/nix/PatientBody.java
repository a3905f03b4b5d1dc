package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that waits for so long, and no longer, for each piece; many small ones must make a
 * {@link #STRIDE} in that time, or a body that drips would never end. The client's own stream waits for ever: its timeout
 * ends with the header.
 */
final class PatientBody extends InputStream implements BodySubscriber<InputStream> {
    private sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Broken(Throwable cause) implements Signal {}
    }

    /** Bytes. */
    static final int STRIDE = 64 << 10;

    private final Duration patience;
    /** Holds one piece at the most, for no more is asked for before it was read, and the end. */
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private final Queue<ByteBuffer> piece = new ArrayDeque<>();
    private boolean ended;
    /** Nanoseconds; only for the server, for the reader may be slow. */
    private long waited;

    private long came;

    PatientBody(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscribed) {
        subscription = subscribed;
        if (closed) {
            subscribed.cancel();
        } else {
            subscribed.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Broken(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }

    @Override
    public int read() throws IOException {
        ByteBuffer next = next();
        return next == null ? -1 : next.get() & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        ByteBuffer next = next();
        if (next == null) {
            return -1;
        }
        int some = Math.min(length, next.remaining());
        next.get(buffer, offset, some);
        return some;
    }

    /** A buffer that holds bytes; null at the end. */
    private @Nullable ByteBuffer next() throws IOException {
        while (true) {
            ByteBuffer next = piece.peek();
            if (next != null && next.hasRemaining()) {
                return next;
            }
            if (next != null) {
                piece.remove();
            } else if (ended || !awaited()) {
                ended = true;
                return null;
            }
        }
    }

    private boolean awaited() throws IOException {
        return switch (signal()) {
            case Signal.Bytes(List<ByteBuffer> buffers) -> {
                piece.addAll(buffers);
                came(buffers.stream().mapToLong(ByteBuffer::remaining).sum());
                Flow.Subscription subscribed = subscription;
                if (subscribed != null) {
                    subscribed.request(1);
                }
                yield true;
            }
            case Signal.End() -> false;
            case Signal.Broken(Throwable cause) -> throw new IOException(cause.toString(), cause);
        };
    }

    private void came(long bytes) {
        came += bytes;
        if (came >= STRIDE) {
            came = 0;
            waited = 0;
        }
    }

    private Signal signal() throws IOException {
        try {
            long began = System.nanoTime();
            Signal signal = signals.poll(patience.toNanos() - waited, TimeUnit.NANOSECONDS);
            waited += System.nanoTime() - began;
            if (signal == null) {
                close();
                throw new IOException("only " + came + " bytes came in " + patience.toMillis() + " ms");
            }
            return signal;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    /** Whatever is still to come is not wanted. */
    @Override
    public void close() {
        closed = true;
        Flow.Subscription subscribed = subscription;
        if (subscribed != null) {
            subscribed.cancel();
        }
    }
}
