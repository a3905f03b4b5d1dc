package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked by annotation is compared with its echo in status: both must be the same, whatever it is. */
class RequestedTest {
    private final Fitting fitting = new Fitting(LenientJson.serialization());

    private static @Nullable String request(Map<String, String> annotations) {
        NixosMachine machine = new NixosMachine();
        machine.setMetadata(new ObjectMetaBuilder().withAnnotations(annotations).build());
        return Requested.by(machine).reconcileAt();
    }

    private static NixosMachineStatus echo(@Nullable String request) {
        return new NixosMachineStatus(
                1L, "Copy", null, request, List.of(), null, null, null, null, null, null, null, List.of(), List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-25T12:00:00Z",
                "a\u0000b\u001b[31m",
                "\u001b[0m",
                " ",
                "",
                "\ud800",
                "two\nlines\n",
                "tab\t"
            })
    void whatIsAskedIsWhatStatusHolds(String value) {
        for (String asked : List.of(value, value + "x".repeat(100_000))) {
            for (Map<String, String> annotations : List.of(
                    Map.of(Api.RECONCILE_REQUESTED_AT, asked),
                    Map.of(Api.RECONCILE_REQUESTED_AT, asked, Api.FLUX_REQUESTED_AT, asked))) {
                String request = request(annotations);
                NixosMachineStatus stored = fitting.fit(echo(request), NixosMachineStatus.class);
                assertThat(stored.lastHandledReconcileAt()).isEqualTo(request);
                assertThat(request).isNotEqualTo("");
            }
        }
    }

    @Test
    void aChangeOfEitherIsARequest() {
        String filler = "x".repeat(100_000);
        assertThat(request(Map.of(Api.RECONCILE_REQUESTED_AT, filler, Api.FLUX_REQUESTED_AT, "1")))
                .isNotEqualTo(request(Map.of(Api.RECONCILE_REQUESTED_AT, filler, Api.FLUX_REQUESTED_AT, "2")));
        assertThat(request(Map.of())).isNull();
    }
}
