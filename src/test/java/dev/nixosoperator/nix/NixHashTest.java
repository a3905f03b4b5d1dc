package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NixHashTest {
    /** sha256 of nothing, in all forms that {@code nix hash} prints. */
    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String BASE32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
    private static final String BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @ParameterizedTest
    @ValueSource(strings = {"sha256:" + HEX, "sha256:" + BASE32, "sha256:" + BASE64, "sha256-" + BASE64})
    void readsEveryForm(String text) {
        NixHash hash = NixHash.parse(text).orElseThrow();
        assertThat(hash.hex()).isEqualTo(HEX);
        assertThat(hash).hasToString("sha256:" + BASE32);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                "sha256-",
                HEX,
                BASE32,
                "sha1:" + BASE32,
                "sha512-" + BASE64,
                "sha256-" + HEX,
                "sha256-" + BASE32,
                "sha256:e" + BASE32, // too long
                "sha256:emdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73", // no such digit
                "sha256:zmdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73", // more than 256 bits
                "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", // the same but for bits that are not its own
                "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
                "sha256:E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            })
    void readsNothingElse(String text) {
        assertThat(NixHash.parse(text)).isEmpty();
    }

    @Test
    void everyFormTellsTheSame() {
        Random random = new Random(32);
        for (int n = 0; n < 1000; n++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            NixHash hash = new NixHash(HexFormat.of().formatHex(bytes));
            assertThat(NixHash.parse(hash.toString())).contains(hash);
            assertThat(NixHash.parse("sha256-" + Base64.getEncoder().encodeToString(bytes)))
                    .contains(hash);
        }
    }
}
