package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** As Nix 2.26 prints it, shortened. */
class FlakeMetadataTest {
    private static final String HASH = "sha256-GYjh6FhqcK8vegOpl/I84ne5zsT9TuZLtzVC8JvXuHE=";
    private static final String COMMIT = "59fb249c3d6d995c7356bee796af6b4bec61201b";

    @Test
    void aTarballIsPinnedByItsHash() {
        String url = "http://192.0.2.1/f.tar.gz?narHash=sha256-GYjh6FhqcK8vegOpl/I84ne5zsT9TuZLtzVC8JvXuHE%3D";
        FlakeMetadata tarball = FlakeMetadata.parse(
                        "{\"locked\":{\"narHash\":\"%s\",\"type\":\"tarball\"},\"url\":\"%s\"}".formatted(HASH, url))
                .orElseThrow();
        assertThat(tarball).isEqualTo(new FlakeMetadata(new FlakeReference(url), HASH));
        assertThat(tarball.installable(AttributePath.parse("web-1").orElseThrow()))
                .isEqualTo(url + "#web-1");
    }

    @Test
    void aRepositoryIsPinnedByItsCommit() {
        String url = "git+https://example.org/g?ref=refs/heads/main&rev=" + COMMIT;
        assertThat(FlakeMetadata.parse(
                        "{\"locked\":{\"narHash\":\"%s\",\"rev\":\"%s\"},\"url\":\"%s\"}".formatted(HASH, COMMIT, url)))
                .contains(new FlakeMetadata(new FlakeReference(url), COMMIT));
    }

    @Test
    void whatNothingPinsIsNone() {
        assertThat(FlakeMetadata.parse(
                        "{\"locked\":{\"narHash\":\"%s\",\"dirtyRev\":\"%s-dirty\"},\"url\":\"git+file:///g\"}"
                                .formatted(HASH, COMMIT)))
                .isEmpty();
        assertThat(FlakeMetadata.parse("{}")).isEmpty();
        assertThat(FlakeMetadata.parse("error: no JSON")).isEmpty();
        assertThat(FlakeMetadata.parse("{\"url\":\"--option?narHash=x\"}")).isEmpty();
    }
}
