package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathInfoTest {
    private static final String PATH = "/nix/store/v54z3dy1wxid94l7rm2qn26wj8bc3ah1-x";
    private static final String REFERENCE = "/nix/store/rqbx3jyib0bdn6qkcfvxmpvj9la1va53-y";
    /** sha256 of nothing, as {@code nix hash} prints it in both forms. */
    private static final String EMPTY_SRI = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    private static final String EMPTY_BASE32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";

    @Test
    void readsBothShapesOfNix() {
        String info = "\"narHash\":\"" + EMPTY_SRI + "\",\"narSize\":120,\"references\":[\"" + REFERENCE
                + "\"],\"signatures\":[\"k:s\"]";
        List<PathInfo> old =
                PathInfo.parse("[{\"path\":\"" + PATH + "\"," + info + "}]").orElseThrow();
        List<PathInfo> today = PathInfo.parse("{\"" + PATH + "\":{" + info + "},\"/nix/store/z\":null}")
                .orElseThrow();
        assertThat(today)
                .isEqualTo(old)
                .containsExactly(new PathInfo(PATH, EMPTY_SRI, 120, List.of(REFERENCE), List.of("k:s"), false));
        assertThat(PathInfo.parse("no JSON")).isEmpty();
        assertThat(PathInfo.parse("{\"" + PATH + "\":{\"ca\":\"fixed:r:sha256:x\"}}")
                        .orElseThrow()
                        .getFirst()
                        .contentAddressed())
                .isTrue();
    }

    @Test
    void knowsItsOwnSignature() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        PublicKey key = new PublicKey(
                "k-1", Base64.getEncoder().encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
        Signature sign = Signature.getInstance("Ed25519");
        sign.initSign(pair.getPrivate());
        sign.update(("1;" + PATH + ";sha256:" + EMPTY_BASE32 + ";120;" + REFERENCE).getBytes(StandardCharsets.UTF_8));
        String signature = "k-1:" + Base64.getEncoder().encodeToString(sign.sign());

        assertThat(key.signed(info(120, signature))).isTrue();
        assertThat(key.signed(info(121, signature))).isFalse();
        assertThat(key.signed(info(120, "k-2:" + signature.substring(4)))).isFalse();
        assertThat(key.signed(info(120, "k-1:garbage"))).isFalse();
        assertThat(new PublicKey("k-1", PublicKey.CACHE_NIXOS_ORG.base64()).signed(info(120, signature)))
                .isFalse();
        assertThat(PublicKey.parse(key.toString())).contains(key);
        assertThat(PublicKey.parse("nonsense")).isEmpty();
    }

    private static PathInfo info(long size, String signature) {
        return new PathInfo(PATH, EMPTY_SRI, size, List.of(REFERENCE), List.of(signature), false);
    }

    @Test
    void storePathsAreRecognised() {
        assertThat(StorePath.parse(PATH).orElseThrow()).hasToString(PATH);
        assertThat(StorePath.parse(PATH + "/bin")).isEmpty();
        assertThat(StorePath.parse("/nix/store/../etc")).isEmpty();
    }
}
