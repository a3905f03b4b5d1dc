package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "plain text, plain text",
        "ünïcödé 😀, ünïcödé 😀",
        ".\u001b[1;31merror:\u001b[0m no, .error: no",
        ".\u001b]0;title\u0007text, .text",
        ".\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\, .link",
        ".\u009b31mred, .red",
        ".\u001b(Bset, .set",
        "cut\u001b[3, cut",
        "bell\u0007 and\u0000nul\u007f, bell\ufffd and\ufffdnul\ufffd",
        "half\ud800 a character, half\ufffd a character",
        ".\u202eturned\u2066 over, .\ufffdturned\ufffd over"
    })
    void whatIsNotPrintableGoes(String raw, String printable) {
        assertThat(Printable.text(raw)).isEqualTo(printable);
    }

    @Test
    void linesAndTabsStayButNoCarriageReturns() {
        assertThat(Printable.text("a\tb\nc\rd\u2028e")).isEqualTo("a\tb\nc\ufffdd\ufffde");
    }

    @Test
    void aCutIsSeenAndDoesNotHalveACharacter() {
        assertThat(Printable.text("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Printable.text("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(Printable.text("abcd😀fg", 6)).isEqualTo("abcd…");
        assertThat(Printable.text("x".repeat(1000) + "\u001b[31m", 1002)).isEqualTo("x".repeat(1000) + "…");
    }
}
