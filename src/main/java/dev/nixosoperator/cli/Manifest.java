package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.api.v1alpha1.Api;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a document is: an object of Kubernetes, or a bare layout as disko's users have it. */
sealed interface Manifest {
    /** disko's six maps. */
    List<String> DEVICES = List.of("bcachefs_filesystems", "disk", "lvm_vg", "mdadm", "nodev", "zpool");

    /** @param document whole */
    record Machine(JsonNode document) implements Manifest {}

    /** @param document whole */
    record Layout(JsonNode document, String name, JsonNode devices) implements Manifest {}

    /** No object of Kubernetes, but what stands in {@code spec.devices} of one: {@code devices}, {@code disko.devices}, or that itself. */
    record Bare(JsonNode devices) implements Manifest {}

    /** An object of another kind; none of ours. */
    record Other() implements Manifest {}

    /** It says that it is ours, and is not; or nobody can tell what it is. */
    record Unknown(String path, String message) implements Manifest {}

    Unknown NOTHING_KNOWN = new Unknown(
            "",
            "neither an object of Kubernetes, with apiVersion and kind, nor a tree of disko.devices, with "
                    + String.join(", ", DEVICES));

    /** A list of objects counts as its items. */
    static Stream<Manifest> of(JsonNode document) {
        if (document.path("kind").asText().equals("List")) {
            return StreamSupport.stream(document.path("items").spliterator(), false)
                    .flatMap(Manifest::of);
        }
        if (document.has("apiVersion") || document.has("kind")) {
            return Stream.of(object(document));
        }
        return Stream.of(bare(document).<Manifest>map(Bare::new).orElse(NOTHING_KNOWN));
    }

    private static Manifest object(JsonNode document) {
        for (String needed : List.of("apiVersion", "kind")) {
            if (document.path(needed).asText().isEmpty()) {
                return new Unknown(needed, "required");
            }
        }
        String group = document.path("apiVersion").asText();
        if (!group.startsWith(Api.GROUP + "/")) {
            return new Other();
        }
        if (!group.equals(Api.GROUP + "/" + Api.VERSION)) {
            return new Unknown("apiVersion", "%s is not known; use %s/%s".formatted(group, Api.GROUP, Api.VERSION));
        }
        return switch (document.path("kind").asText()) {
            case "NixosMachine" -> new Machine(document);
            case "DiskLayout" ->
                new Layout(document, document.at("/metadata/name").asText(), document.at("/spec/devices"));
            default -> new Unknown("kind", document.path("kind").asText() + " is not NixosMachine or DiskLayout");
        };
    }

    private static Optional<JsonNode> bare(JsonNode document) {
        if (DEVICES.stream().anyMatch(document::has)) {
            return Optional.of(document);
        }
        return Stream.of(document.at("/disko/devices"), document.path("disko.devices"), document.path("devices"))
                .filter(devices -> !devices.isMissingNode())
                .findFirst();
    }
}
