package dev.nixosoperator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.disk.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
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
            "Checks NixosMachine and DiskLayout manifests (YAML or JSON, several documents a file) without a cluster.",
            "Prints a line for each mistake and exits with 1 when there are any. Rules that concern several fields of a"
                    + " NixosMachine (x-kubernetes-validations) are checked by the API server only: use"
                    + " kubectl apply --dry-run=server for these. Objects of other kinds are skipped."
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Manifests.")
    private List<Path> files = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    /** @param path of the field, such as {@code spec.connection.host}; empty for a whole file */
    record Finding(String path, String message) {
        String line(Path file) {
            return path.isEmpty() ? file + ": " + message : file + ": " + path + ": " + message;
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        boolean clean = true;
        for (Path file : files) {
            for (Finding finding : check(file)) {
                out.println(finding.line(file));
                clean = false;
            }
        }
        if (clean) {
            out.println("ok");
        }
        out.flush();
        return clean ? 0 : 1;
    }

    static List<Finding> check(Path file) {
        List<Finding> findings = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                MappingIterator<JsonNode> documents =
                        YAML.readerFor(JsonNode.class).readValues(in)) {
            while (documents.hasNextValue()) {
                findings.addAll(check(documents.nextValue()));
            }
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line %d: ".formatted(e.getLocation().getLineNr());
            findings.add(new Finding(
                    "",
                    where + "not YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("")));
        } catch (IOException e) {
            findings.add(new Finding("", "cannot be read: " + e.getMessage()));
        }
        return findings;
    }

    private static List<Finding> check(JsonNode document) {
        String group = document.path("apiVersion").asText();
        if (document.path("kind").asText().equals("List")) {
            List<Finding> all = new ArrayList<>();
            document.path("items").forEach(item -> all.addAll(check(item)));
            return all;
        }
        if (!group.startsWith(Api.GROUP + "/")) {
            return List.of();
        }
        if (!group.equals(Api.GROUP + "/" + Api.VERSION)) {
            return List.of(
                    new Finding("apiVersion", "%s is not known; use %s/%s".formatted(group, Api.GROUP, Api.VERSION)));
        }
        return switch (document.path("kind").asText()) {
            case "NixosMachine" -> whole(document, "nixosmachines");
            case "DiskLayout" -> layout(document);
            default ->
                List.of(new Finding("kind", document.path("kind").asText() + " is not NixosMachine or DiskLayout"));
        };
    }

    private static List<Finding> layout(JsonNode document) {
        List<Finding> findings = new ArrayList<>(whole(document, "disklayouts"));
        if (document.at("/spec/devices").isObject()) {
            // what the schema knows of the tree the operator's own check says better
            findings.removeIf(finding -> finding.path().startsWith("spec.devices"));
            Layout.parse(document.at("/spec/devices"))
                    .findings()
                    .forEach(finding -> findings.add(new Finding(finding.path(), finding.message())));
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
