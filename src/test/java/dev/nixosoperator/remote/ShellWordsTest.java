package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nixosoperator.bench.LocalHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellWordsTest {
    @Test
    void leavesPlainWordsAlone() {
        assertThat(ShellWords.join(List.of("lsblk", "--json", "/dev/sda1", "a=b")))
                .isEqualTo("lsblk --json /dev/sda1 a=b");
        assertThat(ShellWords.quote("")).isEqualTo("''");
        assertThat(ShellWords.quote("it's")).isEqualTo("'it'\\''s'");
        assertThat(ShellWords.quote("=x")).isEqualTo("'=x'"); // zsh expands =x
        assertThatThrownBy(() -> ShellWords.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "'",
                "''",
                "'\\''",
                "\"",
                "\\",
                "\\'",
                "$HOME",
                "`id`",
                "$(id)",
                "a\nb",
                "\n",
                "\r\n",
                "!x",
                "~",
                "~root",
                "*",
                "?",
                "[a]",
                "{a,b}",
                "#x",
                "-n",
                "--",
                "a;b",
                "a&b",
                "a|b",
                "<x",
                ">x",
                "äöü €",
                "😀",
                "\u0001\u001b[31m",
                "\t",
                "%s",
                "a=b",
                "=",
                "..",
                "''\"\"\\\\"
            })
    void shellReadsBack(String word) {
        assertThat(throughShell(List.of(word))).containsExactly(word);
    }

    @Test
    void shellReadsBackRandomWords() {
        Random random = new Random(20250101);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            words.add(random.ints(random.nextInt(40), 1, 256)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining()));
        }
        words.add(random.ints(2000, 1, 0xd800).mapToObj(Character::toString).collect(Collectors.joining()));
        assertThat(throughShell(words)).containsExactlyElementsOf(words);
    }

    private static List<String> throughShell(List<String> words) {
        // NUL after every word: no word can hold it.
        String line = "printf '%s\\000' " + ShellWords.join(words);
        CommandResult result = new LocalHost(Path.of("unused")).run(Command.of("sh", "-c", line));
        assertThat(result).isInstanceOf(CommandResult.Exited.class);
        String out = ((CommandResult.Exited) result).out();
        return List.of(out.substring(0, out.length() - 1).split("\0", -1));
    }
}
