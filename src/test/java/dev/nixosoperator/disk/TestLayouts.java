package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Layouts as text; YAML, so JSON too. */
final class TestLayouts {
    private TestLayouts() {}

    static JsonNode tree(String yaml) {
        try {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Layout layout(String yaml) {
        Layout.Parsed parsed = Layout.parse(tree(yaml));
        if (parsed.layout() == null) {
            throw new AssertionError(parsed.findings().toString());
        }
        return parsed.layout();
    }
}
