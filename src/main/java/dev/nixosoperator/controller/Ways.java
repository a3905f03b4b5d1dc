package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one gets into the systems of one machine. */
record Ways(Way initial, Way installer, Way installed) {
    private static final String KEY = "ssh-privatekey";
    private static final String PASSPHRASE = "passphrase";

    static Ways of(Connection connection, Reading reading) {
        Connection.Installer installer = connection.installer();
        Connection.Installed installed = connection.installed();
        return new Ways(
                way("spec.connection", connection, null, null, reading),
                installer == null
                        ? way("spec.connection", connection, null, null, reading)
                        : way(
                                "spec.connection.installer",
                                connection,
                                installer.credentialsSecretRef(),
                                installer.hostKeys(),
                                reading),
                installed == null
                        ? way("spec.connection", connection, null, null, reading)
                        : way(
                                "spec.connection.installed",
                                connection,
                                installed.credentialsSecretRef(),
                                installed.hostKeys(),
                                reading));
    }

    private static Way way(
            String field,
            Connection general,
            @Nullable LocalRef ownSecret,
            Connection.@Nullable HostKeys ownKeys,
            Reading reading) {
        LocalRef secret = ownSecret == null ? general.credentialsSecretRef() : ownSecret;
        Connection.HostKeys keys = ownKeys == null ? general.hostKeys() : ownKeys;
        return new Way(
                login(field + ".credentialsSecretRef", secret, reading),
                known(field + ".hostKeys.knownHosts", keys.knownHosts(), reading),
                keys.policy() == Connection.HostKeys.Policy.Strict);
    }

    private static Login login(String field, LocalRef ref, Reading reading) {
        Map<String, Secret> data = reading.secret(field, ref.name());
        Secret key = data.get(KEY);
        if (key == null || key.length() == 0) {
            reading.fail(
                    Reason.SecretInvalid,
                    "%s: Secret %s has no %s; it must hold a private key (kubernetes.io/ssh-auth)"
                            .formatted(field, ref.name(), KEY));
            return Login.of(Secret.of(""));
        }
        return new Login(key, data.get(PASSPHRASE));
    }

    private static Set<HostKey> known(String field, List<String> lines, Reading reading) {
        Set<HostKey> keys = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Optional<HostKey> key = HostKey.parse(line);
            if (key.isPresent()) {
                keys.add(key.get());
            } else if (!line.startsWith("#")) {
                reading.fail(
                        Reason.HostKeyMismatch,
                        "%s[%d] is no public host key; write it as ssh-keyscan prints it".formatted(field, i));
            }
        }
        return keys;
    }
}
