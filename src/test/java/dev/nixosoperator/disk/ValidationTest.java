package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that are not in the golden cases {@code mistakes} and {@code mistakes-between}. */
class ValidationTest {
    private static final String PARTITIONS =
            "{disk: {main: {device: /dev/sda, content: {type: gpt, partitions: {%s}}}}}";

    private static List<String> findings(String partitions) {
        return Layout.parse(TestLayouts.tree(PARTITIONS.formatted(partitions))).findings().stream()
                .map(Finding::toString)
                .toList();
    }

    private static String many(int count) {
        return "root: {size: 1M, content: {type: filesystem, format: ext4, mountpoint: /}}, "
                + IntStream.range(1, count)
                        .mapToObj(i -> "p" + i + ": {size: 1M}")
                        .collect(Collectors.joining(", "));
    }

    @Test
    void aTableHolds128Partitions() {
        assertThat(findings(many(128))).isEmpty();
        assertThat(findings(many(129))).singleElement().asString().contains("at most 128");
    }

    @Test
    void nulIsNoName() {
        assertThat(findings("\"a\\0b\": {size: 1M}")).anyMatch(f -> f.contains("a\\u0000b") && f.contains("control"));
        assertThat(findings("a: {size: 1M, content: {type: filesystem, format: ext4, mountpoint: \"/a\\0b\"}}"))
                .anyMatch(f -> f.contains("mountpoint"));
    }

    @ParameterizedTest
    @CsvSource({"500G,500000000000", "1.8T,1800000000000", "465Gi,499289948160", "1024,1024", "2k,2000", "1KiB,1024"})
    void amounts(String text, long bytes) {
        assertThat(Bytes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "G", "-1G", "'1,5G'", "1 G", "1X", "99999999999999999E", "1i"})
    void noAmounts(String text) {
        assertThat(Bytes.parse(text)).isNull();
    }

    @Test
    void wordsAreSplitAndNothingIsExpanded() {
        assertThat(Words.split("--pbkdf argon2id")).containsExactly("--pbkdf", "argon2id");
        assertThat(Words.split("--label='my disk' \"a \\\" b\" $HOME ''"))
                .containsExactly("--label=my disk", "a \" b", "$HOME", "");
        assertThat(Words.split("  ")).isEmpty();
        assertThat(Words.split("'open")).isNull();
    }

    @Test
    void theHashIsOfTheMeaning() {
        String a = "{disk: {m: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: /}}}}";
        String b = "{disk: {m: {type: disk, destroy: true, content: {mountpoint: /, format: ext4, extraArgs: [],"
                + " mountOptions: [defaults], type: filesystem}, device: /dev/sda, selector: null}}}";
        assertThat(TestLayouts.layout(a).hash())
                .isEqualTo(TestLayouts.layout(b).hash())
                .hasSize(64);
        assertThat(TestLayouts.layout(a.replace("sda", "sdb")).hash())
                .isNotEqualTo(TestLayouts.layout(a).hash());
    }
}
