package dev.nixosoperator.nix;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A path of attribute names into the outputs of a flake. It is written as on the command line of Nix: names are separated by
 * dots, and one that holds dots stands in double quotes, between which every character stands for itself.
 */
public record AttributePath(List<String> names) {
    public static final int LONGEST = 512;

    private static final List<String> TOPLEVEL = List.of("system", "build", "toplevel");
    private static final List<String> OF_CONFIG = List.of("config", "system", "build", "toplevel");

    public AttributePath {
        names = List.copyOf(names);
    }

    /** Empty where it is none: no or an empty name, a quote without an end or within a name, control characters. */
    public static Optional<AttributePath> parse(String text) {
        boolean odd = text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl);
        return odd
                ? Optional.empty()
                : names(text)
                        .filter(all -> all.stream().noneMatch(String::isEmpty))
                        .map(AttributePath::new);
    }

    private static Optional<List<String>> names(String text) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (true) {
            boolean quoted = text.startsWith("\"", at);
            int start = quoted ? at + 1 : at;
            int found = text.indexOf(quoted ? '"' : '.', start);
            if (quoted && found < 0) {
                return Optional.empty();
            }
            int end = found < 0 ? text.length() : found;
            String name = text.substring(start, end);
            int next = quoted ? end + 1 : end;
            if (name.indexOf('"') >= 0 || (next < text.length() && text.charAt(next) != '.')) {
                return Optional.empty();
            }
            names.add(name);
            if (next >= text.length()) {
                return Optional.of(names);
            }
            at = next + 1;
        }
    }

    /**
     * The toplevel of the NixOS system that is meant. One name is that of a configuration; a path to a configuration, its
     * {@code config}, a node of a colmena hive, a variant or a specialisation goes on to the toplevel; any other path is
     * taken as it is.
     */
    public AttributePath toplevel() {
        if (names.size() == 1) {
            return new AttributePath(List.of("nixosConfigurations", names.getFirst())).and(OF_CONFIG);
        }
        if (isConfiguration()) {
            return and(OF_CONFIG);
        }
        return isConfig() ? and(TOPLEVEL) : this;
    }

    /** What people name: the configuration, without what NixOS makes of it. */
    AttributePath named() {
        int config = names.indexOf("config");
        return config > 1 ? new AttributePath(names.subList(0, config)) : this;
    }

    /** The set that the last name is in. */
    AttributePath parent() {
        return new AttributePath(names.subList(0, names.size() - 1));
    }

    private boolean isConfiguration() {
        boolean named = names.size() == 2 && names.getFirst().equals("nixosConfigurations");
        boolean node = names.size() == 3 && names.subList(0, 2).equals(List.of("colmenaHive", "nodes"));
        return named || node;
    }

    /** What is defined by options of NixOS: {@code vmVariant} and specialisations are configurations within one. */
    private boolean isConfig() {
        String last = names.getLast();
        String before = names.get(names.size() - 2);
        boolean variant = before.equals("virtualisation") && last.startsWith("vmVariant");
        boolean specialisation = last.equals("configuration")
                && names.size() > 3
                && names.get(names.size() - 3).equals("specialisation");
        return last.equals("config") || variant || specialisation;
    }

    private AttributePath and(List<String> more) {
        return new AttributePath(Stream.concat(names.stream(), more.stream()).toList());
    }

    /** As people and Nix write it. */
    @Override
    public String toString() {
        return names.stream()
                .map(name -> name.matches("[A-Za-z_][A-Za-z0-9_'-]*") ? name : "\"" + name + "\"")
                .collect(Collectors.joining("."));
    }

    /** The same for what follows {@code #} in a URL: Nix decodes it before it looks for dots and quotes. */
    public String fragment() {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : toString().getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            boolean plain = String.valueOf(character).matches("[A-Za-z0-9._-]");
            escaped.append(plain ? String.valueOf(character) : "%%%02X".formatted((int) character));
        }
        return escaped.toString();
    }
}
