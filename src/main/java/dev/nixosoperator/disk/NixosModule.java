package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.nix.NixValue;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What NixOS must know of a layout: {@code fileSystems}, {@code swapDevices} and {@code boot}, as disko's module defines them. */
public final class NixosModule {
    private NixosModule() {}

    /**
     * A NixOS module that needs no disko. It belongs to the layout, and knows no machine: what {@code spec.disks} of one
     * puts in the place of a path, its own configuration must say; a comment does.
     */
    public static String filesystemsNix(Layout layout) {
        NixValue config = NixData.of(withoutEmpty(json(layout)));
        return "# Made from a DiskLayout by nixos-operator; changes here are lost.\n" + comments(layout) + "{ ... }:\n"
                + config.print() + "\n";
    }

    private static String comments(Layout layout) {
        List<Layout.LogicalDisk> named = named(layout);
        return layout.disks().stream()
                .map(disk -> disk.device() == null
                        ? "# Disk " + disk.name() + " has no device in the layout: a machine that boots from it by BIOS"
                                + " sets boot.loader.grub.devices itself.\n"
                        : named.contains(disk)
                                ? "# " + disk.device() + " is the layout's disk " + disk.name()
                                        + ": a machine with another"
                                        + " one in spec.disks replaces that path (lib.mkForce).\n"
                                : "")
                .collect(Collectors.joining());
    }

    /** Disks that NixOS is told by their own path, not by that of a partition. */
    public static List<Layout.LogicalDisk> named(Layout layout) {
        Set<String> paths = layout.walk()
                .flatMap(t -> t.content().nixos(t.on()))
                .map(Setting::device)
                .collect(Collectors.toSet());
        return layout.disks().stream()
                .filter(disk -> disk.device() != null && paths.stream().anyMatch(p -> isOf(p, disk.device())))
                .toList();
    }

    /** The disk itself, or a partition that is named by way of it. */
    private static boolean isOf(String path, String disk) {
        return path.startsWith(disk) && path.substring(disk.length()).matches("((p|-part)?[0-9]+)?");
    }

    /** Warnings: what the layout tells NixOS is true of its own devices only. */
    public static List<String> otherPaths(Layout layout, List<DiskBinding> bindings) {
        return named(layout).stream()
                .filter(disk -> bindings.stream()
                        .anyMatch(bound ->
                                bound.name().equals(disk.name()) && !Objects.equals(bound.device(), disk.device())))
                .map(disk -> ("filesystems.nix of the layout names %s for disk %s, spec.disks another; the system must"
                                + " name the right one (boot.loader.grub.devices, fileSystems, swapDevices)")
                        .formatted(disk.device(), disk.name()))
                .toList();
    }

    /** The same as JSON text, for other programs: keys in byte order, and empty values where there is nothing. */
    public static String nixosJson(Layout layout) {
        return Json.pretty(Json.sorted(json(layout)));
    }

    /** The same as JSON, with empty values where there is nothing. */
    public static ObjectNode json(Layout layout) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode boot = root.putObject("boot");
        ObjectNode initrd = boot.putObject("initrd");
        initrd.putArray("kernelModules");
        initrd.putObject("luks").putObject("devices");
        boot.putObject("loader").putObject("grub").putArray("devices");
        root.putObject("fileSystems");
        root.putArray("swapDevices");
        layout.walk().flatMap(t -> t.content().nixos(t.on())).forEach(s -> add(root, s));
        return root;
    }

    private static void add(ObjectNode root, Setting setting) {
        switch (setting) {
            case Setting.FileSystem fs -> {
                ObjectNode entry = root.withObject("/fileSystems").putObject(fs.mountpoint());
                entry.put("device", fs.device()).put("fsType", fs.fsType()).set("options", Json.of(fs.options()));
                if (fs.neededForBoot()) {
                    entry.put("neededForBoot", true);
                }
            }
            case Setting.SwapDevice swap -> {
                ObjectNode entry = root.withArray("/swapDevices").addObject();
                entry.put("device", swap.device())
                        .put("discardPolicy", swap.discardPolicy())
                        .put("priority", swap.priority());
                entry.set("options", Json.of(swap.options()));
                entry.putObject("randomEncryption")
                        .put("enable", swap.randomEncryption())
                        .put("allowDiscards", swap.discardPolicy() != null);
            }
            case Setting.SwapFile file -> {
                ObjectNode entry = root.withArray("/swapDevices").addObject();
                entry.put("device", file.device()).put("priority", file.priority());
                entry.set("options", Json.of(file.options()));
            }
            case Setting.ResumeDevice resume -> root.withObject("/boot").put("resumeDevice", resume.device());
            case Setting.LuksDevice luks -> {
                ObjectNode entry = root.withObject("/boot/initrd/luks/devices").putObject(luks.name());
                entry.put("device", luks.device()).setAll(luks.settings());
            }
            // What comes later stands first: so Nix joins lists.
            case Setting.GrubDevice grub ->
                root.withArray("/boot/loader/grub/devices").insert(0, grub.device());
            case Setting.KernelModules modules -> {
                ArrayNode all = root.withArray("/boot/initrd/kernelModules");
                modules.names().reversed().forEach(name -> all.insert(0, name));
            }
            case Setting.SoftwareRaid raid ->
                root.withObject("/boot").putObject("swraid").put("enable", true);
        }
    }

    private static JsonNode withoutEmpty(JsonNode json) {
        if (!(json instanceof ObjectNode object)) {
            return json;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(f -> {
            JsonNode value = withoutEmpty(f.getValue());
            if (!value.isContainerNode() || !value.isEmpty()) {
                result.set(f.getKey(), value);
            }
        });
        return result;
    }
}
