package dev.nixosoperator.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import org.jspecify.annotations.Nullable;

/** The markers that this operation writes. The scripts look for {@code "key":"value"}: the JSON stays compact. */
final class Markers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Markers() {}

    static Marker of(StepContext context, Situation situation, @Nullable String layoutHash, Marker.State state) {
        String planHash = Operations.planHash(context);
        return new Marker(
                context.machine().uid(),
                context.machine().namespace(),
                context.machine().name(),
                Operations.of(context).id(),
                planHash == null ? "" : planHash,
                layoutHash,
                context.spec().install().reinstallToken(),
                situation.dmiUuid(),
                state,
                state == Marker.State.INSTALLED ? Operations.toplevel(context).toString() : null,
                context.clock().instant().toString());
    }

    static String json(Marker marker) {
        try {
            return JSON.writeValueAsString(marker);
        } catch (JsonProcessingException plainRecordsCanBeWritten) {
            throw new IllegalStateException(plainRecordsCanBeWritten);
        }
    }

    /** Whether it says that this operation installed the machine. */
    static boolean installed(@Nullable Marker marker, StepContext context) {
        return marker != null
                && marker.state() == Marker.State.INSTALLED
                && marker.operation().equals(Operations.of(context).id())
                && Operations.of(context).toplevel().equals(marker.toplevel());
    }
}
