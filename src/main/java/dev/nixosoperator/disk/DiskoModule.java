package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.stream.Collectors;

/** A layout for those who use disko itself: a NixOS module that sets {@code disko.devices}. */
public final class DiskoModule {
    private DiskoModule() {}

    /** Nix source; it evaluates to what the layout was given. */
    public static String nix(Layout layout) {
        var root = JsonNodeFactory.instance.objectNode();
        root.putObject("disko").set("devices", devices(layout));
        return "# Made from a DiskLayout by nixos-operator; changes here are lost.\n" + comments(layout)
                + NixData.of(root).print() + "\n";
    }

    static JsonNode devices(Layout layout) {
        return Given.node(Devices.TYPE, layout.given());
    }

    private static String comments(Layout layout) {
        return layout.disks().stream()
                .filter(disk -> disk.device() == null)
                .map(disk -> "# Disk " + disk.name() + " has no device in the layout, and disko needs one.\n")
                .collect(Collectors.joining());
    }
}
