package dev.nixosoperator.phase;

import java.util.List;

/** What Nix wrote beside its result. What a builder wrote stands behind the name of its derivation: {@code NAME> …}. */
record NixLog(List<String> lines) {
    /** Nix tells the cause last, and may go on with the cause's own words. */
    String error() {
        return lines.stream()
                .filter(line -> line.matches("\\s*error: .*\\S.*"))
                .reduce((before, last) -> last)
                .map(line -> line.strip().replaceFirst("^error: ", ""))
                .orElse("it gave no reason");
    }

    /** Whether an error of Nix itself says so. */
    boolean errs(String regex) {
        return lines.stream().anyMatch(line -> line.matches("(?i)\\s*error:.*(" + regex + ").*"));
    }

    /** Whether anybody says so. The source around an error is only shown, as {@code 14| …}. */
    boolean says(String regex) {
        return lines.stream()
                .filter(line -> !line.matches("\\s*[0-9]*\\|.*"))
                .anyMatch(line -> line.matches("(?i).*(" + regex + ").*"));
    }
}
