package dev.nixosoperator.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
                Operations.of(context).builtFrom(),
                context.clock().instant().toString());
    }

    /**
     * Which of the markers on a machine's disks counts. One of this very operation, where it is finished: it can only
     * forbid a format. Then a foreign one, whatever else is there: it must never be overlooked. Then this operation's, an
     * installed one, the first.
     *
     * @param operation the one under way; null: none
     */
    static Optional<Marker> thatCounts(MachineId machine, @Nullable String operation, List<Marker> found) {
        Predicate<Marker> ours = marker -> marker.operation().equals(operation) && marker.names(machine);
        return Stream.<Predicate<Marker>>of(
                        ours.and(marker -> marker.state() != Marker.State.FORMAT_STARTED),
                        marker -> !marker.names(machine),
                        ours,
                        marker -> marker.state() == Marker.State.INSTALLED,
                        marker -> true)
                .flatMap(rank -> found.stream().filter(rank))
                .findFirst();
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
                && marker.toplevel() != null
                && marker.toplevel().equals(Operations.of(context).toplevel());
    }
}
