package dev.nixosoperator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.SwitchedOffGuardsIT.Guard;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link SwitchedOffGuardsIT} would find after an hour only. */
class SwitchedOffGuardsTest {
    @ParameterizedTest
    @MethodSource("dev.nixosoperator.SwitchedOffGuardsIT#guards")
    void standsOnce(Guard guard) throws IOException {
        assertThat(guard.source().split(Pattern.quote(guard.code()), -1))
                .as("%s must stand in %s once", guard.code(), guard.file())
                .hasSize(2);
    }
}
