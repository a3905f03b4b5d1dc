package dev.nixosoperator.cli;

import dev.nixosoperator.disk.Finding;

/** What is wrong in a file; as a line: {@code file: path: what}. A finding without a path is about the whole file. */
record Mistake(String file, Finding finding) {
    @Override
    public String toString() {
        return file + ": " + (finding.path().isEmpty() ? finding.message() : finding);
    }
}
