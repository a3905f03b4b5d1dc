package dev.nixosoperator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec;
import dev.nixosoperator.api.v1alpha1.DiskLayoutStatus;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The CRDs as they shall be stored: generated from the API types, then bounded and described. */
final class CrdFiles {
    static final Path DIRECTORY = Path.of("crds");
    private static final Path API_SOURCES = Path.of("src/main/java/dev/nixosoperator/api/v1alpha1");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR));

    private CrdFiles() {}

    /** File name to content. */
    static Map<String, String> generate() {
        SchemaBounds bounds = new SchemaBounds();
        SchemaDescriptions descriptions = new SchemaDescriptions(Javadoc.of(API_SOURCES));
        Map<String, String> files = new TreeMap<>();
        for (ObjectNode crd : raw()) {
            ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
            ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
            switch (crd.at("/spec/names/kind").asText()) {
                case "NixosMachine" -> {
                    descriptions.apply(schema, NixosMachine.class, NixosMachineSpec.class, NixosMachineStatus.class);
                    orderColumns(version, NixosMachine.class);
                }
                case "DiskLayout" -> {
                    descriptions.apply(schema, DiskLayout.class, DiskLayoutSpec.class, DiskLayoutStatus.class);
                    LayoutDevices.replace(schema);
                    orderColumns(version, DiskLayout.class);
                }
                default -> throw new IllegalStateException("a kind without a place in CrdFiles: " + crd);
            }
            bounds.apply(schema);
            files.put(crd.at("/metadata/name").asText() + ".yaml", yaml(crd));
        }
        return files;
    }

    /** The generator sorts the columns by path; kubectl shows them as they come. */
    private static void orderColumns(ObjectNode version, Class<?> kind) {
        List<String> order = Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        List<JsonNode> columns = new ArrayList<>();
        version.get("additionalPrinterColumns").forEach(columns::add);
        columns.sort(Comparator.comparingInt(
                column -> order.indexOf(column.get("name").asText())));
        version.putArray("additionalPrinterColumns").addAll(columns);
    }

    private static String yaml(JsonNode crd) {
        try {
            return "# Generated from the API types; update with: mvn test -Dtest=CrdFilesTest -Dupdate=true\n"
                    + YAML.writeValueAsString(crd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ObjectNode> raw() {
        List<ObjectNode> crds = new ArrayList<>();
        new CRDGenerator()
                .customResourceClasses(NixosMachine.class, DiskLayout.class)
                .forCRDVersions("v1")
                .withPostProcessor(new io.fabric8.crdv2.generator.CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        crds.add(JSON.valueToTree(crd));
                        return crd;
                    }
                })
                .withOutput(new Discarded())
                .detailedGenerate();
        return crds;
    }

    /** What the generator would write itself. */
    private static final class Discarded implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return new ByteArrayOutputStream();
        }

        @Override
        public void close() {}
    }
}
