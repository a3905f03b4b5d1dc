package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class LayoutSchemaTest {
    private final JsonNode schema = LayoutSchema.openApi();

    @Test
    void isTypedDownToTheContentOfALuks() {
        JsonNode disk = schema.at("/properties/disk/additionalProperties");
        JsonNode table = disk.at("/properties/content");
        JsonNode partition = table.at("/properties/partitions/additionalProperties");
        JsonNode luks = partition.at("/properties/content");
        JsonNode inside = luks.at("/properties/content");
        assertThat(disk.at("/properties/device/type").asText()).isEqualTo("string");
        assertThat(table.at("/properties/type/enum").toString())
                .isEqualTo(
                        "[\"bcachefs\",\"btrfs\",\"filesystem\",\"gpt\",\"luks\",\"lvm_pv\",\"mdraid\",\"swap\",\"table\",\"zfs\"]");
        assertThat(table.at("/required").toString()).isEqualTo("[\"type\"]");
        assertThat(partition.at("/properties/priority/maximum").asLong()).isEqualTo(1L << 53);
        assertThat(luks.at("/properties/name/maxLength").asInt()).isEqualTo(127);
        assertThat(inside.at("/properties/format/enum").toString()).contains("ext4");
        assertThat(inside.at("/properties/content/x-kubernetes-preserve-unknown-fields")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void isStructuralAndBounded() {
        check(schema, "devices");
        assertThat(schema.toString().length()).isLessThan(90_000);
    }

    private static void check(JsonNode node, String path) {
        switch (node.path("type").asText()) {
            case "object" -> {
                assertThat(node.has("properties") && node.has("additionalProperties"))
                        .as(path)
                        .isFalse();
                if (node.has("additionalProperties")) {
                    assertThat(node.has("maxProperties")).as(path).isTrue();
                    check(node.path("additionalProperties"), path + ".*");
                }
                node.path("properties").properties().forEach(f -> check(f.getValue(), path + "." + f.getKey()));
            }
            case "array" -> {
                assertThat(node.has("maxItems")).as(path).isTrue();
                check(node.path("items"), path + "[]");
            }
            case "string" ->
                assertThat(node.has("maxLength") || node.has("enum")).as(path).isTrue();
            case "integer" -> assertThat(node.has("maximum")).as(path).isTrue();
            case "boolean" -> assertThat(node.has("maxLength")).as(path).isFalse();
            default ->
                assertThat(node.path("x-kubernetes-preserve-unknown-fields").asBoolean())
                        .as(path)
                        .isTrue();
        }
    }
}
