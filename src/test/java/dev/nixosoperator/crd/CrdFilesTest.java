package dev.nixosoperator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files in {@code crds/} are what the types say; {@code -Dupdate=true} writes them anew. */
class CrdFilesTest {
    private static final int LARGEST = 250 * 1024;

    @Test
    void filesAreWhatTheTypesSay() throws IOException {
        Map<String, String> expected = CrdFiles.generate();
        assertThat(expected)
                .containsOnlyKeys("disklayouts.nixos-operator.dev.yaml", "nixosmachines.nixos-operator.dev.yaml");
        for (Map.Entry<String, String> file : expected.entrySet()) {
            Path path = CrdFiles.DIRECTORY.resolve(file.getKey());
            if (Boolean.getBoolean("update")) {
                Files.writeString(path, file.getValue());
            }
            assertThat(path).hasContent(file.getValue());
            // plain "kubectl apply" keeps the whole object in an annotation, which may hold 256 KiB
            assertThat(file.getValue().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LARGEST);
        }
    }
}
