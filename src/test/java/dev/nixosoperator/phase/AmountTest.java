package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
    /** The last two would be negative, and every disk large enough, if the bits that have no room were cut off. */
    @ParameterizedTest
    @CsvSource({"400G,400000000000", "1.5Ki,1536", "18446.744P,9223372036854775807", "16383Pi,9223372036854775807"})
    void whatHasNoRoomIsTheMost(String text, long bytes) {
        assertThat(Amount.bytes(text)).isEqualTo(bytes);
    }
}
