package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Imported;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From disko to a DiskLayout. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a DiskLayout manifest of disko's layout, as JSON:",
            "  nix eval --json .#nixosConfigurations.web-1.config.disko.devices | nixos-operator import --name web-1",
            "What is internal to disko, a default, or follows from the rest is left out; a comment names what else was."
                    + " Where the result is not valid, or something is not supported, the findings are comments, too,"
                    + " and the exit code is 1."
        })
public final class ImportCommand implements Callable<Integer> {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    @Parameters(
            arity = "0..1",
            defaultValue = "-",
            paramLabel = "FILE",
            description = "JSON; - is standard input (default).")
    private Path file = Path.of("-");

    @Option(names = "--name", defaultValue = "imported", description = "Name of the DiskLayout (${DEFAULT-VALUE}).")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        LayoutFile read = LayoutFile.read(file);
        if (read.devices() == null) {
            return console.refused(read.mistakes());
        }
        Imported imported = Imported.of(read.devices());
        var text = new StringBuilder("# Made of disko.devices by nixos-operator import.\n");
        imported.dropped().forEach(what -> text.append(comment("left out: " + what)));
        for (Finding finding : imported.findings()) {
            text.append(comment("not valid: " + finding));
        }
        console.done(text + manifest(imported.devices()));
        return imported.findings().isEmpty() ? 0 : console.refused(file, imported.findings());
    }

    /** On one line, whatever YAML takes for the end of one. */
    private static String comment(String what) {
        return "# " + what.replaceAll("\\R", " ") + "\n";
    }

    private String manifest(JsonNode devices) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("apiVersion", Api.GROUP + "/" + Api.VERSION).put("kind", "DiskLayout");
        manifest.putObject("metadata").put("name", name);
        manifest.putObject("spec").set("devices", devices);
        try {
            return YAML.writeValueAsString(manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
