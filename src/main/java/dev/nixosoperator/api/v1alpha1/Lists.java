package dev.nixosoperator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An absent list means an empty one, everywhere in the API. */
final class Lists {
    private Lists() {}

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
