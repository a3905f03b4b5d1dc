package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarInfoTest {
    private static final String LIB = "4g3v2s29y5b6fdjsdavrfhs3jv7gm5q5-lib-1.0";
    private static final String TOOL = "ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool";
    private static final String TEXT =
            """
            StorePath: /nix/store/ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool
            URL: nar/0gwakg60nwwx63bn8qp7gq5mnwzg6wqybp7qr10989iz7lihkiw4.nar.xz
            Compression: xz
            FileHash: sha256:0gwakg60nwwx63bn8qp7gq5mnwzg6wqybp7qr10989iz7lihkiw4
            FileSize: 280
            NarHash: sha256:1gzpnhrgnax601pk1adykpnv3ypfl6lbzizqanblw0gc33g8afx2
            NarSize: 600
            References: 4g3v2s29y5b6fdjsdavrfhs3jv7gm5q5-lib-1.0 ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool
            Deriver: 21lnnkxcvd6l9x3pl711kpzwd82g85rl-tool.drv
            Sig: test-1:j/86X+PQANaKT9RG/LovWOOXVgGYBEX/OPnlO3/Sj2v/MhyRrbugsTuybFGdAT6+O06rOUYHAVx5SQa2qHHQCA==
            """;
    private static final NarInfo INFO = new NarInfo(
            path(TOOL),
            new NarInfo.File(
                    "nar/0gwakg60nwwx63bn8qp7gq5mnwzg6wqybp7qr10989iz7lihkiw4.nar.xz",
                    Compression.XZ,
                    hash("0gwakg60nwwx63bn8qp7gq5mnwzg6wqybp7qr10989iz7lihkiw4"),
                    280L),
            new NarInfo.Nar(hash("1gzpnhrgnax601pk1adykpnv3ypfl6lbzizqanblw0gc33g8afx2"), 600),
            List.of(path(LIB), path(TOOL)),
            path("21lnnkxcvd6l9x3pl711kpzwd82g85rl-tool.drv"),
            List.of("test-1:j/86X+PQANaKT9RG/LovWOOXVgGYBEX/OPnlO3/Sj2v/MhyRrbugsTuybFGdAT6+O06rOUYHAVx5SQa2qHHQCA=="),
            null);

    private static StorePath path(String base) {
        return StorePath.parse("/nix/store/" + base).orElseThrow();
    }

    private static NixHash hash(String base32) {
        return NixHash.parse("sha256:" + base32).orElseThrow();
    }

    private static NarInfo parsed(String text) {
        return switch (NarInfoText.parse(text)) {
            case Answer.Is<NarInfo, ?>(NarInfo info) -> info;
            case Answer.Not<NarInfo, ?>(Object findings) -> throw new AssertionError(findings);
        };
    }

    private static List<String> findings(String text) {
        return switch (NarInfoText.parse(text)) {
            case Answer.Is<NarInfo, ?> understood -> List.of();
            case Answer.Not<NarInfo, List<NarInfoText.Finding>>(List<NarInfoText.Finding> findings) ->
                findings.stream().map(NarInfoText.Finding::toString).toList();
        };
    }

    @Test
    void readsEveryField() {
        assertThat(parsed(TEXT)).isEqualTo(INFO);
        assertThat(parsed(TEXT + "CA: text:sha256:1rl32njj7sr6qw4s91zjg2gmywwn21kv277rrjkkjd9ggg2brgpd\n")
                        .contentAddress())
                .isEqualTo("text:sha256:1rl32njj7sr6qw4s91zjg2gmywwn21kv277rrjkkjd9ggg2brgpd");
        assertThat(parsed(TEXT + "System: any\nWhatever: it is\n")).isEqualTo(INFO);
        assertThat(parsed(TEXT.replaceAll("References: .*", "References: ")).references())
                .isEmpty();
        assertThat(parsed(TEXT.replaceAll("Deriver: .*", "Deriver: unknown-deriver"))
                        .deriver())
                .isNull();
        assertThat(parsed(TEXT.replaceAll("File.*\n", "")).file())
                .isEqualTo(new NarInfo.File(INFO.file().url(), Compression.XZ, null, null));
    }

    @Test
    void theOrderOfReferencesIsOurs() {
        NarInfo info = parsed(TEXT.replaceAll("References: .*", "References: " + TOOL + " " + LIB + " " + TOOL));
        assertThat(info).isEqualTo(INFO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"StorePath", "URL", "Compression", "NarHash", "NarSize", "References"})
    void whatIsMissing(String field) {
        assertThat(findings(TEXT.replaceAll("(?m)^" + field + ": .*\n", ""))).containsExactly("missing: " + field);
    }

    @Test
    void everyLineHasItsEnd() {
        assertThat(findings("X: y\n" + TEXT + "X: y")).containsExactly("no line: X: y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StorePath: /nix/store/ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool/bin",
                "StorePath: /gnu/store/ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool",
                "URL: ",
                "URL: ../../etc/shadow",
                "URL: nar/../../etc/shadow",
                "URL: nar/./x",
                "URL: /etc/shadow",
                "URL: //other.example.org/x",
                "URL: https://169.254.169.254/latest",
                "URL: nar/%2e%2e/x",
                "URL: nar//x",
                "URL: nar/x#y",
                "URL: nar/x y",
                "Compression: bzip2",
                "Compression: ",
                "Compression: XZ",
                "FileHash: sha1:0gwakg60nwwx63bn8qp7gq5mnwzg6wqybp7qr10989iz7lihkiw4",
                "FileSize: -1",
                "FileSize: 1e3",
                "NarHash: 1gzpnhrgnax601pk1adykpnv3ypfl6lbzizqanblw0gc33g8afx2",
                "NarSize: 0",
                "NarSize: 0600",
                "NarSize: 99999999999999999999",
                "References: /nix/store/ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool",
                "References:  ipxn69fpgg0mbnhsnlvyv199i97kwbn0-tool",
                "References: tool",
                "Deriver: nobody",
                "Sig: test-1",
                "Sig: :AAAA",
                "CA: nonsense"
            })
    void whatIsNotUnderstood(String line) {
        String field = line.substring(0, line.indexOf(':'));
        String wrong =
                TEXT.contains(field + ": ") ? TEXT.replaceAll("(?m)^" + field + ": .*$", line) : TEXT + line + "\n";
        String found = line.substring(line.indexOf(':') + 2);
        assertThat(findings(wrong)).containsExactly("not understood: " + field + (found.isEmpty() ? "" : ": " + found));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"StorePath", "URL", "Compression", "FileHash", "NarHash", "NarSize", "References", "Deriver"})
    void nothingIsToldTwice(String field) {
        String line = TEXT.lines()
                .filter(any -> any.startsWith(field + ": "))
                .findFirst()
                .orElseThrow();
        assertThat(findings(TEXT + line + "\n")).containsExactly("repeated: " + field);
    }

    @Test
    void everyFindingIsTold() {
        assertThat(findings("NarSize: x\nnonsense\n"))
                .containsExactly(
                        "no line: nonsense",
                        "missing: StorePath",
                        "missing: URL",
                        "missing: Compression",
                        "missing: NarHash",
                        "not understood: NarSize: x",
                        "missing: References");
        assertThat(findings(TEXT + "X: " + "x".repeat(NarInfoText.LIMIT)))
                .containsExactly("too long: more than 1048576 characters");
    }

    @Test
    void fingerprintIsWhatNixSigned() {
        NarInfo info = parsed(Recorded.narInfo("zstd", Recorded.top()));
        assertThat(info.fingerprint())
                .isEqualTo("1;" + info.path() + ";" + info.nar().hash() + ";824;"
                        + info.references().get(0) + "," + info.references().get(1) + ","
                        + info.references().get(2));
        assertThat(info.signedBy(Recorded.keys())).isTrue();
        assertThat(info.signedBy(List.of())).isFalse();
        assertThat(info.signedBy(List.of(PublicKey.CACHE_NIXOS_ORG))).isFalse();
        assertThat(info.signedBy(List.of(new PublicKey("test-1", PublicKey.CACHE_NIXOS_ORG.base64()))))
                .isFalse();
    }

    /** Every bit of what is signed counts: it is not read, or not believed, or says the same as before. */
    @Test
    void everyFlippedBitOfWhatIsSignedIsFound() {
        String text = Recorded.narInfo("none", Recorded.top());
        NarInfo original = parsed(text);
        List<PublicKey> keys = Recorded.keys();
        int believed = 0;
        for (int at = 0; at < text.length(); at++) {
            for (int bit = 0; bit < 8; bit++) {
                String flipped = text.substring(0, at) + (char) (text.charAt(at) ^ (1 << bit)) + text.substring(at + 1);
                if (NarInfoText.parse(flipped) instanceof Answer.Is<NarInfo, ?>(NarInfo info) && info.signedBy(keys)) {
                    believed++;
                    assertThat(info.fingerprint()).isEqualTo(original.fingerprint());
                    assertThat(info.file().equals(original.file())
                                    && Objects.equals(info.deriver(), original.deriver()))
                            .isFalse();
                }
            }
        }
        assertThat(believed).isPositive();
    }
}
