package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where the NixOS system comes from: exactly one of these.
 *
 * @param storePath a system that is built already
 * @param flake a system that is built for this machine
 */
@ValidationRule(value = "has(self.storePath) != has(self.flake)", message = "give exactly one of storePath and flake")
public record SystemSource(@Nullable StorePath storePath, @Nullable Flake flake) {

    /**
     * A system that is built already.
     *
     * @param toplevel {@code config.system.build.toplevel} as a store path
     * @param from the binary cache that it is copied from, for example {@code https://cache.example.org}; absent: the copy
     *     substituters, or it is in the machine's store already
     */
    public record StorePath(
            @Required @Size(max = 260) @Pattern("^/nix/store/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+._?=-]{1,211}$")
                    String toplevel,
            @Nullable @Size(max = 1024) @Pattern("^https?://[^\\s'\"]+$") String from) {}

    /**
     * A system as an output of a flake whose inputs are locked ({@code flake.lock}). It is resolved to a revision once for each
     * installation.
     *
     * @param ref the flake, as Nix knows it ({@code github:org/infra}, {@code git+https://…}, {@code https://….tar.gz},
     *     {@code path:/…} on the installer); no private ones yet
     * @param attribute the name of one of its {@code nixosConfigurations}, or the path of an attribute: of such a
     *     configuration, of its {@code config}, of a node of a colmena hive, of a {@code vmVariant}, of a toplevel. Names with
     *     dots stand in double quotes
     */
    public record Flake(
            @Required @Size(min = 1, max = 800) @Pattern("^[A-Za-z][A-Za-z0-9._~:/?@!$&'()*+,;=%\\[\\]-]*$") String ref,
            @Required @Size(min = 1, max = 512) @Pattern("^[^\\x00-\\x1f\\x7f]+$") String attribute) {}
}
