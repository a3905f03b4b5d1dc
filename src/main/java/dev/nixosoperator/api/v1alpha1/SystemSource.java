package dev.nixosoperator.api.v1alpha1;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Where the NixOS system comes from. */
public record SystemSource(@Required StorePath storePath) {

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
}
