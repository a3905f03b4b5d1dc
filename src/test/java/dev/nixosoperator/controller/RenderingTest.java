package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.Layout;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RenderingTest {
    private static final String TREE =
            """
            {"disk": {"main": {"device": "/dev/sda", "content": {"type": "gpt", "partitions": {
              "root": {"content": {"type": "luks", "name": "crypt", "keyFile": "/run/keys/a", "settings": {},
                "content": {"type": "filesystem", "format": "ext4", "mountpoint": "/"}}}}}}}}
            """;

    private static JsonNode tree() throws Exception {
        return new ObjectMapper().readTree(TREE);
    }

    private static Rendering rendering(JsonNode tree) {
        return Rendering.of(Objects.requireNonNull(Layout.parse(tree).layout()));
    }

    @Test
    void allFilesOfALayoutThatNamesItsDisks() throws Exception {
        Rendering all = rendering(tree());
        assertThat(all.files()).containsOnlyKeys("filesystems.nix", "disko.nix", "mount.sh", "unmount.sh", "format.sh");
        assertThat(all.told()).isEqualTo("the layout may be used");
    }

    /** The API server would refuse it, at every try. */
    @Test
    void theConfigMapOfALongNameHasAShorterOne() {
        assertThat(RenderedFiles.name("web")).isEqualTo("web-rendered");
        String longest = RenderedFiles.name("a".repeat(253));
        assertThat(longest).hasSize(253).startsWith("aaa").endsWith("-rendered");
        assertThat(RenderedFiles.name("a".repeat(252) + "b")).isNotEqualTo(longest);
        assertThat(RenderedFiles.name("a".repeat(234) + "." + "b".repeat(15))).matches("a{234}-[0-9a-f]{8}-rendered");
    }

    /** Which disk it is, a machine decides. */
    @Test
    void noScriptsForADiskWithoutDevice() throws Exception {
        JsonNode tree = tree();
        ((ObjectNode) tree.at("/disk/main")).remove("device");
        Rendering some = rendering(tree);
        assertThat(some.files()).containsOnlyKeys("filesystems.nix", "disko.nix");
        assertThat(some.told())
                .isEqualTo(
                        "the layout may be used; no scripts are rendered, because the layout has no device for main");
    }

    /** More than the API server takes is no reason to fail. */
    @Test
    void whatDoesNotFitIsLeftOutAndSaid() throws Exception {
        JsonNode tree = tree();
        ((ObjectNode) tree.at("/disk/main/content/partitions/root/content/settings")).put("long", "x".repeat(600_000));
        Rendering some = rendering(tree);
        assertThat(some.files()).containsOnlyKeys("filesystems.nix", "mount.sh", "unmount.sh", "format.sh");
        assertThat(some.told())
                .contains("; disko.nix would not fit into a ConfigMap; nixos-operator render writes them");
    }
}
