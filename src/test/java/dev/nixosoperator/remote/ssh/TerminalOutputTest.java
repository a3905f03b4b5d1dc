package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.ssh.TerminalOutput.Event;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever is at the other end of the terminal may say anything, in any pieces. */
class TerminalOutputTest {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger endless = new AtomicInteger();
    private final TerminalOutput output =
            new TerminalOutput("t0ken", 1 << 20, () -> {}, endless::incrementAndGet, events);

    private void says(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.write(bytes, 0, bytes.length);
    }

    @Test
    void aQuestionIsOneInHoweverManyPiecesItComes() {
        says("Welcome\n[sudo] password for a:");
        says(" ");
        assertThat(events).containsExactly(Event.ASKED);
        says("\nSorry, try again.\n[sudo] password for a: ");
        assertThat(events).containsExactly(Event.ASKED, Event.ASKED);
        says("\nt0ken rea");
        says("dy\nout");
        assertThat(events).containsExactly(Event.ASKED, Event.ASKED, Event.READY);
        says("put" + "t0ken end 0\nwarning");
        assertThat(output.out()).isEqualTo("output");
        assertThat(output.err()).isEqualTo("warning");
        assertThat(endless).hasValue(0);
    }

    @Test
    void theBeginningOfAMessageIsNoQuestion() {
        says("\rdoas (a@host) password: ");
        says("\r\ndoas: ");
        says("Authentication failed\r\n");
        assertThat(events).containsExactly(Event.ASKED);
        assertThat(output.words()).endsWith("doas: Authentication failed\n");
    }

    @Test
    void aLineWithoutEndIsToldOnceAndNothingMoreIsKeptOfIt() {
        for (int i = 0; i <= TerminalOutput.LONGEST_LINE; i++) {
            assertThat(endless).hasValue(0);
            says("x");
        }
        assertThat(endless).hasValue(1);
        says("x".repeat(TerminalOutput.LONGEST_LINE) + ":");
        says("\nt0ken ready\nout");
        assertThat(endless).hasValue(1);
        assertThat(events).isEmpty();
        assertThat(output.out()).isEmpty();
    }

    @Test
    void whoAsksWithoutEndIsNotListenedTo() {
        Collections.nCopies(1000, "\nPassword:").forEach(this::says);
        assertThat(endless).hasValue(1);
        assertThat(events).hasSize(TerminalOutput.MOST_QUESTIONS + 1).containsOnly(Event.ASKED);
    }
}
