package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed is read again by the rules of the language. */
class NixPrinterTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "${x}",
                "$${x}",
                "\\${x}",
                "$",
                "$$",
                "$\"",
                "\"; x = \"",
                "\\",
                "\\n",
                "a\nb\r\n\t",
                "''",
                "é日本😀",
                "# no comment"
            })
    void noTextEndsItsString(String text) {
        assertThat(NixText.data(new NixValue.Text(text).print()).textValue()).isEqualTo(text);
        var named = new NixValue.Attrs(Map.of(text, new NixValue.Null()));
        assertThat(NixText.data(named.print()).has(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-1,(-1)",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,(-9223372036854775807 - 1)"
    })
    void wholeNumbers(long value, String text) {
        assertThat(new NixValue.Int(value).print()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1.5,(1.5)", "1e-9,(0.0000000010)", "-2,(-2.0)", "1e20,(100000000000000000000.0)"})
    void everyDigitOfARealNumberThatCounts(double value, String text) {
        assertThat(new NixValue.Real(value).print()).isEqualTo(text);
    }

    @Test
    void keywordsAreQuoted() {
        var nested = new NixValue.Attrs(Map.of("with", new NixValue.Items(List.of(new NixValue.Bool(true)))));
        assertThat(nested.print()).isEqualTo("{\n  \"with\" = [\n    true\n  ];\n}");
    }
}
