package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.JobLook;
import dev.nixosoperator.remote.JobState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine may log anything, and any amount of it. */
class JobLogTest {
    private static final int PIECE = 64 << 10;

    private final List<String> heard = new ArrayList<>();
    private final JobLog log = new JobLog(heard::add);

    private boolean take(String piece, long size) {
        return log.take(new JobLook(new JobState.Running("1", size), piece, log.offset() + piece.length()));
    }

    @Test
    void linesAreWholeAndPrintable() {
        take("\u001b[32mone\u001b[0m\ntw", 20);
        take("o\r\n\nthree\u0007", 30);
        assertThat(heard).containsExactly("one", "two");
        assertThat(log.all()).containsExactly("one", "two", "three\ufffd");
    }

    @Test
    void aGigabyteWithoutALineEndIsOneShortLine() {
        String piece = "x".repeat(PIECE);
        for (long size = 0; size < 1L << 30; size += PIECE) {
            take(piece, log.offset());
        }
        assertThat(log.offset()).isEqualTo(1L << 30);
        take("\nthe end\n", log.offset());
        assertThat(log.all()).hasSize(2).last().isEqualTo("the end");
        assertThat(log.all().getFirst()).startsWith("xxx").endsWith("…").hasSize(500);
    }

    @Test
    void whoIsFarBehindReadsOnNearTheEnd() {
        take("first\n", 1L << 30);
        assertThat(log.offset()).isEqualTo((1L << 30) - (256 << 10));
        assertThat(heard).first().isEqualTo("first");
        assertThat(heard).last().asString().contains("bytes of the log are left out");
        take("::failed mount\n", 1L << 30);
        assertThat(log.failed()).isEqualTo("mount");
    }

    @Test
    void aLogThatEndsBeforeItsEndIsNotWaitedFor() {
        assertThat(take("all there is\n", 1000)).isTrue();
        assertThat(log.isBehind(1000)).isTrue();
        assertThat(take("", 1000)).isFalse();
        assertThat(log.isBehind(1000)).isFalse();
    }

    @Test
    void theLastLinesAreKept() {
        for (int i = 0; i < 100_000; i++) {
            take("line " + i + "\n", log.offset());
        }
        assertThat(log.all()).hasSize(400).last().isEqualTo("line 99999");
        assertThat(log.tail()).hasSize(20);
    }
}
