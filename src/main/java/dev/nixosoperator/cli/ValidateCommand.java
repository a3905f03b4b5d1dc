package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks manifests without a cluster. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks NixosMachine and DiskLayout manifests, and bare trees of disko.devices, without a cluster (YAML or"
                    + " JSON, several documents a file; - is standard input).",
            "Prints a line for each mistake and exits with 1 when there are any. Rules that concern several fields of a"
                    + " NixosMachine (x-kubernetes-validations) are checked by the API server only: use"
                    + " kubectl apply --dry-run=server for these. Objects of other kinds are skipped."
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final ObjectMapper YAML = new YAMLMapper();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Manifests.")
    private List<Path> files = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        boolean clean = true;
        for (Path file : files) {
            for (Finding finding : check(file)) {
                out.println(new Mistake(file.toString(), finding));
                clean = false;
            }
        }
        if (clean) {
            out.println("ok");
        }
        out.flush();
        return clean ? 0 : 1;
    }

    private static List<Finding> check(Path file) {
        Documents documents = Documents.read(file);
        return Stream.concat(
                        documents.findings().stream(),
                        documents.all().stream().flatMap(Manifest::of).flatMap(m -> check(m).stream()))
                .toList();
    }

    private static List<Finding> check(Manifest manifest) {
        return switch (manifest) {
            case Manifest.Machine machine -> whole(machine.document(), "nixosmachines");
            case Manifest.Layout layout -> layout(layout);
            case Manifest.Bare bare -> Layout.parse(bare.devices()).findings();
            case Manifest.Other other -> List.of();
            case Manifest.Unknown unknown -> List.of(new Finding(unknown.path(), unknown.message()));
        };
    }

    private static List<Finding> layout(Manifest.Layout layout) {
        List<Finding> findings = new ArrayList<>(whole(layout.document(), "disklayouts"));
        if (layout.devices().isObject()) {
            // what the schema knows of the tree the operator's own check says better
            findings.removeIf(finding -> finding.path().startsWith("spec.devices"));
            findings.addAll(Layout.parse(layout.devices()).findings());
        }
        return findings;
    }

    private static List<Finding> whole(JsonNode document, String plural) {
        List<Finding> findings = new ArrayList<>();
        if (document.at("/metadata/name").asText().isEmpty()
                && document.at("/metadata/generateName").asText().isEmpty()) {
            findings.add(new Finding("metadata.name", "required"));
        }
        if (!document.path("spec").isObject()) {
            findings.add(new Finding("spec", "required"));
            return findings;
        }
        JsonNode schema = schema(plural).at("/spec/versions/0/schema/openAPIV3Schema/properties");
        findings.addAll(SchemaWalk.of(schema.path("spec"), document.path("spec"), "spec"));
        document.properties().stream()
                .map(field -> field.getKey())
                .filter(field -> !List.of("apiVersion", "kind", "metadata", "spec", "status")
                        .contains(field))
                .forEach(field -> findings.add(new Finding(field, "unknown field")));
        return findings;
    }

    private static JsonNode schema(String plural) {
        String name = "crds/%s.%s.yaml".formatted(plural, Api.GROUP);
        try (InputStream in = ValidateCommand.class.getResourceAsStream(name)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
