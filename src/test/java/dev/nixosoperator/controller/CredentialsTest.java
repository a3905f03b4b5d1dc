package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a Secret must hold to be a login. */
class CredentialsTest {
    private static final Secret KEY = Secret.of("key");
    private static final Secret OTHER = Secret.of("other");

    @Test
    void aKeyWithAllThatBelongsToIt() {
        assertThat(login(Map.of("ssh-privatekey", KEY))).isEqualTo(Login.of(KEY));
        assertThat(login(Map.of("ssh-privatekey", KEY, "passphrase", OTHER)))
                .isEqualTo(Login.of(KEY).withPassphrase(OTHER));
        assertThat(login(Map.of("ssh-privatekey", KEY, "ssh-certificate", OTHER)))
                .isEqualTo(Login.of(KEY).withCertificate(OTHER));
        assertThat(login(Map.of("ssh-privatekey", KEY, "ssh-publickey", OTHER))).isEqualTo(Login.of(KEY));
    }

    @Test
    void aPasswordAloneOrBesideAKey() {
        assertThat(login(Map.of("password", OTHER))).isEqualTo(Login.ofPassword(OTHER));
        assertThat(login(Map.of("password", OTHER, "ssh-privatekey", KEY)))
                .isEqualTo(new Login(KEY, null, null, OTHER));
        assertThat(login(Map.of("password", OTHER, "ssh-privatekey", Secret.of(""))))
                .isEqualTo(Login.ofPassword(OTHER));
    }

    @Test
    void anythingElseIsNamed() {
        assertThat(problem(Map.of())).contains("neither ssh-privatekey nor password");
        assertThat(problem(Map.of("id_ed25519", KEY))).contains("neither ssh-privatekey nor password");
        assertThat(problem(Map.of("password", Secret.of("")))).contains("neither");
        assertThat(problem(Map.of("password", OTHER, "ssh-certificate", KEY)))
                .contains("ssh-certificate without ssh-privatekey");
    }

    private static Login login(Map<String, Secret> data) {
        Credentials credentials = Credentials.of(data);
        assertThat(credentials).isInstanceOf(Credentials.Complete.class);
        return ((Credentials.Complete) credentials).login();
    }

    private static String problem(Map<String, Secret> data) {
        Credentials credentials = Credentials.of(data);
        assertThat(credentials).isInstanceOf(Credentials.Incomplete.class);
        return ((Credentials.Incomplete) credentials).why();
    }
}
