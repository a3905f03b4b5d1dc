package dev.nixosoperator.nix;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Command lines of the {@code nix} program that depend on no nix.conf. */
public final class NixCommand {
    private NixCommand() {}

    /** {@code nix path-info} for a path in a store; with its closure. Nothing that was remembered of a cache counts. */
    public static List<String> closureInfo(String store, StorePath path) {
        return nix("path-info", "--json", "--recursive", "--store", store, path.toString());
    }

    /** Whether the path and all it refers to are valid in the store. */
    public static List<String> valid(String store, StorePath path) {
        return nix("path-info", "--recursive", "--store", store, path.toString());
    }

    /** The content of a file within a path of a store. */
    public static List<String> cat(String store, StorePath path, String file) {
        return nix("store", "cat", "--store", store, path + "/" + file);
    }

    /**
     * What a flake reference stands for now, as {@link FlakeMetadata} reads it. A flake whose inputs are not all locked is an
     * error: it would be another one the next time.
     */
    public static List<String> flakeMetadata(FlakeReference reference) {
        return nix(
                "flake",
                "metadata",
                "--json",
                "--refresh",
                "--no-update-lock-file",
                "--option",
                "accept-flake-config",
                "false",
                reference.text());
    }

    /**
     * Whether a locked flake has what the path begins with, as far as its own source tells: {@code true}, or the names that are
     * there instead. Nothing is downloaded for it; where an input is needed for an answer there is an error.
     */
    public static List<String> flakeHas(FlakeReference locked, AttributePath path) {
        AttributePath named = path.named();
        String name = new NixValue.Text(named.names().getLast()).print();
        return nix(
                "eval",
                "--offline",
                "--json",
                "--no-write-lock-file",
                "--option",
                "accept-flake-config",
                "false",
                locked + "#" + named.parent().fragment(),
                "--apply",
                "set: if set ? %s then true else builtins.attrNames set".formatted(name));
    }

    private static List<String> nix(String... words) {
        List<String> argv = new ArrayList<>(List.of("nix", "--extra-experimental-features", "nix-command flakes"));
        Stream.of(words).forEach(argv::add);
        argv.addAll(List.of("--option", "narinfo-cache-negative-ttl", "0", "--option", "connect-timeout", "15"));
        return List.copyOf(argv);
    }
}
