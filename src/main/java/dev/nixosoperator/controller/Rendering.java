package dev.nixosoperator.controller;

import dev.nixosoperator.disk.DiskoModule;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.disk.NixosModule;
import dev.nixosoperator.disk.Scripts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a layout comes to, as files of a ConfigMap.
 *
 * @param files by name
 * @param leftOut why some are not there; empty: all are
 */
record Rendering(Map<String, String> files, String leftOut) {
    /** Kubernetes takes 1 MiB of data. */
    private static final int MOST_BYTES = 1_000_000;

    static Rendering of(Layout layout) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("filesystems.nix", NixosModule.filesystemsNix(layout));
        wanted.put("disko.nix", DiskoModule.nix(layout));
        List<String> nameless = layout.disks().stream()
                .filter(disk -> disk.device() == null)
                .map(Layout.LogicalDisk::name)
                .toList();
        if (nameless.isEmpty()) {
            Scripts scripts = Scripts.ofPaths(layout);
            wanted.put("mount.sh", scripts.mount());
            wanted.put("unmount.sh", scripts.unmount());
            wanted.put("format.sh", scripts.format());
        }
        Rendering fitting = fitting(wanted);
        return nameless.isEmpty()
                ? fitting
                : new Rendering(
                        fitting.files(),
                        "no scripts are rendered, because the layout has no device for " + String.join(", ", nameless)
                                + more(fitting.leftOut()));
    }

    private static Rendering fitting(Map<String, String> wanted) {
        Map<String, String> files = new TreeMap<>();
        List<String> tooLong = new ArrayList<>();
        int bytes = 0;
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            int more = file.getValue().getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > MOST_BYTES) {
                tooLong.add(file.getKey());
            } else {
                bytes += more;
                files.put(file.getKey(), file.getValue());
            }
        }
        return new Rendering(
                files,
                tooLong.isEmpty()
                        ? ""
                        : String.join(", ", tooLong)
                                + " would not fit into a ConfigMap; nixos-operator render writes them");
    }

    private static String more(String text) {
        return text.isEmpty() ? "" : "; " + text;
    }

    /** For the condition. */
    String told() {
        return "the layout may be used" + more(leftOut);
    }
}
