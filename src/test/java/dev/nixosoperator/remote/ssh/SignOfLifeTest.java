package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.Endpoint;
import org.junit.jupiter.api.Test;

/** Whether a machine is up is asked of real sockets. */
class SignOfLifeTest {
    @Test
    void aMachineThatRefusesIsUp() {
        assertThat(SignOfLife.of(new Endpoint("127.0.0.1", 1, "root"))).isTrue();
    }

    /** A name that nobody has (RFC 6761). */
    @Test
    void nobodyIsSilent() {
        assertThat(SignOfLife.of(new Endpoint("machine.invalid", 22, "root"))).isFalse();
    }
}
