package dev.nixosoperator.controller;

import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A login as a Secret holds it. */
sealed interface Credentials {
    String KEY = "ssh-privatekey";
    String PASSPHRASE = "passphrase";
    String CERTIFICATE = "ssh-certificate";
    String PASSWORD = "password";

    record Complete(Login login) implements Credentials {}

    /** @param why for a person, to be read after the Secret's name */
    record Incomplete(String why) implements Credentials {}

    static Credentials of(Map<String, Secret> data) {
        Secret key = value(data, KEY);
        Secret certificate = value(data, CERTIFICATE);
        Secret password = value(data, PASSWORD);
        if (key == null && certificate != null) {
            return new Incomplete(
                    "has %s without %s; add the private key that it certifies".formatted(CERTIFICATE, KEY));
        }
        if (key == null && password == null) {
            return new Incomplete(
                    "has neither %s nor %s; it must hold a private key (kubernetes.io/ssh-auth) or a password"
                            .formatted(KEY, PASSWORD));
        }
        return new Complete(new Login(key, key == null ? null : value(data, PASSPHRASE), certificate, password));
    }

    private static @Nullable Secret value(Map<String, Secret> data, String key) {
        Secret value = data.get(key);
        return value == null || value.length() == 0 ? null : value;
    }
}
