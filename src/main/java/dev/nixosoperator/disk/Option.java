package dev.nixosoperator.disk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a node type, declared once: validation, defaults and the CRD's schema all read this.
 *
 * @param fallback value when the option is absent; null = no value
 * @param required absent is a finding
 * @param meaning one sentence for people, also the description in the CRD
 */
record Option<T>(String name, Kind<T> kind, @Nullable T fallback, boolean required, String meaning) {

    static <T> Option<T> required(String name, Kind<T> kind, String meaning) {
        return new Option<>(name, kind, null, true, meaning);
    }

    static <T> Option<T> optional(String name, Kind<T> kind, String meaning) {
        return new Option<>(name, kind, null, false, meaning);
    }

    static <T> Option<T> withDefault(String name, Kind<T> kind, T fallback, String meaning) {
        return new Option<>(name, kind, fallback, false, meaning);
    }

    /** Options that several types share. */
    static Option<List<String>> mountOptions() {
        return withDefault("mountOptions", Kind.list(Kinds.MOUNT_OPTION, 64), List.of("defaults"), "Mount options.");
    }
}
