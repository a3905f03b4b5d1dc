package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Nix 2.26.3, a shell and coreutils wrote; {@code NixServeIT} hears most of it again. */
class ServeComplaintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "NO_SPACE          | error: writing to file: No space left on device",
                "NO_SPACE          | error: executing SQLite statement '…': database or disk is full (in '/nix/var/nix/db/db.sqlite')",
                "READ_ONLY         | error: remounting /nix/store writable: Invalid argument",
                "OTHER_CONTENT     | error: hash mismatch importing path '/nix/store/0-x'; specified: sha256:0 got: sha256:1",
                "OTHER_CONTENT     | error: ca hash mismatch importing path '/nix/store/0-x'; specified: sha256:0 got: sha256:1",
                "OTHER_CONTENT     | error: size mismatch importing path '/nix/store/0-x'; specified: 128 got: 120",
                "OTHER_CONTENT     | error: sized: unexpected end-of-file",
                "NOT_ALLOWED       | error: importing paths is not allowed",
                "NOT_ALLOWED       | error: cannot add path '/nix/store/0-x' because it lacks a signature by a trusted key",
                "MISSING_REFERENCE | error: path '/nix/store/1-y' is not valid",
                "NO_NIX            | bash: line 1: nix-store: command not found",
                "NO_NIX            | sh: 1: nix-store: not found",
                "NO_NIX            | env: 'nix-store': No such file or directory",
                "UNKNOWN           | error: out of memory",
                "UNKNOWN           | ~~"
            })
    void reasons(ServeComplaint complaint, String stderr) {
        assertThat(ServeComplaint.of(stderr)).isEqualTo(complaint);
    }
}
