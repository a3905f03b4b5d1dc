package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.disk.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one layout of a file.
 *
 * @param devices null exactly when there are mistakes
 */
record LayoutFile(String name, @Nullable JsonNode devices, List<Mistake> mistakes) {

    static LayoutFile read(Path file) {
        Documents documents = Documents.read(file);
        if (!documents.findings().isEmpty()) {
            return wrong(file, documents.findings().getFirst());
        }
        List<LayoutFile> layouts = documents.all().stream()
                .flatMap(Manifest::of)
                .flatMap(LayoutFile::of)
                .toList();
        if (layouts.size() != 1) {
            return wrong(
                    file,
                    new Finding(
                            "",
                            "found %d layouts; allowed: one DiskLayout, or one tree of disko.devices"
                                    .formatted(layouts.size())));
        }
        return layouts.getFirst();
    }

    private static Stream<LayoutFile> of(Manifest manifest) {
        return switch (manifest) {
            case Manifest.Layout layout -> Stream.of(new LayoutFile(layout.name(), layout.devices(), List.of()));
            case Manifest.Bare bare -> Stream.of(new LayoutFile("", bare.devices(), List.of()));
            case Manifest.Machine machine -> Stream.empty();
            case Manifest.Other other -> Stream.empty();
            case Manifest.Unknown unknown -> Stream.empty();
        };
    }

    private static LayoutFile wrong(Path file, Finding finding) {
        return new LayoutFile("", null, List.of(new Mistake(file.toString(), finding)));
    }
}
