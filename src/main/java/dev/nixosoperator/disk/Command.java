package dev.nixosoperator.disk;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One call in a script: the first word is a function of the prelude, each word arrives there as exactly one argument. */
record Command(List<String> words) {
    static Command of(String function, String... arguments) {
        return new Command(
                Stream.concat(Stream.of(function), Stream.of(arguments)).toList());
    }

    Command with(List<String> more) {
        return new Command(Stream.concat(words.stream(), more.stream()).toList());
    }

    String render() {
        return words.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
    }
}
