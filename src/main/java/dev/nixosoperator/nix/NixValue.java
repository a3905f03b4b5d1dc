package dev.nixosoperator.nix;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Nix expression that is plain data. */
public sealed interface NixValue {
    /** Any text without NUL, which Nix cannot hold. */
    record Text(String value) implements NixValue {}

    record Int(long value) implements NixValue {}

    record Real(double value) implements NixValue {}

    record Bool(boolean value) implements NixValue {}

    record Null() implements NixValue {}

    record Items(List<NixValue> values) implements NixValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** Printed in the order of the names. */
    record Attrs(Map<String, NixValue> values) implements NixValue {
        public Attrs {
            values = Collections.unmodifiableMap(new TreeMap<>(values));
        }
    }

    /** Nix source text, indented by two blanks a level. */
    default String print() {
        return new NixPrinter().print(this, "");
    }
}
