package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SecretTest {
    @Test
    void doesNotShow() {
        Secret secret = Secret.of("hunter2");
        Login login = new Login(secret, secret, secret, secret);
        Command command = Command.of("cat").withStdin(Stdin.of(secret));
        assertThat(secret + " " + login + " " + command).doesNotContain("hunter2");
    }

    @Test
    void comparesAndWipes() {
        Secret secret = Secret.of("hunter2");
        assertThat(secret)
                .isEqualTo(Secret.of("hunter2".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(Secret.of("x"));
        assertThat(secret.utf8()).isEqualTo("hunter2");
        secret.bytes()[0] = 0;
        assertThat(secret.utf8()).isEqualTo("hunter2");
        secret.close();
        assertThat(secret.bytes()).containsOnly(0);
    }
}
