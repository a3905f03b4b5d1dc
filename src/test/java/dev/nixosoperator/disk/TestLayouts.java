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
        return valid(Layout.parse(tree(yaml)));
    }

    /** As {@code render} takes it, which does not ask for a root. */
    static Layout anyLayout(String yaml) {
        return valid(Layout.parse(tree(yaml), false));
    }

    private static Layout valid(Layout.Parsed parsed) {
        if (parsed.layout() == null) {
            throw new AssertionError(parsed.findings().toString());
        }
        return parsed.layout();
    }
}
