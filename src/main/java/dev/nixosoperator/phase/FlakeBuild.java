package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.nix.AttributePath;
import dev.nixosoperator.nix.FlakeReference;
import java.util.Optional;

/** A flake and its attribute in the words of Nix. */
public final class FlakeBuild {
    private FlakeBuild() {}

    /** What is wrong with it, begun with the name of the field: {@code ref: …}. */
    public static Optional<String> problem(SystemSource.Flake flake) {
        return switch (FlakeReference.parse(flake.ref())) {
            case FlakeReference.Parsed.Refused refused -> Optional.of("ref: " + refused.why());
            case FlakeReference.Parsed.Good good ->
                AttributePath.parse(flake.attribute()).isPresent()
                        ? Optional.empty()
                        : Optional.of("attribute: " + flake.attribute()
                                + ": write names separated by dots, and those that hold dots in double quotes");
        };
    }

    static FlakeReference reference(FlakeSource source) {
        return new FlakeReference(source.ref());
    }

    static AttributePath toplevel(FlakeSource source) {
        return AttributePath.parse(source.attribute())
                .orElseThrow(() -> new IllegalStateException("nobody resolves such inputs: " + source.attribute()))
                .toplevel();
    }

    /** What {@code nix build} is given; only a revision that is acknowledged is built. */
    static String installable(FlakeSource source) {
        if (source.locked() == null) {
            throw new IllegalStateException("not resolved: " + source.ref());
        }
        return source.locked() + "#" + toplevel(source).fragment();
    }
}
