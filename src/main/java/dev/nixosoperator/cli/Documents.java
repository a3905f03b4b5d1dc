package dev.nixosoperator.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.disk.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a file of a user holds: one or more documents, YAML or JSON. The file {@code -} is standard input.
 *
 * @param findings why it cannot be read; then there are no documents
 */
record Documents(List<JsonNode> all, List<Finding> findings) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    static Documents read(Path file) {
        try {
            return parse(
                    file.toString().equals("-")
                            ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                            : Files.readString(file));
        } catch (IOException e) {
            return unreadable("cannot be read: " + Trouble.told(e));
        }
    }

    /** YAML holds JSON, but not all of it: no tabs, and none of JSON's pairs of escapes for one character. */
    static Documents parse(String text) {
        String begin = text.stripLeading();
        if (begin.startsWith("{") || begin.startsWith("[")) {
            try {
                return of(all(JSON, text));
            } catch (IOException notJson) {
                // a YAML file may begin so, too
            }
        }
        try {
            return of(all(YAML, text));
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line %d: ".formatted(e.getLocation().getLineNr());
            return unreadable(where + "not YAML or JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            return unreadable("cannot be read: " + Trouble.told(e));
        }
    }

    /** Between two borders of YAML there may be nothing; not so in the whole file. */
    private static Documents of(List<JsonNode> all) {
        List<JsonNode> documents = all.stream()
                .filter(document -> !document.isNull() && !document.isMissingNode())
                .toList();
        return documents.isEmpty() ? unreadable("holds no document") : new Documents(documents, List.of());
    }

    private static List<JsonNode> all(ObjectMapper mapper, String text) throws IOException {
        try (MappingIterator<JsonNode> documents =
                mapper.readerFor(JsonNode.class).readValues(text)) {
            return documents.readAll();
        }
    }

    private static Documents unreadable(String why) {
        return new Documents(List.of(), List.of(new Finding("", why)));
    }
}
