package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlakeReferenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nixpkgs",
                "nixpkgs/nixos-25.11",
                "nixpkgs/nixos-25.11/a3a3dda3bacf61e8a39258a0ed9c924eeca8e293",
                "flake:infra",
                "github:org/infra",
                "github:org/infra/main",
                "github:org/infra/feature/x",
                "github:org/infra?dir=hosts&ref=main",
                "github:org/infra?host=github.example.org",
                "gitlab:group%2Fsub/infra",
                "sourcehut:~me/infra",
                "git+https://git.example.org/infra?ref=main&rev=a3a3dda3bacf61e8a39258a0ed9c924eeca8e293",
                "git+ssh://git@git.example.org:2222/infra.git",
                "git+http://git.example.org/infra?submodules=1",
                "git://git.example.org/infra",
                "git+file:///srv/infra",
                "hg+https://hg.example.org/infra",
                "https://example.org/infra.tar.gz",
                "http://192.0.2.1:8080/infra.tar.zst?narHash=sha256-GYjh6FhqcK8vegOpl/I84ne5zsT9TuZLtzVC8JvXuHE%3D",
                "https://[2001:db8::1]/infra.tar.gz",
                "tarball+https://example.org/infra",
                "file:///srv/infra.tar.gz",
                "path:/srv/infra",
                "path:///srv/infra?dir=hosts",
            })
    void whateverNixKnows(String text) {
        assertThat(FlakeReference.parse(text))
                .isInstanceOfSatisfying(FlakeReference.Parsed.Good.class, good -> assertThat(good.reference())
                        .hasToString(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                  | 1 to 1024
                    github:org/infra#web-1              | attribute
                    -x                                  | option
                    --help                              | option
                    github:org/infra --impure           | characters
                    github:org/infra^out                | characters
                    "github:org/infra"                  | characters
                    git+https://example.org/päth        | characters
                    path:/srv/$(reboot)`x`              | characters
                    path:/srv/100%                      | characters
                    .                                   | absolute
                    ./infra                             | absolute
                    ../infra                            | absolute
                    ~/infra                             | absolute
                    /srv/infra                          | path:
                    path:infra                          | absolute
                    path:./infra                        | absolute
                    path:/srv/../etc                    | absolute
                    path:/srv/..?dir=x                  | absolute
                    git+file://server/infra             | absolute
                    file:infra.tar.gz                   | absolute
                    github:infra                        | OWNER/REPOSITORY
                    gitlab:/infra                       | OWNER/REPOSITORY
                    flake:a/b/c/d                       | registry
                    org/infra/main/x                    | registry
                    https:infra.tar.gz                  | //HOST/PATH
                    git+ssh:git@example.org:infra       | //HOST/PATH
                    ftp://example.org/infra.tar.gz      | ftp:
                    file+https://example.org/flake.nix  | file+https:
                    s3://bucket/infra                   | s3:
                    https://me:secret@example.org/x.tar | password
                    git+https://:token@example.org/x    | password
                    """)
    void refused(String text, String why) {
        assertThat(FlakeReference.parse(text))
                .isInstanceOfSatisfying(FlakeReference.Parsed.Refused.class, refused -> assertThat(refused.why())
                        .contains(why));
    }

    @Test
    void controlCharactersAndLengths() {
        assertThat(FlakeReference.parse("path:/srv/a\nb")).isInstanceOf(FlakeReference.Parsed.Refused.class);
        assertThat(FlakeReference.parse("path:/srv/a\0b")).isInstanceOf(FlakeReference.Parsed.Refused.class);
        assertThat(FlakeReference.parse("path:/" + "a".repeat(1018))).isInstanceOf(FlakeReference.Parsed.Good.class);
        assertThat(FlakeReference.parse("path:/" + "a".repeat(1019))).isInstanceOf(FlakeReference.Parsed.Refused.class);
    }
}
